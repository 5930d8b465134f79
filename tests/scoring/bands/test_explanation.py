"""A band taken apart: every figure that the rules look at, with its limit, unit and what is behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scoring.bands.explanation import Figure, explain_band
from scoring.bands.raw import raw_bands
from scoring.bands.shown import advance
from scoring.events import Policy
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind, FlagState
from scoring.program import Budget, Program
from tests.builders import MONDAY_NOON_US
from tests.scoring.bands.people import DOLLAR, TODAY, evidence, roster, steady, used
from tests.scoring.bands.test_rules import done, few_days


def figures(program: Program, usage: Any, *, people: int = 2, **changes: Any) -> dict[str, Figure]:
    """Those of person 1."""
    found = evidence(program, roster(program, people), usage, **changes)
    shown = next(iter(advance(raw_bands(found, program), {}, found.at_us, program.bands, "v1")))
    return {one.name: one for one in explain_band(shown, found, program).figures}


def test_a_ceiling_of_ones_own_is_told_in_full() -> None:
    program = Program(budgets=(Budget(name="month", dollars=10),))
    found = figures(program, [used(cost_nanousd=3 * DOLLAR, calls=7), used(2)])['ceiling "month"']
    assert (found.value, found.limit, found.unit, found.events) == (3.0, 10.0, "USD", 7)
    assert found.text.startswith("$3.00 of $10.00 used in June.")


def test_of_a_shared_ceiling_ones_own_part_alone_is_told() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", tokens=10_000),))
    usage = [used(tokens=3000, calls=7), used(2, tokens=5000, calls=9)]
    found = figures(program, usage)['ceiling "team" of red']
    assert (found.value, found.limit, found.unit, found.events) == (3000.0, 5000.0, "tokens", 7)
    assert found.text == ("your part in June is 3,000 tokens; an equal share of 10,000 tokens is 5,000 tokens.")


def test_a_week_has_a_limit_once_four_earlier_weeks_are_known() -> None:
    long_ago = TODAY - timedelta(days=6)
    known = figures(Program(), [*steady(1, 5 * DOLLAR, until=long_ago), used(cost_nanousd=30 * DOLLAR, calls=7)])
    week = known["cost of a week"]
    assert (week.value, week.limit, week.unit, week.events) == (30.0, 100.0, "USD", 7)
    assert week.text == "the last seven days cost $30.00; a usual week costs $25.00, $100.00 is the limit."
    new = figures(Program(), [used(cost_nanousd=30 * DOLLAR, calls=7)])["cost of a week"]
    assert (new.value, new.limit, new.unit, new.events) == (30.0, None, "USD", 7)
    assert new.text == "the last seven days cost $30.00; fewer than four earlier weeks are known to compare with."


def test_the_cost_of_an_accepted_task_is_told_where_there_is_something_to_compare_with() -> None:
    alone = figures(Program(), few_days(1, DOLLAR), happenings=done(1, 4))["cost of an accepted task"]
    assert alone == Figure(
        "cost of an accepted task",
        "not compared: 4 tasks in 28 days; 5 with priced use, and peers, are needed.",
        0.0,
        None,
        "USD per accepted task",
        4,
    )
    usage = [used(person_id, cost_nanousd=20 * DOLLAR) for person_id in range(1, 7)]
    work = [one for person_id in range(1, 7) for one in done(person_id, 20)]
    among = figures(Program(), usage, people=6, happenings=work)["cost of an accepted task"]
    assert (among.value, among.limit, among.unit, among.events) == (1.0, 5.656854249, "USD per accepted task", 20)
    assert among.text == "$1.00; the 5 others in engineering: $1.00 in the middle, $5.66 is the limit."


def test_flags_and_violations_that_are_open_are_counted_and_those_of_others_are_not() -> None:
    flags = tuple(
        Flag(person_id, FlagKind.PROMPT_LOOP, 0, 1, {}, "", state=state)
        for person_id, state in ((1, FlagState.OPEN), (1, FlagState.DISMISSED), (2, FlagState.OPEN))
    )
    serious = Happening(1, MONDAY_NOON_US - 5, b"a", Policy("violation", "secrets", "high"))
    outside = Happening(1, MONDAY_NOON_US - 5, b"b", Policy("violation", "outside-tier", "low"))
    found = figures(Program(), steady(1), flags=flags, happenings=[serious, outside])
    assert found["open flags"] == Figure("open flags", "1.", 1, 0, "flags", 1)
    name = "serious violations that are open"
    assert found[name] == Figure(name, "1.", 1, 0, "violations", 1)
    tier = found["use outside the tier"]
    assert (tier.value, tier.limit, tier.unit, tier.events) == (1, 0, "days", 1)
    assert tier.text == "1 day of the last 28 with a model or a lane that the tier does not allow."
