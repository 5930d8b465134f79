"""Each measure by example: what earns it, and what looks like it and does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from scoring.badges.facts import BadgeFacts
from scoring.badges.measures import take
from scoring.events import Lane, Outcome, Policy
from scoring.evidence import ActiveDays, Evidence, Happening, LaneUsage, Person
from scoring.periods import Stretch
from scoring.program import Program
from scoring.program.badges import Badge, BadgeMeasure, Levels, Period
from scoring.usage import ModelUsage
from tests.scoring.companies import BASELINE_START_US, DAY_US, WINDOW, happening

ADA, BEN, CLEO, DARA = 1, 2, 3, 4
PEOPLE = (
    Person(ADA, team="red", function="engineering"),
    Person(BEN, team="red", function="engineering", manager_id=ADA),
    Person(CLEO, team="blue", function="engineering"),
    Person(DARA, team="green", function="engineering"),
)


def badge(measure: BadgeMeasure, **changes: Any) -> Badge:
    lane = Lane.EXPLORATION if measure is BadgeMeasure.MODELS_TRIED else Lane.PRODUCTION
    said = {
        "name": "it",
        "title": "It",
        "praise": "Good.",
        "measure": measure,
        "lane": lane,
        "training": "https://a.test",
    }
    return Badge(**{**said, "levels": Levels(bronze=0.5), **changes})


def facts(*happenings: Happening, models: Sequence[ModelUsage] = (), **changes: Any) -> BadgeFacts:
    usage = tuple(
        LaneUsage(person.id, Lane.PRODUCTION, calls=10, tokens=1_000, cost_nanousd=10**9) for person in PEOPLE
    )
    days = tuple(ActiveDays(person.id, Lane.PRODUCTION, 5) for person in PEOPLE)
    evidence = Evidence(WINDOW, BASELINE_START_US, PEOPLE, usage, days, happenings)
    return BadgeFacts(Program(), "v1", Stretch(Period.MONTH, "2026-05", WINDOW), evidence, tuple(models), **changes)


def done(person_id: int, day: int, name: str = "", **changes: Any) -> Happening:
    name = name or f"{person_id}-{day}"
    return happening(person_id, name, WINDOW.start_us + day * DAY_US, Outcome("ticket_resolved", task=name, **changes))


def said(person_id: int, day: int, fact: Any) -> Happening:
    return happening(person_id, f"{person_id}-{day}-{fact}", WINDOW.start_us + day * DAY_US, fact)


def figures(measure: BadgeMeasure, found: BadgeFacts, **changes: Any) -> dict[int, tuple[float, int]]:
    return {who: (round(one.value, 3), one.samples) for who, one in take(badge(measure, **changes), found).items()}


def test_every_measure_can_be_taken_of_a_company_of_which_nothing_is_known() -> None:
    for measure in BadgeMeasure:
        assert take(badge(measure), facts()) == {}


def test_the_cache_share_is_of_what_went_in() -> None:
    found = facts(
        models=[
            ModelUsage(ADA, Lane.PRODUCTION, "a", calls=3, input=100, cache_read=500, cache_write=100, output=9_000),
            ModelUsage(ADA, Lane.PRODUCTION, "b", calls=1, input=300),
            ModelUsage(ADA, Lane.EXPLORATION, "a", calls=1, cache_read=900),
        ]
    )
    assert figures(BadgeMeasure.CACHE_SHARE, found) == {ADA: (0.5, 4)}
    assert figures(BadgeMeasure.CACHE_SHARE, found, lane=Lane.EXPLORATION) == {ADA: (1.0, 1)}


def test_small_models_are_the_right_size_only_where_the_work_is_accepted() -> None:
    models = [
        ModelUsage(who, Lane.PRODUCTION, model, calls=calls)
        for who in (ADA, BEN)
        for model, calls in (("claude-haiku-4-5", 3), ("claude-opus-4-8", 1))
    ]
    found = facts(done(ADA, 1), done(BEN, 1, is_accepted=False), models=models)
    assert figures(BadgeMeasure.SMALL_MODEL_SHARE, found) == {ADA: (0.75, 4)}


@pytest.mark.parametrize(("accepted", "is_measured"), [(3, True), (2, False)])
def test_work_is_good_enough_for_small_models_from_three_quarters_accepted_on(accepted: int, is_measured: bool) -> None:
    work = [done(ADA, day, is_accepted=day < accepted) for day in range(4)]
    found = facts(*work, models=[ModelUsage(ADA, Lane.PRODUCTION, "claude-haiku-4-5", calls=4)])
    assert figures(BadgeMeasure.SMALL_MODEL_SHARE, found) == ({ADA: (1.0, 4)} if is_measured else {})


def test_small_models_without_any_work_are_no_merit_but_in_the_sandbox() -> None:
    models = [ModelUsage(ADA, lane, "claude-haiku-4-5", calls=4) for lane in Lane]
    assert figures(BadgeMeasure.SMALL_MODEL_SHARE, facts(models=models)) == {}
    assert figures(BadgeMeasure.SMALL_MODEL_SHARE, facts(models=models), lane=Lane.EXPLORATION) == {ADA: (1.0, 4)}


def test_a_failed_call_and_its_repeat_both_cost_the_first_try() -> None:
    found = facts(models=[ModelUsage(ADA, Lane.PRODUCTION, "a", calls=10, errors=1, retries=1)])
    assert figures(BadgeMeasure.FIRST_TRY_SHARE, found) == {ADA: (0.8, 10)}


def test_work_of_which_nobody_reports_faults_is_not_faultless() -> None:
    found = facts(done(ADA, 1, errors=0), done(ADA, 2, errors=2), done(ADA, 3), done(BEN, 1))
    assert figures(BadgeMeasure.FAULTLESS_SHARE, found) == {ADA: (0.5, 2)}


def test_quality_is_the_mean_where_it_is_known() -> None:
    found = facts(done(ADA, 1, quality=0.8), done(ADA, 2, edit_distance=0.4), done(ADA, 3), done(BEN, 1))
    assert figures(BadgeMeasure.QUALITY, found) == {ADA: (0.7, 2)}


def test_weeks_count_once_and_only_with_accepted_work() -> None:
    found = facts(done(ADA, 0), done(ADA, 1), done(ADA, 8), done(ADA, 15, is_accepted=False))
    assert figures(BadgeMeasure.WEEKS_WITH_WORK, found)[ADA][0] == 2


def test_a_violation_begins_the_clean_weeks_anew() -> None:
    work = [done(ADA, day) for day in (0, 7, 14, 21)]
    assert figures(BadgeMeasure.CLEAN_WEEKS, facts(*work))[ADA][0] == 4
    broken = facts(*work, said(ADA, 10, Policy("violation", "secrets", "low")))
    assert figures(BadgeMeasure.CLEAN_WEEKS, broken)[ADA][0] == 2


def test_a_milestone_breaks_no_streak_of_clean_weeks() -> None:
    found = facts(done(ADA, 0), done(ADA, 7), said(ADA, 8, Policy("milestone", "safe-start")))
    assert figures(BadgeMeasure.CLEAN_WEEKS, found)[ADA][0] == 2


def test_refused_work_makes_no_clean_week() -> None:
    found = facts(done(ADA, 0), done(ADA, 8, is_accepted=False), done(BEN, 8, is_accepted=False))
    assert figures(BadgeMeasure.CLEAN_WEEKS, found) == {ADA: (1, 2)}


def test_the_first_production_work_is_that_of_newcomers_without_violation() -> None:
    work = [done(who, 1) for who in (ADA, BEN, CLEO)]
    found = facts(*work, said(BEN, 1, Policy("violation", "secrets", "low")), veterans=frozenset({CLEO}))
    assert figures(BadgeMeasure.FIRST_PRODUCTION, found) == {ADA: (1.0, 1)}


def test_pace_is_ones_own_before_and_now() -> None:
    hour_us = DAY_US // 24
    before = [done(ADA, day, started_us=WINDOW.start_us + day * DAY_US - 6 * hour_us) for day in (-1, -2)]
    now = [done(ADA, day, started_us=WINDOW.start_us + day * DAY_US - 3 * hour_us) for day in (1, 2)]
    assert figures(BadgeMeasure.PACE_GAIN, facts(*before, *now)) == {ADA: (2.0, 2)}


def test_without_a_pace_before_and_now_there_is_no_gain() -> None:
    hour_us = DAY_US // 24
    before = done(ADA, -1, started_us=WINDOW.start_us - DAY_US - 6 * hour_us)
    now = done(BEN, 1, started_us=WINDOW.start_us + DAY_US - 3 * hour_us)
    assert figures(BadgeMeasure.PACE_GAIN, facts(before, done(ADA, 1), now)) == {}


def test_figures_of_work_are_sentences() -> None:
    hour_us = DAY_US // 24
    before = done(ADA, -1, started_us=WINDOW.start_us - DAY_US - 6 * hour_us)
    first = done(ADA, 1, started_us=WINDOW.start_us + DAY_US - 3 * hour_us, errors=0, quality=0.5)
    work = facts(before, first, done(ADA, 8, errors=1))

    def sentence(measure: BadgeMeasure) -> str:
        return take(badge(measure), work)[ADA].text

    assert sentence(BadgeMeasure.FAULTLESS_SHARE) == "1 of 2 tasks came without an error, escalation or incident."
    assert sentence(BadgeMeasure.QUALITY) == "Quality of 50 % over 1 task."
    assert sentence(BadgeMeasure.PACE_GAIN) == "From start to done 2.00 times as fast as before (1 task)."
    assert sentence(BadgeMeasure.WEEKS_WITH_WORK) == "Accepted work in 2 weeks."
    assert sentence(BadgeMeasure.CLEAN_WEEKS) == "2 weeks of accepted work without a policy violation."
    assert sentence(BadgeMeasure.FIRST_PRODUCTION) == "Your first accepted work with AI in production, safely."


def test_figures_of_calls_are_sentences() -> None:
    used = {"calls": 10, "errors": 1, "input": 600, "cache_read": 400}
    found = facts(done(ADA, 1), models=[ModelUsage(ADA, Lane.PRODUCTION, "claude-haiku-4-5", **used)])

    def sentence(measure: BadgeMeasure) -> str:
        return take(badge(measure), found)[ADA].text

    assert sentence(BadgeMeasure.CACHE_SHARE) == "40 % of what went into your calls came from the cache."
    assert sentence(BadgeMeasure.SMALL_MODEL_SHARE) == (
        "100 % of your calls went to small models, and the work was good."
    )
    assert sentence(BadgeMeasure.FIRST_TRY_SHARE) == "90 % of your calls worked at the first try."


SHARES_OF_CALLS = {BadgeMeasure.FIRST_TRY_SHARE, BadgeMeasure.CACHE_SHARE, BadgeMeasure.SMALL_MODEL_SHARE}


@pytest.mark.parametrize("measure", [one for one in BadgeMeasure if one not in SHARES_OF_CALLS])
def test_more_usage_with_the_same_outcomes_raises_no_figure(measure: BadgeMeasure) -> None:
    work = [done(who, day, quality=0.8, errors=0) for who in (ADA, BEN, CLEO, DARA) for day in (1, 5, 9, 13)]

    def taken(burnt: int) -> float:
        found = facts(*work)
        burner = LaneUsage(
            ADA, Lane.PRODUCTION, calls=10 + burnt, tokens=1_000 + 100 * burnt, cost_nanousd=10**9 + burnt * 10**8
        )
        usage = tuple(burner if one.person_id == ADA else one for one in found.evidence.usage)
        evidence = msgspec.structs.replace(found.evidence, usage=usage)
        figure = take(badge(measure), BadgeFacts(Program(), "v1", found.stretch, evidence, ())).get(ADA)
        return figure.value if figure else 0.0

    assert taken(500) <= taken(0)
