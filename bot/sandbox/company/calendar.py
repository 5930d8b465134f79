"""The eight weeks that the made-up history covers, up to the moment of the demo."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from scoring.window import local_day, to_us

ZONE = ZoneInfo("Europe/Berlin")
DAYS = 56


class Calendar(msgspec.Struct, frozen=True):
    """The 56 local days that end with the day of ``now_us``. Nothing happens at ``now_us`` or later."""

    now_us: int

    @property
    def first_day(self) -> date:
        return local_day(self.now_us, ZONE) - timedelta(days=DAYS - 1)

    def day(self, number: int) -> date:
        """Day ``number``, from 0 (eight weeks ago) to 55 (today)."""
        return self.first_day + timedelta(days=number)

    def is_workday(self, number: int) -> bool:
        return self.day(number).weekday() < 5

    def moment_us(self, number: int, hour: float) -> int:
        """``hour`` (0 to 24, with fractions) o'clock of day ``number``, to the second."""
        day = self.day(number)
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        return to_us(midnight + timedelta(seconds=int(hour * 3600)))

    def progress(self, number: int) -> float:
        """How much of the eight weeks has passed on day ``number``, 0 to 1."""
        return number / (DAYS - 1)
