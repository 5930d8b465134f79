"""Measures of what people share, review, learn and try, and of where they stand on the outcome board."""

from __future__ import annotations

from typing import Any

from scoring.badges.facts import BadgeFacts
from scoring.badges.measures import Figure, take
from scoring.events import Contribution, Lane, Outcome, Policy, Training
from scoring.evidence import Happening
from scoring.program import Program
from scoring.program.badges import BadgeMeasure
from scoring.standings import Component, Entry, Standings
from scoring.usage import ModelUsage
from tests.scoring.badges.test_measures import ADA, BEN, CLEO, DARA, badge, done, facts, figures, said
from tests.scoring.companies import DAY_US, HOUR_US, WINDOW, happening


def shared(who: int, asset: str, day: int = 0) -> Happening:
    return said(who, day, Contribution("shared", asset, "tool", "T"))


def reviewed(who: int, asset: str, day: int = 1) -> Happening:
    return said(who, day, Contribution("reviewed", asset))


def reused(who: int, asset: str, day: int = 2) -> Happening:
    return said(who, day, Contribution("reused", asset))


def test_a_review_counts_for_author_and_reviewer_unless_the_reviewer_reports_to_the_author() -> None:
    found = facts(shared(ADA, "a1"), shared(ADA, "a2"), reviewed(BEN, "a1"), reviewed(ADA, "a1"), reviewed(CLEO, "a2"))
    assert figures(BadgeMeasure.REVIEWED_ASSETS, found) == {ADA: (1, 1)}
    assert figures(BadgeMeasure.AUTHORS_REVIEWED, found) == {CLEO: (1, 1)}


def test_reuse_counts_once_a_colleague_and_not_in_ones_own_team() -> None:
    found = facts(shared(ADA, "a1"), reused(BEN, "a1"), reused(CLEO, "a1"), reused(CLEO, "a1", 3), reused(DARA, "a1"))
    assert figures(BadgeMeasure.REUSERS, found) == {ADA: (2, 2)}


def test_a_module_and_a_milestone_count_once() -> None:
    found = facts(
        *(said(ADA, day, Training("prompting", "completed")) for day in (1, 2)),
        said(ADA, 3, Training("privacy", "completed")),
        *(said(BEN, day, Policy("milestone", "safe-start")) for day in (1, 2)),
    )
    assert figures(BadgeMeasure.MODULES_COMPLETED, found) == {ADA: (2, 2)}
    assert figures(BadgeMeasure.MILESTONES, found) == {BEN: (1, 1)}


def test_a_model_is_tried_with_three_calls_that_worked() -> None:
    found = facts(
        models=[
            ModelUsage(ADA, Lane.EXPLORATION, "a", calls=3),
            ModelUsage(ADA, Lane.EXPLORATION, "b", calls=5, errors=3),
            ModelUsage(ADA, Lane.PRODUCTION, "c", calls=9),
        ]
    )
    assert figures(BadgeMeasure.MODELS_TRIED, found) == {ADA: (1, 8)}


def figure(measure: BadgeMeasure, found: BadgeFacts, person_id: int = ADA) -> Figure:
    return take(badge(measure), found)[person_id]


def test_what_was_shared_and_learnt_is_told_in_sentences_with_its_count() -> None:
    found = facts(
        shared(ADA, "a1"),
        shared(ADA, "a2"),
        shared(BEN, "b1"),
        reviewed(CLEO, "a1"),
        reviewed(CLEO, "a2"),
        reviewed(CLEO, "b1"),
        reviewed(DARA, "a1"),
        reused(CLEO, "a1"),
        reused(DARA, "a2"),
        said(ADA, 3, Training("prompting", "completed")),
        said(ADA, 3, Training("privacy", "completed")),
        said(ADA, 3, Policy("milestone", "safe-start")),
        said(ADA, 4, Policy("milestone", "safe-data")),
        said(ADA, 4, Policy("violation", "secrets", "low")),
        models=[ModelUsage(ADA, Lane.EXPLORATION, model, calls=4) for model in ("a", "b")],
    )
    assert figure(BadgeMeasure.REVIEWED_ASSETS, found) == Figure(2, 2, "A colleague reviewed 2 assets that you shared.")
    assert figure(BadgeMeasure.AUTHORS_REVIEWED, found, CLEO) == Figure(2, 2, "You reviewed what 2 colleagues shared.")
    assert figure(BadgeMeasure.AUTHORS_REVIEWED, found, DARA) == Figure(1, 1, "You reviewed what 1 colleague shared.")
    assert figure(BadgeMeasure.REUSERS, found) == Figure(2, 2, "2 colleagues of other teams used what you shared.")
    assert figure(BadgeMeasure.MODULES_COMPLETED, found) == Figure(2, 2, "You completed 2 training modules.")
    assert figure(BadgeMeasure.MILESTONES, found) == Figure(2, 2, "You reached 2 safe-use milestones.")
    assert figure(BadgeMeasure.MODELS_TRIED, found) == Figure(2, 8, "You tried 2 models.")


