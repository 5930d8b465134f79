"""Flags from the ledger: the same for ever; withholding while open, for good where confirmed, gone where dismissed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.faults import Fault
from bot.flagging import decide, flags_at, named_flags_at
from bot.jobs.flags import FLAGS
from bot.jobs.runner import run_by_hand
from bot.scoreboard import evidence_at, standings_at, standings_before, standings_of_all
from db.directory import everyone
from db.engine import Store
from db.flags import ids_known
from db.trail import Action, trail_rows
from scoring.events import Contribution
from scoring.flag import Flag, FlagKind, FlagState
from scoring.program import Boards, Flags, Program, RawBoard
from scoring.standings import Standings
from tests.bot.jobs.company import email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage

DAY_US = 24 * 3_600_000_000
AT_US = MONDAY_NOON_US
PROGRAM = Program()
TWO = Program(flags=Flags(reviewers=2))


def loop(store: Store, days_ago: int, count: int = 30, name: str = "Ada") -> None:
    """The same prompt ``count`` times within half an hour."""
    when_us = AT_US - days_ago * DAY_US - 3_600_000_000
    with store.write() as conn:
        calls = (
            event(usage(prompt_hash="p"), f"{name}-{days_ago}-{number}", subject=email(name), time_us=when_us + number)
            for number in range(count)
        )
        record(conn, *calls)


@pytest.fixture
def company(store: Store) -> Store:
    """Twelve people at work; Ada looped on two days."""
    hire(store)
    work_everybody(store)
    loop(store, 3)
    loop(store, 2)
    return store


def seen(store: Store, at_us: int = AT_US, program: Program = PROGRAM) -> dict[str, Flag]:
    with store.read() as conn:
        return named_flags_at(conn, at_us, program).every


def the_flag(store: Store, at_us: int = AT_US, program: Program = PROGRAM) -> tuple[str, Flag]:
    ((id, flag),) = seen(store, at_us, program).items()
    return id, flag


def say(
    store: Store, verdict: FlagState, by: str = "Bea", now_us: int = AT_US, program: Program = PROGRAM
) -> FlagState:
    id = next(iter(seen(store, now_us, program)))
    return decide(store, id, verdict, by=email(by), reason="looked", program=program, now_us=now_us)


def place(store: Store, at_us: int = AT_US) -> str:
    """``ranked``, or why not."""
    with store.read() as conn:
        ada = next(one.id for one in everyone(conn) if one.email == email("Ada"))
        found = standings_at(conn, "outcome", at_us, PROGRAM, "v1")
    reasons = {one.person_id: str(one.reason) for one in found.withheld}
    return reasons.get(ada, "ranked")


def test_an_open_flag_withholds_recognition_and_names_its_evidence(company: Store) -> None:
    id, flag = the_flag(company)
    assert (flag.kind, flag.state, len(id)) == (FlagKind.PROMPT_LOOP, FlagState.OPEN, 8)
    assert flag.evidence["repeats"] == 60
    assert place(company) == "quarantined"


def test_the_past_is_as_it_was_before_the_second_day_and_before_the_decision(company: Store) -> None:
    say(company, FlagState.DISMISSED, now_us=AT_US)
    assert seen(company, AT_US - 2 * DAY_US - 3_600_000_000) == {}
    assert the_flag(company, AT_US)[1].state is FlagState.OPEN
    assert place(company, AT_US) == "quarantined"
    assert the_flag(company, AT_US + 1)[1].state is FlagState.DISMISSED


@pytest.mark.parametrize(("shared_days_ago", "is_ring"), [(60, True), (100, False)])
def test_what_boards_read_of_the_ledger_already_shows_the_same_flags(
    store: Store, shared_days_ago: int, is_ring: bool
) -> None:
    """Boards look further back than flags do: what lies between is none of the flags' business."""
    hire(store)
    pair = [("Ada", "Bea"), ("Bea", "Ada")]
    with store.write() as conn:
        for author, reviewer in pair:
            for number in range(PROGRAM.flags.mutual_reviews):
                asset = f"{author}-{number}"
                for action, who, days_ago in (("shared", author, shared_days_ago), ("reviewed", reviewer, 3)):
                    fact = Contribution(action, asset, "tool" if action == "shared" else None)
                    when_us = AT_US - days_ago * DAY_US + number
                    record(conn, event(fact, f"{asset}-{action}", subject=email(who), time_us=when_us))
    with store.read() as conn:
        read = evidence_at(conn, "outcome", AT_US, PROGRAM)
        found = flags_at(conn, AT_US, PROGRAM)
        assert flags_at(conn, AT_US, PROGRAM, happened=read) == found
    assert len(read.happenings) == 4 * PROGRAM.flags.mutual_reviews
    assert {one.kind for one in found} == ({FlagKind.REVIEW_RING} if is_ring else set())


def test_dismissed_restores_what_was_due_and_does_not_fire_again(company: Store) -> None:
    say(company, FlagState.DISMISSED)
    assert place(company, AT_US + 1) == "ranked"
    with company.read() as conn:
        assert flags_at(conn, AT_US + 1, PROGRAM) == ()


def test_a_dismissed_pattern_fires_again_with_something_new_and_stronger_alone(company: Store) -> None:
    say(company, FlagState.DISMISSED)
    loop(company, 1)
    assert {flag.state for flag in seen(company, AT_US + 1).values()} == {FlagState.DISMISSED}
    loop(company, 0, count=90)
    after = list(seen(company, AT_US + 1).values())
    assert [flag.state for flag in after] == [FlagState.DISMISSED, FlagState.OPEN]
    assert set(after[0].days).isdisjoint(after[1].days)


