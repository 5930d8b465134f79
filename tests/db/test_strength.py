"""Proved or asserted: what is known of who used something, and how much of a person's usage rests on a laptop's word."""

from __future__ import annotations

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.directory import PersonRow, SourceAliases, person_by_email, upsert_people
from db.engine import Store
from db.identities import resolve, unattributed
from db.strength import UsageStrength, usage_strength
from db.tables import identities
from db.writer import LedgerWriter
from tests.builders import MONDAY_NOON, MONDAY_NOON_US, event, record, undone, usage

DAY_US = 86_400_000_000
TODAY = MONDAY_NOON.date()


def strength(store: Store) -> dict[tuple[str, str], bool]:
    """Whether each name that was seen is asserted."""
    query = select(identities.c.source, identities.c.external_id, identities.c.is_asserted)
    with store.read() as conn:
        return {(source, name): is_asserted for source, name, is_asserted in conn.execute(query)}


def hire(store: Store, *emails: str) -> dict[str, int]:
    rows = [PersonRow(email=email, aliases=(SourceAliases("otlp", (f"device of {email}",)),)) for email in emails]
    with store.write() as conn:
        upsert_people(conn, rows, MONDAY_NOON_US)
        return {email: person.id for email in emails if (person := person_by_email(conn, email))}


def test_a_name_is_as_strong_as_its_sender_was_proved(store: Store) -> None:
    with store.write() as conn:
        resolve(conn, [("litellm", "ada"), ("otlp", "ada")], 1, asserted=[("otlp", "ada")])
    assert strength(store) == {("litellm", "ada"): False, ("otlp", "ada"): True}


def test_once_asserted_is_always_asserted(store: Store) -> None:
    for asserted in ([], [("otlp", "ada")], []):
        with store.write() as conn:
            resolve(conn, [("otlp", "ada"), ("otlp", "ben")], 1, asserted)
    assert strength(store) == {("otlp", "ada"): True, ("otlp", "ben"): False}


async def test_the_writer_keeps_what_events_say_of_their_strength(store: Store) -> None:
    writer = LedgerWriter(store, ZoneInfo("UTC"), lambda: 1)
    writer.start()
    await writer.append([event(usage(), id="1", subject="ada"), event(usage(), id="2", subject="ben")])
    assert strength(store) == {("test", "ada"): False, ("test", "ben"): False}
    await writer.append([event(usage(), id="1", subject="ada", is_asserted=True)])  # known already: says nothing new
    assert strength(store) == {("test", "ada"): False, ("test", "ben"): False}
    await writer.append([event(usage(), id="3", subject="ada", is_asserted=True)])
    assert strength(store) == {("test", "ada"): True, ("test", "ben"): False}
    await writer.append([event(usage(), id="4", subject="cleo", is_asserted=True), event(usage(), id="5")])
    await writer.stop()
    assert strength(store)["test", "cleo"]


def test_nobodys_usage_is_listed_with_its_strength(store: Store) -> None:
    with store.write() as conn:
        record(conn, event(usage(), id="1", subject="a"), event(usage(), id="2", subject="b", is_asserted=True))
        assert {one.external_id: one.is_asserted for one in unattributed(conn, TODAY)} == {"a": False, "b": True}


def test_the_share_that_rests_on_assertion_alone_is_told_for_each_person(store: Store) -> None:
    ids = hire(store, "ada@acme.test", "ben@acme.test", "cleo@acme.test")
    ada, ben, cleo = ids.values()
    with store.write() as conn:
        record(
            conn,
            event(usage(), id="1", source="litellm"),
            event(usage(cost_nanousd=3_000_000), id="2", source="otlp", is_asserted=True),
            event(usage(cost_nanousd=None), id="3", source="otlp", subject="device of ada@acme.test", is_asserted=True),
            event(usage(), id="4", source="otlp", subject="ben@acme.test", is_asserted=True),
            event(usage(), id="5", source="otlp", time_us=MONDAY_NOON_US - DAY_US, is_asserted=True),
            event(usage(), id="6", source="otlp", subject="nobody", is_asserted=True),
        )
        found = usage_strength(conn, [ada, ben, cleo], [TODAY])
        earlier = usage_strength(conn, [ada], [TODAY, TODAY - timedelta(days=1)])[ada]
    assert found == {
        ada: UsageStrength(3, 330, 4_000_000, 2, 220, 3_000_000),
        ben: UsageStrength(1, 110, 1_000_000, 1, 110, 1_000_000),
        cleo: UsageStrength(),
    }
    assert found[ada].asserted_share_of_tokens == pytest.approx(2 / 3)
    assert found[ada].asserted_share_of_cost == pytest.approx(3 / 4)
    assert [found[one].is_asserted_alone for one in (ada, ben, cleo)] == [False, True, False]
    assert (found[cleo].asserted_share_of_tokens, found[cleo].asserted_share_of_cost) == (0.0, 0.0)
    assert (earlier.calls, earlier.asserted_calls) == (4, 3)


@given(
    calls=st.lists(
        st.tuples(st.sampled_from(["proved", "asserted", "mixed"]), st.booleans(), st.integers(0, 1000)), max_size=12
    ),
    shuffle=st.randoms(use_true_random=False),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_usage_counts_as_proved_only_under_names_that_nobody_ever_asserted(
    store: Store, calls: list[tuple[str, bool, int]], shuffle: random.Random
) -> None:
    events = []
    for number, (source, is_asserted, tokens) in enumerate(calls):
        fact = usage(tokens=usage().tokens.__class__(input=tokens))
        is_weak = source == "asserted" or (source == "mixed" and is_asserted)
        events.append(event(fact, id=str(number), source=source, is_asserted=is_weak))
    weak = {one.source for one in events if one.is_asserted}
    shuffle.shuffle(events)
    with undone(store) as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test")], 1)
        ada = person_by_email(conn, "ada@acme.test")
        assert ada is not None
        for one in events:
            record(conn, one)
        found = usage_strength(conn, [ada.id], [TODAY])[ada.id]
        assert found.tokens == sum(tokens for _, _, tokens in calls)
        assert found.asserted_tokens == sum(tokens for source, _, tokens in calls if source in weak)
