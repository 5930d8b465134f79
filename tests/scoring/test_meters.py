"""Meters: which ceilings there are, whose use each counts, and what it shows once all is added up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from scoring.events import Lane
from scoring.members import Roster, roster_of
from scoring.program import Budget, Program
from scoring.spending import Meter, Spending, add_up, meters_of, use_case_meters
from scoring.usage import UsageDay, day_usage
from tests.scoring.bands.people import TODAY, member, roster, used

PERSON = Budget(name="each", tokens=10)
ADA = Budget(name="ada", who=("p1@*",), period="week", tokens=10)
TEAM = Budget(name="teams", scope="team", tokens=10)
RED = Budget(name="red", scope="team", who=("red",), tokens=20)
TIER = Budget(name="trusted", scope="tier", who=("trusted",), period="day", tokens=10)
AGENTS = Budget(name="agents", scope="use_case", who=("agent*",), tokens=10)
AGENT_WEEK = Budget(name="week", scope="use_case", who=("agents",), period="week", tokens=10)

PROGRAM = Program(budgets=(PERSON, ADA, TEAM, RED, TIER, AGENTS, AGENT_WEEK))
PEOPLE = roster_of(
    [
        member(1, PROGRAM, "trusted", team="red"),
        member(2, PROGRAM, "standard", team="blue"),
        member(3, PROGRAM, team=""),
    ]
)
LAST = date(2026, 6, 30)


def said(meter: Meter) -> tuple[str, date, date, list[int], tuple[str, ...] | None, int]:
    budget = meter.budget.name
    return budget, meter.first_day, meter.last_day, meter.subject_of.tolist(), meter.subjects, meter.subject_count


def test_every_ceiling_that_holds_for_somebody_has_a_meter() -> None:
    sunday = TODAY + timedelta(days=6)
    assert [said(one) for one in meters_of(PROGRAM, PEOPLE, TODAY)] == [
        ("each", TODAY, LAST, [0, 1, 2], None, 3),
        ("ada", TODAY, sunday, [0, -1, -1], None, 3),
        ("teams", TODAY, LAST, [-1, 0, -1], ("blue",), 1),
        ("red", TODAY, LAST, [0, -1, -1], ("red",), 1),
        ("trusted", TODAY, TODAY, [0, -1, -1], ("trusted",), 1),
    ]


def test_each_use_case_has_the_meters_of_its_ceilings() -> None:
    found = use_case_meters(PROGRAM, PEOPLE, TODAY, ["agents", "research", "", "agent-two", "agents"])
    assert {name: [said(one) for one in meters] for name, meters in found.items()} == {
        "agent-two": [("agents", TODAY, LAST, [0, 0, 0], ("agent-two",), 1)],
        "agents": [
            ("agents", TODAY, LAST, [0, 0, 0], ("agents",), 1),
            ("week", TODAY, TODAY + timedelta(days=6), [0, 0, 0], ("agents",), 1),
        ],
    }


def test_use_of_no_case_is_none() -> None:
    program = Program(budgets=(Budget(name="all", scope="use_case", tokens=10),))
    assert list(use_case_meters(program, PEOPLE, TODAY, ["", "notes"])) == ["notes"]


def shown(meter: Meter, people: Roster, usage: Iterable[UsageDay], today: date) -> dict[str, list[int]]:
    (found,) = add_up([day_usage(usage)], people, [meter], today)
    return {name: getattr(found, name).tolist() for name in (*Spending.__struct_fields__[1:], "spent")}


WEDNESDAY = TODAY + timedelta(days=2)


def usage() -> list[UsageDay]:
    def on(day: int, person_id: int, amount: int, **changes: object) -> UsageDay:
        figures = {"cost_nanousd": amount, "tokens": 2 * amount, "unpriced_tokens": 3 * amount, "calls": 5 * amount}
        return used(person_id, TODAY + timedelta(days=day), **figures, **changes)

    return [
        on(-1, 1, 10**7),  # before the period
        on(29, 1, 1),  # its last day
        on(30, 1, 10**7),  # after the period
        on(0, 1, 10),
        on(0, 2, 700),
        on(1, 1, 20),
        on(1, 2, 600),
        on(2, 1, 100, lane=Lane.EXPLORATION),
        on(2, 2, 1000),
        on(2, 1, 3, is_asserted=True),
        on(1, 2, 4, is_asserted=True),
        on(1, 0, 50_000),  # nobody's
        on(1, 0, 60_000, is_asserted=True),
    ]


def test_a_persons_meter_shows_their_own_use() -> None:
    program = Program(budgets=(Budget(name="each", dollars=1),))
    people = roster(program, 2)
    (meter,) = meters_of(program, people, WEDNESDAY)
    assert shown(meter, people, usage(), WEDNESDAY) == {
        "before_today": [30, 1300],
        "today": [101, 1000],
        "busiest_day": [20, 700],
        "not_counted": [3, 4],
        "unpriced_tokens": [3 * 131, 3 * 2300],
        "calls": [5 * 131, 5 * 2300],
        "own": [131, 2300],
        "own_calls": [5 * 131, 5 * 2300],
        "spent": [131, 2300],
    }


def test_a_team_meter_shows_the_sum_in_its_unit_and_each_members_part() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", tokens=1, lane="production"),))
    people = roster(program, 2)
    (meter,) = meters_of(program, people, WEDNESDAY)
    assert shown(meter, people, usage(), WEDNESDAY) == {
        "before_today": [2 * 1330],
        "today": [2 * 1001],
        "busiest_day": [2 * 710],
        "not_counted": [2 * 7],
        "unpriced_tokens": [3 * 2331],
        "calls": [5 * 2331],
        "own": [2 * 31, 2 * 2300],
        "own_calls": [5 * 31, 5 * 2300],
        "spent": [2 * 2331],
    }


def test_a_use_case_meter_shows_nobodys_use_too() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", dollars=1),))
    people = roster(program, 2)
    (meter,) = use_case_meters(program, people, WEDNESDAY, ["agents"])["agents"]
    assert shown(meter, people, usage(), WEDNESDAY) == {
        "before_today": [51_330],
        "today": [1101],
        "busiest_day": [50_620],
        "not_counted": [60_007],
        "unpriced_tokens": [3 * 52_431],
        "calls": [5 * 52_431],
        "own": [131, 2300],
        "own_calls": [5 * 131, 5 * 2300],
        "spent": [52_431],
    }


def test_where_nobody_is_a_member_a_use_case_is_nobodys_alone() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", dollars=1),))
    nobody = roster_of([])
    (meter,) = use_case_meters(program, nobody, WEDNESDAY, ["agents"])["agents"]
    found = shown(meter, nobody, usage(), WEDNESDAY)
    assert (found["spent"], found["own"]) == ([52_431], [])
    assert meters_of(program, nobody, WEDNESDAY) == ()


def test_a_meter_counts_the_use_of_its_subjects_alone() -> None:
    (*_, meter) = meters_of(PROGRAM, PEOPLE, TODAY)
    today = [used(person_id, tokens=10**person_id) for person_id in (0, 1, 2, 3)]
    found = shown(meter, PEOPLE, today, TODAY)
    assert (found["spent"], found["own"]) == ([10], [10, 0, 0])
