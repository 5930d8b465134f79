"""Erasing a person: the name is nowhere any more, the totals are what they were, and the trail is whole."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Text, func, select

from db.directory import PersonRow, person_by_email, upsert_people
from db.disputes import every_dispute
from db.engine import Store
from db.erasure import Erasure, erase
from db.exceptions import exceptions_in_force, request_of
from db.hand_links import HandLinkError, link_by_hand
from db.identities import attribution_shares, unattributed
from db.ingest_tokens import live_token
from db.programs import program_at
from db.rebuild import rebuild
from db.standings import standing_of
from db.tables import (
    activity_days,
    budget_exceptions,
    events,
    exception_steps,
    identities,
    metadata,
    outbox,
    people,
    usage_days,
)
from db.trail import COMMAND_LINE, person, trail_rows
from db.trail_check import check_trail
from db.writer import LedgerWriter
from scoring.disputes import DisputeState
from scoring.program_file import parse_program
from tests.builders import MONDAY_NOON_US, event, record, usage
from tests.db.traces import ADA, TRACES, id_of, leave_traces

_TOTALS = {
    events: (
        events.c.type,
        events.c.lane,
        events.c.model,
        events.c.tokens_input,
        events.c.cost_nanousd,
        events.c.time_us,
    ),
    usage_days: tuple(usage_days.c),
    activity_days: tuple(activity_days.c),
}


@pytest.fixture
def company(store: Store) -> Store:
    with store.write() as conn:
        leave_traces(conn)
    return store


def forget(conn: Connection, email: str = ADA, reason: str = "Ada Lovelace asked us to.") -> Erasure:
    return erase(conn, email, actor=COMMAND_LINE, now_us=MONDAY_NOON_US, reason=reason)


def texts(conn: Connection) -> dict[str, set[str]]:
    """All that stands in any text column of any table, in lower case."""
    return {
        f"{table.name}.{column.name}": {text.lower() for text in conn.scalars(select(column)) if text is not None}
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
    }


def found(conn: Connection) -> dict[str, list[str]]:
    """Which of Ada's names stand where."""
    said = texts(conn)
    where = {trace: [place for place in said if any(trace.lower() in text for text in said[place])] for trace in TRACES}
    return {trace: places for trace, places in where.items() if places}


def totals(conn: Connection) -> list[list[tuple[Any, ...]]]:
    return [sorted(map(repr, conn.execute(select(*columns)))) for columns in _TOTALS.values()]  # type: ignore[misc]


def test_the_name_is_found_nowhere(company: Store) -> None:
    with company.write() as conn:
        assert set(found(conn)) == set(TRACES)
        forget(conn)
        assert found(conn) == {}


def test_totals_stay_and_are_still_what_the_events_say(company: Store) -> None:
    with company.write() as conn:
        before = totals(conn)
        forget(conn)
        assert totals(conn) == before
        assert rebuild(conn).changed == 0


def test_the_trail_is_whole_and_tells_of_it_without_the_name(company: Store) -> None:
    with company.write() as conn:
        ada, ben = id_of(conn, ADA), id_of(conn, "ben@acme.test")
        forget(conn)
        *_, last = trail_rows(conn)
        assert (last.action, last.actor, last.about) == ("erased", COMMAND_LINE, person(ada))
        assert last.reason is not None
        assert last.reason.startswith("erased-")
        assert last.reason.endswith(" asked us to.")
        assert [row.reason for row in trail_rows(conn, about=person(ben)) if row.action == "badge_revoked"] == [
            None,
            None,
            "Something else.",
        ]
    with company.read() as conn:
        assert check_trail(conn).fault == ""


def test_of_the_person_no_row_stays_and_of_others_all_but_the_name(company: Store) -> None:
    with company.write() as conn:
        ada, ben = id_of(conn, ADA), id_of(conn, "ben@acme.test")
        done = forget(conn)
        for table in metadata.sorted_tables:
            if "person_id" in table.c and table not in (budget_exceptions, exception_steps):
                assert conn.scalar(select(func.count()).where(table.c.person_id == ada)) == 0, table.name
        assert standing_of(conn, "outcome", str(ben)) is not None
        assert live_token(conn, "tok-of-ada") is None
        left = person_by_email(conn, "ben@acme.test")
        assert left is not None
        assert (left.name, left.slack_id, left.manager_email) == ("Ben Lovelace", "UBEN", "")
        recorded = program_at(conn, 1)
        assert recorded is not None
        assert "ben@acme.test" in parse_program(recorded.content).cohort.people
    assert (done.was_in_directory, done.names, done.messages) == (True, 6, 3)


def test_what_they_disputed_goes_and_what_they_answered_stays_answered(company: Store) -> None:
    with company.write() as conn:
        ada, ben = id_of(conn, ADA), id_of(conn, "ben@acme.test")
        forget(conn)
        (bens,) = every_dispute(conn)
    assert (bens.person_id, bens.state, bens.last.by_id) == (ben, DisputeState.UPHELD, ada)
    assert bens.last.note.startswith("erased-")
    assert bens.evidence[0].endswith(" made 900 calls.")


