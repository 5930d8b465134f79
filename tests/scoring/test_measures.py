"""Everybody's figures from what happened: each of them, in the window and against the baseline before it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scoring.events import Lane, Outcome, Policy
from scoring.evidence import ActiveDays, Evidence, Happening, LaneUsage, Person
from scoring.measures import Measures, measure
from scoring.window import Window, midnight_us, window_before
from tests.scoring.companies import BASELINE_START_US, DAY_US, HOUR_US, WINDOW, happening

BERLIN = ZoneInfo("Europe/Berlin")


def done(day: int, name: str, hours: int | None = None, **said: Any) -> Happening:
    """An accepted task of Ada's, done at noon of the day of that number."""
    time_us = WINDOW.start_us + day * DAY_US + 12 * HOUR_US
    started = None if hours is None else time_us - hours * HOUR_US
    return happening(1, name, time_us, Outcome("ticket_resolved", task=name, started_us=started, **said))


def rule(day: int, name: str, severity: str | None, kind: str = "violation") -> Happening:
    return happening(1, name, WINDOW.start_us + day * DAY_US, Policy(kind, name, severity))


def figures(*happened: Happening, window: Window = WINDOW) -> Measures:
    usage = (
        LaneUsage(2, Lane.PRODUCTION, calls=99),
        LaneUsage(1, Lane.EXPLORATION, calls=98, tokens=97),
        LaneUsage(1, Lane.PRODUCTION, calls=5, tokens=600, unpriced_tokens=7, cost_nanousd=8),
    )
    days = (
        ActiveDays(1, Lane.EXPLORATION, 20),
        ActiveDays(1, Lane.PRODUCTION, 3),
        ActiveDays(2, Lane.PRODUCTION, 4),
    )
    evidence = Evidence(window, BASELINE_START_US, (Person(1), Person(2), Person(3)), usage, days, happened)
    return measure(evidence)[1]


def test_every_figure_of_somebody_at_work() -> None:
    found = figures(
        done(-8, "long ago", hours=8),
        done(-9, "longer ago", hours=4),
        done(-10, "open start"),
        done(1, "a", hours=1, quality=0.9, errors=2),
        done(1, "b", hours=6, quality=0.6, is_escalated=False),
        done(9, "c", hours=3, edit_distance=0.7),
        done(12, "d", is_accepted=False),
        rule(-1, "earlier", "high"),
        rule(0, "secrets", "medium"),
        rule(2, "safe-start", None, kind="milestone"),
    )
    assert found == Measures(
        person_id=1,
        deliveries=4,
        accepted=3.0,
        active_days=3,
        calls=5,
        tokens=600,
        unpriced_tokens=7,
        cost_nanousd=8,
        mean_quality=pytest.approx(0.6),
        quality_samples=3,
        fault_samples=2,
        faults=2,
        cycle_samples=2,
        cycle_hours=3.0,
        baseline_cycle_hours=6.0,
        weeks=4,
        weeks_with_delivery=2,
        policy_events=2,
        clean_share=found.clean_share,
    )
    assert 0 < found.clean_share < 1


def test_what_is_done_as_the_window_begins_is_done_in_it() -> None:
    def delivered(at_us: int) -> Happening:
        return happening(1, str(at_us), at_us, Outcome("ticket_resolved", task=str(at_us), started_us=at_us - HOUR_US))

    first, before = figures(delivered(WINDOW.start_us)), figures(delivered(WINDOW.start_us - 1))
    assert (first.deliveries, first.cycle_hours, first.baseline_cycle_hours) == (1, 1.0, None)
    assert (before.deliveries, before.cycle_hours, before.baseline_cycle_hours) == (0, None, 1.0)


def test_of_whom_nothing_is_known_all_is_nothing() -> None:
    evidence = Evidence(WINDOW, BASELINE_START_US, (Person(3),), (), (), ())
    assert measure(evidence) == {3: Measures(3, 0, 0.0, 0, 0, 0, 0, 0, None, 0, 0, 0, 0, None, None, 4, 0, 0, 1.0)}


def test_violations_cost_by_their_severity_and_one_without_is_a_low_one() -> None:
    def clean(*severities: str | None) -> float:
        return figures(*(rule(number, str(number), one) for number, one in enumerate(severities))).clean_share

    assert clean() == clean() == 1
    assert clean(None) == clean("low")
    assert clean("low") > clean("medium") > clean("high")
    assert clean("low", "medium") == pytest.approx(clean("low") + clean("medium") - 1)
    assert clean(*["high"] * 9) == 0


def test_weeks_are_counted_back_from_the_end_and_one_begun_is_one() -> None:
    ten_days = window_before(WINDOW.end_us, 10, ZoneInfo("UTC"))

    def weeks_with_delivery(*days_before_the_end: int) -> int:
        work = (done(WINDOW.day_count - 1 - days, str(days)) for days in days_before_the_end)
        found = figures(*work, window=ten_days)
        assert found.weeks == 2
        return found.weeks_with_delivery

    assert weeks_with_delivery(1, 7, 8, 9) == 2
    assert weeks_with_delivery(1, 7) == 1
    assert weeks_with_delivery(8, 9) == 1


@pytest.mark.parametrize(("days", "weeks"), [(28, 4), (29, 5), (30, 5), (7, 1), (8, 2)])
def test_a_window_has_as_many_weeks_as_it_begins(days: int, weeks: int) -> None:
    assert figures(window=window_before(WINDOW.end_us, days, ZoneInfo("UTC"))).weeks == weeks


def test_a_week_of_which_a_clock_change_made_an_hour_too_much_is_no_week_more() -> None:
    long = window_before(midnight_us(date(2026, 11, 2), BERLIN), 28, BERLIN)
    hours = (long.end_us - long.start_us) // HOUR_US
    assert hours == 28 * 24 + 1
    work = [
        happening(1, str(at), long.start_us + at * HOUR_US, Outcome("ticket_resolved", task=str(at)))
        for at in (0, 24 * 7)
    ]
    found = figures(*work, window=long)
    assert (found.weeks, found.weeks_with_delivery) == (4, 1)
