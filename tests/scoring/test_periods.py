"""Weeks, months and quarters begin and end at the program's midnights, clock changes and year ends included."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.periods import before, last_complete, running
from scoring.program.badges import Period
from scoring.window import local_day, midnight_us, to_us

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("period", "when", "name", "first", "last"),
    [
        (Period.WEEK, "2026-01-01T12:00", "2025-W52", date(2025, 12, 22), date(2025, 12, 28)),
        (Period.WEEK, "2026-03-30T00:00", "2026-W13", date(2026, 3, 23), date(2026, 3, 29)),  # holds a day of 23 hours
        (Period.MONTH, "2026-03-01T00:00", "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        (Period.MONTH, "2026-02-28T23:59", "2026-01", date(2026, 1, 1), date(2026, 1, 31)),
        (Period.QUARTER, "2026-02-10T09:00", "2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_the_newest_whole_period(period: Period, when: str, name: str, first: date, last: date) -> None:
    found = last_complete(period, at(when), BERLIN)
    assert (found.name, found.window.days[0], found.window.days[-1]) == (name, first, last)
    assert found.window.cut_day is None


def test_the_period_under_way_ends_now() -> None:
    found = running(Period.MONTH, at("2026-06-03T10:00"), BERLIN)
    assert (found.name, found.window.start_us, found.window.end_us) == (
        "2026-06",
        at("2026-06-01"),
        at("2026-06-03T10:00"),
    )
    assert running(Period.MONTH, at("2026-06-01"), BERLIN).name == "2026-05"


def test_the_moment_before_a_local_midnight_belongs_to_the_day_that_ends() -> None:
    assert running(Period.MONTH, at("2026-06-01T00:30"), BERLIN).name == "2026-06"  # in UTC it is still May
    assert running(Period.MONTH, at("2026-06-01") + 1, BERLIN).name == "2026-06"
    week = running(Period.WEEK, at("2026-06-03T10:00"), BERLIN)
    assert (week.period, week.name, week.window.days[0]) == (Period.WEEK, "2026-W23", date(2026, 6, 1))


@given(
    st.sampled_from(Period),
    st.integers(to_us(datetime(2020, 1, 1, tzinfo=BERLIN)), to_us(datetime(2030, 1, 1, tzinfo=BERLIN))),
)
def test_periods_join_without_gap_or_overlap(period: Period, at_us: int) -> None:
    newest = last_complete(period, at_us, BERLIN)
    earlier = before(period, newest, BERLIN)
    assert earlier.window.end_us == newest.window.start_us
    assert newest.window.end_us <= at_us
    assert newest.window.end_us == midnight_us(local_day(newest.window.end_us, BERLIN), BERLIN)
    assert earlier.name != newest.name