def test_what_was_granted_stays_without_the_words(company: Store) -> None:
    with company.write() as conn:
        before = exceptions_in_force(conn, 3)
        forget(conn)
        assert exceptions_in_force(conn, 3) == before
        assert [request.why for request in map(partial(request_of, conn), (1, 2, 3)) if request] == [
            "",
            "",
            "Ben needs it.",
        ]
        assert set(conn.scalars(select(exception_steps.c.note))) == {""}


def test_it_is_said_of_every_table_what_becomes_of_a_persons_rows() -> None:
    """For whoever adds a table: rows with a ``person_id`` or ``slack_id`` go. Is that right, or does anything rest on them?"""
    of_people = {table.name for table in metadata.sorted_tables if {"person_id", "slack_id"} & set(table.c.keys())}
    go = {"badge_awards", "badge_progress", "band_changes", "flag_decisions", "flags", "ingest_tokens", "people"}
    go |= {"slack_accounts", "standings", "teacher_answers", "disputes", "dispute_steps", "score_weeks"}
    assert of_people == go | {"budget_exceptions", "exception_steps", "identities"}


def test_nothing_more_is_said_to_the_person_and_what_was_said_is_emptied(company: Store) -> None:
    with company.write() as conn:
        forget(conn)
        left = conn.execute(select(outbox.c.dedupe_key, outbox.c.state, outbox.c.message).order_by(outbox.c.id)).all()
    assert [(key, state) for key, state, _ in left] == [("welcome/1", "sent"), ("digest", "queued")]
    assert left[0].message == '{"text":"","blocks":[]}'
    assert "then Ben Lovelace" in left[1].message


def test_what_was_somebodys_is_no_strangers_now(company: Store) -> None:
    with company.write() as conn:
        forget(conn)
        assert [one.external_id for one in unattributed(conn, date(2026, 1, 1))] == ["nobody-knows"]
        shares = {one.source: (one.events, one.attributed_events) for one in attribution_shares(conn, date(2026, 1, 1))}
        assert shares["litellm"] == (2, 1)
        nameless = conn.scalars(select(identities.c.external_id).where(identities.c.linked_by == "erased")).all()
        with pytest.raises(HandLinkError, match="erased"):
            link_by_hand(conn, ("github", nameless[0]), id_of(conn, "ben@acme.test"), actor=COMMAND_LINE, now_us=1)


def test_a_second_time_changes_nothing(company: Store) -> None:
    with company.write() as conn:
        forget(conn)
        before = texts(conn)
        assert forget(conn).is_empty
        assert texts(conn) == before


def test_an_address_that_nobody_has_erases_nobody(company: Store) -> None:
    with company.write() as conn:
        before = texts(conn)
        assert forget(conn, "lovelace@acme.test").is_empty  # the end of Ada's address, and not hers
        assert texts(conn) == before


def test_what_comes_later_under_the_name_is_a_strangers_and_can_be_erased_too(company: Store) -> None:
    with company.write() as conn:
        forget(conn)
        record(conn, event(usage(), id="new", source="litellm", subject=ADA))
        names = [one.external_id for one in unattributed(conn, date(2026, 1, 1))]
        assert sorted(names) == [ADA, "nobody-knows"]
        assert forget(conn, reason="").names == 1
        assert found(conn) == {}


def test_whoever_comes_back_is_somebody_new(company: Store) -> None:
    with company.write() as conn:
        ada = id_of(conn, ADA)
        forget(conn)
        upsert_people(conn, [PersonRow("cleo@acme.test"), PersonRow(ADA)], MONDAY_NOON_US)
        record(conn, event(usage(), id="new", source="litellm", subject=ADA))
        assert id_of(conn, "cleo@acme.test") != ada  # not even where hers was the last number given
        again = id_of(conn, ADA)
        assert again != ada
        theirs = select(func.count()).where(identities.c.person_id == again)
        assert conn.scalar(theirs) == 1


async def test_a_running_server_knows_the_name_no_longer_than_ten_minutes(store: Store) -> None:
    now_us = MONDAY_NOON_US
    writer = LedgerWriter(store, ZoneInfo("UTC"), lambda: now_us)
    writer.start()
    try:
        await writer.append([event(usage(), id="1", subject=ADA)])
        with store.write() as conn:
            upsert_people(conn, [PersonRow(ADA)], 1)
            forget(conn)
        await writer.append([event(usage(), id="2", subject=ADA)])
        with store.read() as conn:
            assert ADA not in conn.scalars(select(identities.c.external_id)).all()
        now_us += 600_000_001
        await writer.append([event(usage(), id="3", subject=ADA)])
        with store.read() as conn:
            assert [one.external_id for one in unattributed(conn, date(2026, 1, 1))] == [ADA]
    finally:
        await writer.stop()


def test_a_common_name_takes_nothing_from_those_who_share_a_part_of_it(store: Store) -> None:
    with store.write() as conn:
        upsert_people(conn, [PersonRow("an@acme.test", name="An"), PersonRow("x.an@acme.test", name="An Other")], 1)
        record(conn, event(usage(), id="1", subject="x.an@acme.test"), event(usage(), id="2", subject="an@acme.test"))
        forget(conn, "an@acme.test", "")
        assert conn.scalars(select(people.c.name)).all() == ["An Other"]
        other = select(identities.c.external_id).where(identities.c.person_id.is_not(None))
        assert conn.scalars(other).all() == ["x.an@acme.test"]
