"""Both cards of somebody of whom all is known, and of somebody of whom nothing is, figure by figure."""

from __future__ import annotations

from typing import Any

import msgspec

from scoring.events import Contribution, Lane, Outcome, Policy, Training
from scoring.evidence import Evidence, Trial
from scoring.scorecards.card import Scorecard, Taken, Wanted, scorecard
from scoring.usage import UsageDay, day_usage
from tests.scoring.companies import HOUR_US, WINDOW, happening, with_happenings
from tests.scoring.scorecards.test_scorecards import NOBODY, efficiency, spent, task, velocity


def lines(card: Scorecard) -> list[tuple[Any, ...]]:
    return [(one.name, round(one.value, 4), one.unit, one.samples, one.text) for one in card.figures]


def worked() -> Evidence:
    """Two accepted tasks and a refused one, all that can be reported of them, and a past that was slower."""
    before = task(-7, started_us=WINDOW.start_us - 7 * 24 * HOUR_US + HOUR_US)  # four hours
    known = {"edit_distance": 0.25, "minutes_saved": 45.0, "errors": 1, "is_escalated": True, "is_incident": True}
    violation = happening(0, "v", WINDOW.start_us, Policy("violation", "secrets", "low"))
    evidence = with_happenings(
        spent(), before, task(1, **known), task(2, minutes_saved=30.0), task(3, is_accepted=False), violation
    )
    return msgspec.structs.replace(evidence, day_usage=day_usage([UsageDay(0, WINDOW.days[4], calls=1)]))


def test_business_efficiency_of_somebody_of_whom_all_is_known() -> None:
    card = efficiency(worked())
    assert (card.name, card.title, card.missing) == ("business_efficiency", "Business efficiency", ())
    assert lines(card) == [
        (
            "cost_per_task",
            1.8462,
            "USD per accepted task",
            3,
            "$1.85 for each accepted task, quality counted in ($2.00 over 3 tasks).",
        ),
        (
            "tokens_per_task",
            9230.7692,
            "tokens per accepted task",
            3,
            "9,231 tokens for each accepted task, quality counted in.",
        ),
        ("acceptance", 0.6667, "share", 3, "2 of 3 tasks accepted."),
        ("edit_distance", 0.25, "share", 1, "25 % of AI's drafts was rewritten (1 outcome)."),
        ("quality", 0.5, "share", 3, "Quality of 50 % (3 outcomes)."),
        (
            "cycle_gain",
            2.0,
            "times faster than before",
            1,  # the fewer of the tasks now and before
            "From start to done in 2.0 hours; in the weeks before, 4.0 hours (1 task compared).",
        ),
        ("throughput", 0.5, "accepted tasks a week", 3, "0.5 accepted tasks a week; 1.0 in the weeks before."),
        ("faults", 3.0, "faults per task", 1, "1 error, 0 taken back, 1 escalation, 1 incident in 1 task."),
        ("hours_saved", 1.25, "hours", 2, "1.2 hours saved (2 outcomes)."),
        ("working_days", 4.0, "working days", 28, "AI in your work on 4 of 28 working days."),
        ("retries", 0.1, "share", 10, "10 % of 10 calls were tried again."),
        ("violations", 1.0, "violations", 1, "1 policy violation."),
    ]


def test_business_efficiency_of_somebody_of_whom_nothing_is_known() -> None:
    card = efficiency(NOBODY)
    assert card.missing == (
        "Cost for each accepted task: needs accepted work, and use of AI in it.",
        "Tokens for each accepted task: needs accepted work, and use of AI in it.",
        "Acceptance: no finished work was reported.",
        "Rewriting: nobody reports how much of AI's drafts was rewritten.",
        "Quality: nobody measures it for your work.",
        "Pace: needs tasks with a known start, now and in the weeks before.",
        "Reliability: nobody reports errors, escalations or incidents of your work.",
        "Time saved: nobody reports it for your work.",
        "Retries: no single calls were reported.",
    )
    assert lines(card) == [
        ("throughput", 0.0, "accepted tasks a week", 0, "0.0 accepted tasks a week."),
        ("working_days", 0.0, "working days", 28, "AI in your work on 0 of 28 working days."),
        ("violations", 0.0, "violations", 0, "0 policy violations."),
    ]


def test_which_way_is_better_is_said_of_each_figure_that_has_one() -> None:
    better, worse = worked(), worked()
    worse = msgspec.structs.replace(
        worse,
        usage=tuple(
            msgspec.structs.replace(one, cost_nanousd=3 * 10**9, tokens=20_000, retries=5) for one in worse.usage
        ),
        happenings=(*map(_worse, worse.happenings), happening(0, "w", WINDOW.start_us + 1, VIOLATION)),
    )
    found = {one.name: one.is_better for one in efficiency(better, worse).figures}
    assert found == {
        "cost_per_task": True,
        "tokens_per_task": True,
        "acceptance": None,  # the same
        "edit_distance": True,
        "quality": True,
        "cycle_gain": None,
        "throughput": None,
        "faults": True,
        "hours_saved": None,
        "working_days": None,
        "retries": True,
        "violations": True,
    }
    assert {one.name: one.is_better for one in efficiency(worse, better).figures} == {
        name: None if value is None else False for name, value in found.items()
    }


