"""Calendar periods in the program's zone: ISO weeks, months and quarters."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from scoring.program.badges import Period
from scoring.window import Window, local_day, midnight_us, window_before


class Stretch(msgspec.Struct, frozen=True):
    """One period: ``name`` is ``2026-W23``, ``2026-06`` or ``2026-Q2``."""

    period: Period
    name: str
    window: Window


def last_complete(period: Period, at_us: int, zone: ZoneInfo) -> Stretch:
    """The newest period that had ended by ``at_us``."""
    running = _first_day(period, local_day(at_us, zone))
    return _stretch(period, running - timedelta(days=1), midnight_us(running, zone), zone)


def running(period: Period, at_us: int, zone: ZoneInfo) -> Stretch:
    """The period of the moment before ``at_us``, up to then."""
    return _stretch(period, local_day(at_us - 1, zone), at_us, zone)


def before(period: Period, stretch: Stretch, zone: ZoneInfo) -> Stretch:
    """The period before ``stretch``."""
    return last_complete(period, stretch.window.start_us, zone)


def _stretch(period: Period, last: date, end_us: int, zone: ZoneInfo) -> Stretch:
    days = (last - _first_day(period, last)).days + 1
    return Stretch(period, _name(period, last), window_before(end_us, days, zone))


def _first_day(period: Period, day: date) -> date:
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if period is Period.MONTH else (day.month - 1) // 3 * 3 + 1)


def _name(period: Period, day: date) -> str:
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if period is Period.MONTH else f"{day.year}-Q{(day.month + 2) // 3}"
