"""A person's own figures: what they say, what they leave out, and which way they went."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from scoring.events import Contribution, Lane, Outcome, Policy, Training
from scoring.evidence import Evidence, Happening, LaneUsage, Person, Trial
from scoring.flag import FlagState
from scoring.program import Program
from scoring.scorecards.card import Figure, Scorecard
from scoring.scorecards.efficiency import business_efficiency
from scoring.scorecards.facts import Facts
from scoring.scorecards.learning import learning_velocity
from scoring.usage import UsageDay, day_usage
from tests.scoring.companies import (
    BASELINE_START_US,
    DAY_US,
    HOUR_US,
    WINDOW,
    companies,
    flagged,
    happening,
    with_flags,
    with_happenings,
)

PROGRAM = Program()
PEOPLE = (Person(0, team="red"), Person(1, team="red", manager_id=0), Person(2, team="blue"))
NOBODY = Evidence(WINDOW, BASELINE_START_US, PEOPLE, (), (), ())


def task(number: int, **changes: Any) -> Happening:
    """An accepted task of half its worth, done on the day of that number in two hours."""
    time_us = WINDOW.start_us + number * DAY_US + 5 * HOUR_US
    done = Outcome("ticket_resolved", is_accepted=True, quality=0.5, started_us=time_us - 2 * HOUR_US, task=f"{number}")
    return happening(0, f"task{number}", time_us, msgspec.structs.replace(done, **changes))


def spent(**changes: Any) -> Evidence:
    """The company where person 0 made 10 calls for $2."""
    used = LaneUsage(0, Lane.PRODUCTION, calls=10, retries=1, tokens=10_000, cost_nanousd=2 * 10**9)
    return msgspec.structs.replace(NOBODY, usage=(msgspec.structs.replace(used, **changes),))


def efficiency(now: Evidence, before: Evidence = NOBODY, off: Any = ()) -> Scorecard:
    return business_efficiency(Facts(now, 0, PROGRAM, off), Facts(before, 0, PROGRAM, ()))


def velocity(now: Evidence, before: Evidence = NOBODY) -> Scorecard:
    return learning_velocity(Facts(now, 0, PROGRAM, ()), Facts(before, 0, PROGRAM, ()))


def figure(card: Scorecard, name: str) -> Figure:
    return next(one for one in card.figures if one.name == name)


def test_cost_and_tokens_are_told_for_each_accepted_task_by_its_quality() -> None:
    card = efficiency(with_happenings(spent(), task(1), task(2), task(3, is_accepted=False)))
    assert (figure(card, "cost_per_task").value, figure(card, "cost_per_task").samples) == (2.0, 3)
    assert figure(card, "tokens_per_task").value == 10_000
    assert figure(card, "acceptance").value == pytest.approx(2 / 3)


def test_what_cannot_be_told_is_named_with_its_reason() -> None:
    card = efficiency(with_happenings(spent(unpriced_tokens=7), task(1, quality=None)))
    assert "cost_per_task" not in {one.name for one in card.figures}
    assert "Cost for each accepted task: 7 tokens have no known price." in card.missing
    assert "Quality: nobody measures it for your work." in card.missing
    assert len(efficiency(NOBODY).missing) == 9


def test_work_of_unmeasured_quality_counts_in_full() -> None:
    card = efficiency(with_happenings(spent(), task(1, quality=None), task(2, quality=None)))
    assert figure(card, "cost_per_task").value == 1.0


def test_faults_are_told_for_each_task_of_which_they_are_known() -> None:
    card = efficiency(with_happenings(spent(), task(1, errors=3), task(2, errors=0), task(3)))
    assert (figure(card, "faults").value, figure(card, "faults").samples) == (1.5, 2)


def test_the_pace_before_is_that_of_the_weeks_since_the_first_task() -> None:
    def moved(one: Happening, time_us: int) -> Happening:
        return msgspec.structs.replace(one, time_us=time_us)

    three_weeks_ago = moved(task(1), WINDOW.start_us - 21 * DAY_US)
    at_the_start = moved(task(2), WINDOW.start_us)
    card = efficiency(with_happenings(spent(), three_weeks_ago, task(-4), task(-5), at_the_start))
    assert figure(card, "throughput").text == "0.2 accepted tasks a week; 1.0 in the weeks before."
    assert figure(efficiency(with_happenings(spent(), at_the_start)), "throughput").text == "0.2 accepted tasks a week."


def test_pace_and_throughput_stand_beside_ones_own_past() -> None:
    slower = task(-1, started_us=WINDOW.start_us - DAY_US + 5 * HOUR_US - 4 * HOUR_US)
    card = efficiency(with_happenings(spent(), task(1), slower))
    assert figure(card, "cycle_gain").value == 2
    assert figure(card, "throughput").text == "0.2 accepted tasks a week; 1.0 in the weeks before."


def test_what_a_colleague_took_back_is_a_fault_of_ones_own() -> None:
    back = Outcome("ticket_resolved", reverses="task1")
    reversal = msgspec.structs.replace(happening(1, "b", WINDOW.end_us - 1, back), reverses_key=b"task1")
    card = efficiency(with_happenings(spent(), task(1), task(2, errors=1), reversal))
    assert figure(card, "faults").text == "1 error, 1 taken back, 0 escalations, 0 incidents in 2 tasks."
    assert figure(card, "acceptance").value == 0.5


def test_days_off_and_days_on_which_every_call_failed_are_no_working_days() -> None:
    days = [
        UsageDay(0, WINDOW.days[0], calls=1),
        UsageDay(0, WINDOW.days[1], calls=1),
        UsageDay(0, WINDOW.days[2], calls=1, errors=1),
        UsageDay(0, WINDOW.days[3], lane=Lane.EXPLORATION, calls=1),
        UsageDay(1, WINDOW.days[4], calls=1),
        UsageDay(0, WINDOW.days[8], output_tokens=1),  # metrics know no calls
        UsageDay(0, WINDOW.days[9], tokens=5),
        UsageDay(0, WINDOW.days[10], calls=1, errors=1, output_tokens=5),
        UsageDay(0, WINDOW.days[11], calls=1, errors=1, output_tokens=5),
    ]
    used = msgspec.structs.replace(with_happenings(spent(), task(5)), day_usage=day_usage(days))
    shown = figure(efficiency(used, off={WINDOW.days[0], WINDOW.days[6]}), "working_days")
    assert shown.text == "AI in your work on 3 of 26 working days."


def test_a_figure_says_whether_it_was_better_before_unless_neither_way_is_better() -> None:
    before, now = with_happenings(spent(), task(1)), with_happenings(spent(cost_nanousd=10**9), task(1), task(2))
    card = efficiency(now, before)
    assert (figure(card, "cost_per_task").before, figure(card, "cost_per_task").is_better) == (4.0, True)
    assert figure(efficiency(before, now), "cost_per_task").is_better is False
    assert figure(card, "throughput").before is not None
    assert figure(card, "throughput").is_better is None


def test_learning_counts_what_was_tried_learnt_and_passed_on() -> None:
    first = WINDOW.start_us
    tried = msgspec.structs.replace(
        NOBODY, trials=(Trial(0, WINDOW.days[0], "a", "notes"), Trial(0, WINDOW.days[1], "b", "notes"))
    )
    card = velocity(
        with_happenings(
            tried,
            happening(0, "t", first, Training("prompting", "completed")),
            happening(0, "m", first, Policy("milestone", "safe-start")),
            happening(0, "s", first, Contribution("shared", "mine", "tool")),
            happening(2, "u", first, Contribution("reused", "mine")),
            happening(1, "v", first, Contribution("reused", "mine")),
            happening(2, "w", first, Contribution("shared", "theirs", "tool")),
            happening(0, "x", first, Contribution("reviewed", "theirs")),
            happening(0, "y", first, Contribution("reviewed", "mine")),
        )
    )
    expected = {"use_cases": 1, "models": 2, "days": 2, "training": 1}
    expected |= {"shared": 1, "reviewed": 1, "reusers": 1, "milestones": 1}
    assert {one.name: one.value for one in card.figures} == expected
    assert all(one.is_better for one in card.figures)


def test_what_a_confirmed_flag_found_is_no_work() -> None:
    company = with_happenings(spent(), task(1), task(2))
    card = efficiency(with_flags(company, flagged(0, FlagState.CONFIRMED, keys=(b"task1",))))
    assert figure(card, "cost_per_task").value == 4
    assert figure(card, "cost_per_task").samples == 1


def test_a_flag_that_nobody_has_judged_yet_changes_nothing() -> None:
    company = with_happenings(
        spent(), task(1), happening(0, "s", WINDOW.start_us, Contribution("shared", "mine", "tool"))
    )
    company = msgspec.structs.replace(company, day_usage=day_usage([UsageDay(0, WINDOW.days[4], calls=1)]))
    suspected = with_flags(company, flagged(0, keys=(b"task1", b"s"), days=(WINDOW.days[4],)))
    assert efficiency(suspected) == efficiency(company)
    assert velocity(suspected) == velocity(company)


@settings(derandomize=True)
@given(companies())
def test_everybody_has_both_cards_and_every_figure_is_either_there_or_missing(evidence: Evidence) -> None:
    for person in evidence.people:
        facts = Facts(evidence, person.id, PROGRAM, ())
        for card, count in ((business_efficiency(facts, facts), 12), (learning_velocity(facts, facts), 8)):
            assert len(card.figures) + len(card.missing) == count
            assert all(one.before == one.value and one.is_better is None for one in card.figures)