VIOLATION = Policy("violation", "licences", "low")


def _worse(one: Any) -> Any:
    if not isinstance(one.fact, Outcome) or one.fact.errors is None:
        return one
    fact = msgspec.structs.replace(one.fact, errors=3, edit_distance=0.5, quality=0.25)
    return msgspec.structs.replace(one, fact=fact)


def test_learning_velocity_counts_in_words() -> None:
    first = WINDOW.start_us
    tried = msgspec.structs.replace(
        NOBODY, trials=tuple(Trial(0, WINDOW.days[day], model, "notes") for day, model in enumerate("aab"))
    )
    card = velocity(
        with_happenings(
            tried,
            happening(0, "t", first, Training("prompting", "completed")),
            happening(0, "s", first, Contribution("shared", "mine", "tool")),
        )
    )
    assert (card.name, card.title, card.missing) == ("learning_velocity", "Learning velocity", ())
    assert lines(card) == [
        ("use_cases", 1.0, "use cases", 3, "1 use case tried in the sandbox."),
        ("models", 2.0, "models", 3, "2 models tried in the sandbox."),
        ("days", 3.0, "days", 3, "Experiments on 3 days."),
        ("training", 1.0, "modules", 1, "1 training module completed."),
        ("shared", 1.0, "findings", 1, "1 finding shared."),
        ("reviewed", 0.0, "assets", 0, "0 assets of colleagues reviewed."),
        ("reusers", 0.0, "colleagues", 0, "0 colleagues of other teams used what you shared."),
        ("milestones", 0.0, "milestones", 0, "0 safe-use milestones reached."),
    ]


def test_more_accepted_and_a_better_pace_are_better() -> None:
    slower = task(-7, started_us=WINDOW.start_us - 7 * 24 * HOUR_US + HOUR_US)  # four hours
    good = with_happenings(spent(), slower, task(1), task(2))
    poor = with_happenings(spent(), slower, task(1, started_us=None), task(2, is_accepted=False))
    poor = with_happenings(poor, task(3, started_us=WINDOW.start_us + 3 * 24 * HOUR_US + HOUR_US))
    better = {one.name: one.is_better for one in efficiency(good, poor).figures}
    worse = {one.name: one.is_better for one in efficiency(poor, good).figures}
    assert [(better[name], worse[name]) for name in ("acceptance", "cycle_gain")] == [(True, False)] * 2


def test_experiments_of_one_day_are_as_many_samples() -> None:
    tried = msgspec.structs.replace(
        NOBODY, trials=tuple(Trial(0, WINDOW.days[0], model, "notes") for model in ("a", "b"))
    )
    (days,) = (one for one in velocity(tried).figures if one.name == "days")
    assert (days.value, days.samples) == (1.0, 2)


def test_days_over_the_sandbox_budget_are_told_as_not_counted() -> None:
    day = WINDOW.days[1]
    tried = msgspec.structs.replace(
        NOBODY,
        trials=tuple(Trial(0, one, "a", "notes") for one in WINDOW.days[:3]),
        day_usage=day_usage([UsageDay(0, day, Lane.EXPLORATION, calls=1, cost_nanousd=10**15)]),
    )
    (days,) = (one for one in velocity(tried).figures if one.name == "days")
    assert days.text == "Experiments on 2 days (1 day over the sandbox budget not counted)."


def test_a_figure_is_better_by_the_way_that_is_wanted() -> None:
    def is_better(wanted: Wanted | None, value: float, before: float | None) -> bool | None:
        now, then = (Taken("x", one, "u", 1, "X.", wanted) for one in (value, before))
        return scorecard("card", "Card", (now,), (then,)).figures[0].is_better

    assert is_better("more", 2, 1) is True
    assert is_better("more", 1, 2) is False
    assert is_better("less", 1, 2) is True
    assert is_better("less", 2, 1) is False
    assert is_better("less", 1, 1) is None
    assert is_better("more", 1, None) is None
    assert is_better(None, 2, 1) is None
    assert is_better("new", 2, 1) is True
    assert is_better("new", 1, 2) is None


def test_what_can_be_had_once_is_never_told_as_a_step_back() -> None:
    done = with_happenings(NOBODY, happening(0, "t", WINDOW.start_us, Training("prompting", "completed")))
    done = with_happenings(done, happening(0, "m", WINDOW.start_us, Policy("milestone", "safe-start")))
    found = {one.name: (one.before, one.is_better) for one in velocity(NOBODY, done).figures}
    assert (found["training"], found["milestones"]) == ((1.0, None), (1.0, None))
