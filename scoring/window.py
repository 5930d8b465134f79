"""Stretches of time: half-open, in microseconds since 1970 UTC, cut at the program's midnights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware ``moment``, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_us(time_us: int) -> datetime:
    """The aware UTC moment that lies ``time_us`` microseconds after 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=time_us)


def midnight_us(day: date, zone: ZoneInfo) -> int:
    """When ``day`` begins in ``zone``."""
    return to_us(datetime(day.year, day.month, day.day, tzinfo=zone))


def local_day(time_us: int, zone: ZoneInfo) -> date:
    """The calendar day in ``zone`` on which ``time_us`` falls."""
    return from_us(time_us).astimezone(zone).date()


class Window(msgspec.Struct, frozen=True):
    """What a board looks at: ``start_us`` (a local midnight) <= t < ``end_us``.

    ``whole_days`` lie in it entirely, oldest first; ``cut_day`` is the last day where ``end_us`` is not a local midnight.
    """

    start_us: int
    end_us: int
    whole_days: tuple[date, ...]
    cut_day: date | None

    @property
    def days(self) -> tuple[date, ...]:
        """Every local day that it touches, oldest first."""
        return self.whole_days if self.cut_day is None else (*self.whole_days, self.cut_day)

    @property
    def day_count(self) -> int:
        return len(self.days)


def window_before(at_us: int, days: int, zone: ZoneInfo) -> Window:
    """The ``days`` local days that end at ``at_us``; the day of ``at_us`` is one of them unless it has just begun."""
    last = local_day(at_us - 1, zone)
    first = last - timedelta(days=days - 1)
    every = tuple(first + timedelta(days=n) for n in range(days))
    is_cut = at_us < midnight_us(last + timedelta(days=1), zone)
    return Window(
        start_us=midnight_us(first, zone),
        end_us=at_us,
        whole_days=every[:-1] if is_cut else every,
        cut_day=last if is_cut else None,
    )