def test_weeks_begin_on_mondays_and_a_violation_at_the_same_moment_is_not_before() -> None:
    sunday, monday = 5, 6  # of the first week of the window, from a Tuesday on
    work = facts(done(ADA, sunday), done(ADA, monday), done(ADA, monday + 6))
    assert figure(BadgeMeasure.WEEKS_WITH_WORK, work) == Figure(2, 3, "Accepted work in 2 weeks.")
    broken = said(ADA, monday, Policy("violation", "secrets", "low"))
    clean = facts(done(ADA, sunday), done(ADA, monday), done(ADA, monday + 7), broken)
    assert figure(BadgeMeasure.CLEAN_WEEKS, clean) == Figure(
        1, 3, "1 week of accepted work without a policy violation."
    )


def test_weeks_are_those_of_the_programs_time_zone() -> None:
    sunday_night = happening(ADA, "late", WINDOW.start_us + 5 * DAY_US + 23 * HOUR_US, Outcome("ticket_resolved"))
    for zone, weeks in (("UTC", 2), ("Europe/Berlin", 1)):
        found = facts(sunday_night, done(ADA, 6))
        found.program = Program(timezone=zone)
        assert figure(BadgeMeasure.WEEKS_WITH_WORK, found).value == weeks


def entry(person_id: int, score: float, *, is_provisional: bool = False, **parts: tuple[float | None, float]) -> Entry:
    """``parts``: value and placement of each component."""
    components = tuple(
        Component(name, value, "x", 3 + number, None, placement, 0.0, 100.0, "x")
        for number, (name, (value, placement)) in enumerate(parts.items())
    )
    return Entry(1, person_id, None, score, 50.0, is_provisional, components)


def placed(*entries: Entry, before: tuple[Entry, ...] | None = None) -> BadgeFacts:
    found = facts()
    boards: dict[str, Any] = {"standings": Standings("outcome", WINDOW, "v1", entries, ())}
    boards["standings_before"] = None if before is None else Standings("outcome", WINDOW, "v1", before, ())
    vars(found).update(boards)  # as if it had been asked for
    return found


def test_value_for_cost_is_the_place_among_peers_of_those_whose_cost_is_known() -> None:
    found = placed(
        entry(ADA, 700.0, quality=(0.9, 0.1), efficiency=(2.0, 0.75), reliability=(1.0, 0.2)),
        entry(BEN, 500.0, efficiency=(None, 0.5)),
        entry(CLEO, 400.0, quality=(0.9, 0.9)),
    )
    text = "Your cost for accepted work is better than that of 75 % of comparable work."
    assert dict(take(badge(BadgeMeasure.VALUE_FOR_COST), found)) == {ADA: Figure(0.75, 4, text)}


def test_the_period_before_is_judged_by_its_own_evidence() -> None:
    work = [done(who, day) for who in (ADA, BEN, CLEO, DARA) for day in (1, 5, 9)]
    assert facts(*work).standings_before is None
    before = facts(*work, previous=facts(*work).evidence).standings_before
    assert before == facts(*work).standings


def test_a_gain_is_against_ones_own_score_before_and_measured_in_both() -> None:
    parts = {"quality": (0.9, 0.1), "efficiency": (2.0, 0.75)}
    now = (
        entry(DARA, 900.0, **parts),
        entry(ADA, 700.4, **parts),
        entry(BEN, 600.0, is_provisional=True, **parts),
        entry(CLEO, 400.0, **parts),
    )
    before = (
        entry(CLEO, 500.0, **parts),
        entry(BEN, 100.0, **parts),
        entry(ADA, 600.0, **parts),
        entry(DARA, 100.0, is_provisional=True, **parts),
    )
    found = dict(take(badge(BadgeMeasure.SCORE_GAIN), placed(*now, before=before)))
    assert {who: (round(one.value, 3), one.samples, one.text) for who, one in found.items()} == {
        ADA: (100.4, 4, "+100 points on the outcome board against the period before."),
        CLEO: (0.0, 4, "-100 points on the outcome board against the period before."),
    }
    assert figures(BadgeMeasure.SCORE_GAIN, placed(*now)) == {}
