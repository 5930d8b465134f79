"""Which slot of a job is due: every hour, once a local day, or once a local week, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from scoring.program import Weekday
from scoring.window import from_us, local_day, to_us

_DAY = timedelta(days=1)
_WEEKDAYS = tuple(Weekday)


class Hourly(msgspec.Struct, frozen=True):
    """Every hour of UTC, so that no hour is missed or doubled when local clocks change."""


class Daily(msgspec.Struct, frozen=True):
    """Every local day at ``at``."""

    at: time


class Weekly(msgspec.Struct, frozen=True):
    """Every ISO week, on its ``weekday`` at ``at`` local time."""

    weekday: Weekday
    at: time


Cadence: TypeAlias = Hourly | Daily | Weekly


class Slot(msgspec.Struct, frozen=True):
    """One turn of a job. ``name`` is the hour, local date or ISO week and never comes twice; ``at_us`` its instant."""

    name: str
    at_us: int


def due_slot(cadence: Cadence, zone: ZoneInfo, now_us: int) -> Slot:
    """The newest slot whose instant has come. Earlier ones that were missed stay missed."""
    if isinstance(cadence, Hourly):
        hour = from_us(now_us).replace(minute=0, second=0, microsecond=0)
        return Slot(f"{hour:%Y-%m-%dT%HZ}", to_us(hour))
    day = local_day(now_us, zone) + _DAY  # clocks set back at midnight can show yesterday after today began
    while not _is_turn(cadence, day) or instant_us(day, cadence.at, zone) > now_us:
        day -= _DAY
    return Slot(_name(cadence, day), instant_us(day, cadence.at, zone))


def instant_us(day: date, at: time, zone: ZoneInfo) -> int:
    """When a clock in ``zone`` first shows ``at`` on ``day``; a time that a clock change skips is the change itself."""
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    is_skipped = first > second  # PEP 495: fold=0 reckons with the offset before the change, fold=1 with the one after
    return to_us(_clock_change(second, first, zone) if is_skipped else first)


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second between two instants (UTC) at which the offset of ``zone`` becomes that of ``after``."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, (after - before) // timedelta(seconds=1)
    while high - low > 1:
        middle = (low + high) // 2
        is_after = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset
        low, high = (low, middle) if is_after else (middle, high)
    return (before + timedelta(seconds=high)).replace(microsecond=0)


def _is_turn(cadence: Daily | Weekly, day: date) -> bool:
    return isinstance(cadence, Daily) or _WEEKDAYS[day.weekday()] is cadence.weekday


def _name(cadence: Daily | Weekly, day: date) -> str:
    if isinstance(cadence, Daily):
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
