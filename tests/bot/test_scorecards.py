"""The cards of one person, read alone, are those that reading the whole company gives."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.scoreboard import evidence_in
from bot.scorecards import scorecards_at
from db.directory import DirectoryPerson, PersonRow, SourceAliases, everyone, upsert_people
from db.engine import Store
from db.flags import append_decision
from scoring.boards import window_of
from scoring.days_off import days_off
from scoring.events import Contribution, Fact, Lane, Policy, Training
from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags.decisions import Decision, flag_id
from scoring.program import Program
from scoring.scorecards.card import Scorecard
from scoring.scorecards.efficiency import business_efficiency
from scoring.scorecards.facts import Facts
from scoring.scorecards.learning import learning_velocity
from scoring.window import Window, local_day
from tests.builders import MONDAY_NOON_US, event, outcome, record, undone, usage

DAY_US = 86_400_000_000
PROGRAM = Program.model_validate(
    {
        "tiers": [{"name": "basic", "lanes": ["exploration"]}],
        "boards": {"outcome": {"window": "7d", "baseline": "7d"}},
        "flags": {"reviewers": 1},
    }
)
PEOPLE = (
    PersonRow(email="ada@acme.test", team="red", manager_email="bo@acme.test", aliases=(SourceAliases("s", ("ada",)),)),
    PersonRow(email="bo@acme.test", team="red", tier="basic", region="DE", manager_email="cy@acme.test"),
    PersonRow(email="cy@acme.test", team="blue"),
    PersonRow(email="di@acme.test", team="green", manager_email="nobody@acme.test"),
    PersonRow(email="gone@acme.test", team="blue", is_active=False),
)
SUBJECTS = [*(one.email for one in PEOPLE), "ada", "stranger"]
ASSETS = st.sampled_from(["a", "b", "c"])
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(
        usage, lane=st.sampled_from(Lane), is_error=st.booleans(), cost_nanousd=st.none() | st.integers(0, 10**9)
    ),
    st.builds(outcome, is_accepted=st.booleans(), quality=st.none() | st.floats(0, 1), task=st.none() | st.just("T")),
    st.builds(outcome, reverses=st.integers(0, 30).map(str)),
    st.builds(Contribution, action=st.sampled_from(["shared", "reviewed", "reused"]), asset=ASSETS),
    st.builds(Policy, kind=st.sampled_from(["violation", "milestone"]), name=st.just("p"), severity=st.just("low")),
    st.builds(Training, module=st.just("m"), action=st.just("completed")),
)
TOLD = st.tuples(FACTS, st.sampled_from(SUBJECTS), st.integers(-22 * 8, 2).map(lambda part: part * DAY_US // 8))


def of_the_company(conn: Connection, person: DirectoryPerson, confirmed: tuple[Flag, ...]) -> tuple[Scorecard, ...]:
    def facts(window: Window) -> Facts:
        evidence = msgspec.structs.replace(evidence_in(conn, window, PROGRAM), flags=confirmed)
        off = days_off(window.days, PROGRAM.holidays.calendar_of(person.region))
        return Facts(evidence, person.id, PROGRAM, off)

    window = window_of("outcome", MONDAY_NOON_US, PROGRAM)
    now, before = facts(window), facts(window_of("outcome", window.start_us, PROGRAM))
    return learning_velocity(now, before), business_efficiency(now, before)


def flagged(person_id: int, time_us: int) -> Flag:
    day = local_day(time_us, PROGRAM.zone)
    return Flag(person_id, FlagKind.USAGE_SPIKE, time_us, time_us, {}, "Odd.", days=(day,))


@given(told=st.lists(TOLD, max_size=30), spoilt=st.none() | st.integers(1, 10), whose=st.integers(0, 3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_card_read_alone_is_the_card_that_the_whole_company_gives(
    store: Store, told: list[tuple[Fact, str, int]], spoilt: int | None, whose: int
) -> None:
    batch = [
        event(fact, id=str(number), source="s", subject=subject, time_us=MONDAY_NOON_US + shift_us)
        for number, (fact, subject, shift_us) in enumerate(told)
    ]
    with undone(store) as conn:
        upsert_people(conn, PEOPLE, now_us=1)
        record(conn, *batch)
        people = [one for one in everyone(conn) if one.is_active]
        flags = () if spoilt is None else (flagged(people[whose].id, MONDAY_NOON_US - spoilt * DAY_US),)
        for flag in flags:
            decision = Decision(flag_id(flag), flag, FlagState.CONFIRMED, "1", "Looped.", MONDAY_NOON_US - 1)
            append_decision(conn, decision)
        confirmed = tuple(msgspec.structs.replace(flag, state=FlagState.CONFIRMED) for flag in flags)
        person = people[whose]
        assert scorecards_at(conn, person, MONDAY_NOON_US, PROGRAM) == of_the_company(conn, person, confirmed)


@pytest.mark.parametrize("reverser", ["bo@acme.test", "cy@acme.test"])
def test_what_a_colleague_took_back_is_no_accepted_task(store: Store, reverser: str) -> None:
    with store.write() as conn:
        upsert_people(conn, PEOPLE, now_us=1)
        record(
            conn,
            event(outcome(), id="pr", source="s", subject="ada", time_us=MONDAY_NOON_US - 2 * DAY_US),
            event(outcome(reverses="pr"), id="re", source="s", subject=reverser, time_us=MONDAY_NOON_US - DAY_US),
        )
        ada = next(one for one in everyone(conn) if one.email == "ada@acme.test")
        _, business = scorecards_at(conn, ada, MONDAY_NOON_US, PROGRAM)
    assert next(one.text for one in business.figures if one.name == "acceptance") == "0 of 1 task accepted."
