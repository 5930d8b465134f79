"""Days on which nobody in a place is expected to work: weekends and public holidays.

Only what is shown to a person about their own work looks at these, never a score: a region is none of its business.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY, _SUNDAY = 5, 6


def is_calendar(code: str) -> bool:
    """Is ``code`` a country ("DE", "Germany") or a part of one ("US-CA", ISO 3166-2) whose holidays are known?"""
    if not code:
        return False
    try:
        _calendar(code)
    except NotImplementedError:
        return False
    return True


def days_off(days: Iterable[date], calendar: str | None) -> frozenset[date]:
    """Which of ``days`` are off in ``calendar``, a code that ``is_calendar``; without one, Saturdays and Sundays."""
    if calendar is None:
        return frozenset(day for day in days if day.weekday() in (_SATURDAY, _SUNDAY))
    known = _calendar(calendar)
    return frozenset(day for day in days if not known.is_working_day(day))


def _calendar(code: str) -> HolidayBase:
    from holidays import country_holidays  # takes as long to import as all the rest, and few commands need it

    country, _, subdivision = code.partition("-")
    return country_holidays(country, subdiv=subdivision or None)