def test_confirmed_stays_on_its_days_for_good_and_lets_its_person_back(company: Store) -> None:
    say(company, FlagState.CONFIRMED)
    days = the_flag(company, AT_US + 1)[1].days
    assert place(company, AT_US + 1) == "ranked"
    for later_us in (AT_US + 1, AT_US + 200 * DAY_US):
        with company.read() as conn:
            (flag,) = flags_at(conn, later_us, PROGRAM)
        assert (flag.state, flag.days) == (FlagState.CONFIRMED, days)


def test_two_people_must_confirm_where_the_program_says_so(company: Store) -> None:
    assert say(company, FlagState.CONFIRMED, "Bea", program=TWO) is FlagState.OPEN
    assert say(company, FlagState.CONFIRMED, "Bea", AT_US + 1, TWO) is FlagState.OPEN
    assert say(company, FlagState.CONFIRMED, "Cem", AT_US + 2, TWO) is FlagState.CONFIRMED


def test_a_decision_can_be_put_right(company: Store) -> None:
    say(company, FlagState.CONFIRMED)
    assert say(company, FlagState.DISMISSED, now_us=AT_US + 1) is FlagState.DISMISSED
    assert place(company, AT_US + 2) == "ranked"


def test_an_open_flag_lapses_when_its_days_have_left_the_window(company: Store) -> None:
    assert len(seen(company, AT_US + 24 * DAY_US)) == 1
    assert seen(company, AT_US + 27 * DAY_US) == {}


def test_a_flag_keeps_its_id_while_it_goes_on(company: Store) -> None:
    loop(company, -20)
    loop(company, -21)
    first, _ = the_flag(company)
    assert the_flag(company, AT_US + 26 * DAY_US)[0] != first


async def test_the_daily_job_keeps_what_it_found_and_with_it_the_id(company: Store) -> None:
    loop(company, -20)
    loop(company, -21)
    first, _ = the_flag(company)
    for at_us in (AT_US, AT_US, AT_US + 22 * DAY_US):
        await run_by_hand(FLAGS, job_context(company, PROGRAM, now_us=at_us), at_us)
    assert the_flag(company, AT_US + 26 * DAY_US)[0] == first
    with company.read() as conn:
        assert list(ids_known(conn, AT_US, 0)) == [first]
        assert ids_known(conn, AT_US - DAY_US, 0) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "nothing"}, "there is no flag"),
        ({"by": "ghost@acme.test"}, "nobody in the directory"),
        ({"by": "ada@acme.test"}, "of their own"),
        ({"reason": " "}, "needs a reason"),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why(company: Store, changes: dict[str, Any], said: str) -> None:
    id, _ = the_flag(company)
    asked = {"id": id, "by": email("Bea"), "reason": "looked", **changes}
    with pytest.raises(Fault, match=said):
        decide(company, asked.pop("id"), FlagState.CONFIRMED, program=PROGRAM, now_us=AT_US, **asked)
    assert the_flag(company, AT_US + 1)[1].state is FlagState.OPEN


def test_decisions_are_in_the_audit_trail_with_who_and_why(company: Store) -> None:
    say(company, FlagState.CONFIRMED)
    with company.read() as conn:
        rows = [one for one in trail_rows(conn) if one.action == Action.FLAG_CONFIRMED]
    assert [(one.at_us, one.reason) for one in rows] == [(AT_US, "looked")]
    assert rows[0].actor != rows[0].about


def window_before(store: Store, board: str, at_us: int, program: Program = PROGRAM) -> Standings:
    """What "most improved" compares with at ``at_us``."""
    with store.read() as conn:
        now = standings_of_all(conn, [board], at_us, program, "v1")
        (earlier,) = standings_before(conn, now, program, "v1", at_us)
    return earlier


def test_what_was_confirmed_later_is_out_of_the_window_before_too(store: Store) -> None:
    with_raw = Program(boards=Boards(raw=RawBoard(on=True)))
    hire(store)
    work_everybody(store)
    loop(store, 1)
    loop(store, 0)  # the month of the raw board began in between

    def tokens(at_us: int) -> dict[int | None, float | None]:
        found = window_before(store, "raw", at_us, with_raw)
        return {entry.person_id: entry.components[0].value for entry in found.entries}

    undecided = tokens(AT_US)
    say(store, FlagState.CONFIRMED)
    with store.read() as conn:
        ada = next(one.id for one in everyone(conn) if one.email == email("Ada"))
    assert tokens(AT_US) == undecided
    after = tokens(AT_US + 1)
    assert (after[ada] or 0) < (undecided[ada] or 0)
    assert {**after, ada: 0} == {**undecided, ada: 0}


def test_who_was_suspected_for_nothing_has_a_window_before_to_be_compared_with(store: Store) -> None:
    hire(store)
    work_everybody(store)
    work_everybody(store, AT_US - 28 * DAY_US)
    loop(store, 31)
    loop(store, 30)

    def withheld(at_us: int) -> list[str]:
        return [str(one.reason) for one in window_before(store, "outcome", at_us).withheld]

    assert withheld(AT_US) == ["quarantined"]
    decided_us = AT_US - 20 * DAY_US
    id = next(iter(seen(store, decided_us)))
    decide(store, id, FlagState.DISMISSED, by=email("Bea"), reason="a test", program=PROGRAM, now_us=decided_us)
    assert withheld(AT_US) == []
