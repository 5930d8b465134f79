"""When somebody is at work: on weekdays from nine to five where they are."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.slots import instant_us
from scoring.window import from_us

_FIRST_HOUR, _LAST_HOUR = 9, 16  # until 17:00
_FRIDAY = 4
_DAY = timedelta(days=1)


def is_at_work(zone: ZoneInfo, at_us: int) -> bool:
    """Whether it is a weekday between 9:00 and 17:00 in ``zone``."""
    local = from_us(at_us).astimezone(zone)
    return local.weekday() <= _FRIDAY and _FIRST_HOUR <= local.hour <= _LAST_HOUR


def next_at_work_us(zone: ZoneInfo, at_us: int) -> int:
    """The moment itself where one is at work, else nine o'clock of the next weekday."""
    if is_at_work(zone, at_us):
        return at_us
    local = from_us(at_us).astimezone(zone)
    day = local.date() if local.hour < _FIRST_HOUR else local.date() + _DAY
    while day.weekday() > _FRIDAY:
        day += _DAY
    return instant_us(day, time(_FIRST_HOUR), zone)
