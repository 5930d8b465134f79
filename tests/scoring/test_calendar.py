"""Days, weeks and months, and the working days in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import notice_day, period_around, working_days, working_days_after
from scoring.program import BudgetPeriod


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [
        (date(2026, 6, 1), (date(2026, 6, 1), date(2026, 6, 7)), (date(2026, 6, 1), date(2026, 6, 30))),
        (date(2027, 1, 1), (date(2026, 12, 28), date(2027, 1, 3)), (date(2027, 1, 1), date(2027, 1, 31))),
        (date(2028, 2, 29), (date(2028, 2, 28), date(2028, 3, 5)), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_weeks_begin_on_monday_and_months_on_the_first(
    day: date, week: tuple[date, date], month: tuple[date, date]
) -> None:
    assert period_around(day, BudgetPeriod.DAY) == (day, day)
    assert period_around(day, BudgetPeriod.WEEK) == week
    assert period_around(day, BudgetPeriod.MONTH) == month


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(BudgetPeriod))
def test_every_day_lies_in_its_period_and_the_next_one_follows_without_a_gap(day: date, period: BudgetPeriod) -> None:
    first, last = period_around(day, period)
    assert first <= day <= last
    assert period_around(first, period) == period_around(last, period) == (first, last)
    assert period_around(last + timedelta(days=1), period)[0] == last + timedelta(days=1)


def test_weekends_are_no_working_days() -> None:
    assert [day.day for day in working_days(date(2026, 6, 5), date(2026, 6, 9))] == [5, 8, 9]
    assert list(working_days(date(2026, 6, 5), date(2026, 6, 4))) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_the_working_day_after_so_many_is_one_and_leaves_so_many_between(day: date, count: int) -> None:
    found = working_days_after(day, count)
    assert found.weekday() < 5
    assert len(list(working_days(day + timedelta(days=1), found))) == count


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 366))
def test_notice_is_given_on_a_working_day_and_never_later_than_asked_for(last: date, days: int) -> None:
    day = notice_day(last, days)
    assert day.weekday() < 5
    assert 0 <= (last - timedelta(days=days) - day).days <= 2
