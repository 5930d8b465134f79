"""The day, week or month around a day, and the working days in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scoring.program import BudgetPeriod

_DAY = timedelta(days=1)
_LONGEST_MONTH = timedelta(days=31)


def period_around(day: date, period: BudgetPeriod) -> tuple[date, date]:
    """The first and the last day of the day, the ISO week or the month that ``day`` lies in."""
    if period is BudgetPeriod.DAY:
        return day, day
    if period is BudgetPeriod.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + _LONGEST_MONTH).replace(day=1) - _DAY


def working_days(first: date, last: date) -> Iterator[date]:
    """Mondays to Fridays from ``first`` to ``last``, both included; none where ``last`` comes before."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            yield day


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th Monday to Friday after ``day``."""
    for _ in range(count):
        day += _DAY
        while day.weekday() >= 5:
            day += _DAY
    return day


def notice_day(last: date, days: int) -> date:
    """The newest Monday to Friday that is at least ``days`` before ``last``."""
    day = last - days * _DAY
    return day - max(0, day.weekday() - 4) * _DAY
