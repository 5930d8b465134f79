"""What a source gives: some events at a time, and how far it has got with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import msgspec

from bot.faults import Fault
from bot.hooks.decoding import Fault as Unreadable
from bot.hooks.decoding import join
from bot.hooks.sane import Insane, check
from db.pulls import Reached
from db.rejected import Rejected
from scoring.events import Event
from scoring.window import from_us, to_us

_DAY = timedelta(days=1)


class Days(msgspec.Struct, frozen=True):
    """The UTC days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def each(self) -> list[date]:
        return [self.first + _DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def past(self) -> date:
        """The first day after them."""
        return self.last + _DAY


class Portion(msgspec.Struct, frozen=True):
    """Some of what was asked for.

    ``part`` is the UTC day or the delivery it is of, ``reached`` how far that is done once the portion is stored; None =
    more may still come of it, so that it is asked for again. ``left_out`` were no usage, ``sent_again`` come by webhook;
    ``share`` of all is done.
    """

    part: str
    share: float
    events: Sequence[Event] = ()
    rejected: Sequence[Rejected] = ()
    left_out: int = 0
    sent_again: int = 0
    reached: Reached | None = None


Portions: TypeAlias = AsyncIterator[Portion]
Progress: TypeAlias = Mapping[str, Reached]
"""How far each part was done before, by its name."""


def utc_midnight_us(day: date) -> int:
    return to_us(datetime(day.year, day.month, day.day, tzinfo=UTC))


def utc_day(time_us: int) -> date:
    return from_us(time_us).date()


def read_days(first: str | None, last: str | None, now_us: int) -> Days:
    """The days that people ask for: by default the last three and today. Raises ``Fault``."""
    today = utc_day(now_us)
    end = _day("--to", last) or today
    start = _day("--from", first) or end - 3 * _DAY
    if start > end:
        raise Fault(f"--from {start} is after --to {end}")
    if end > today:
        raise Fault(f"--to {end} is not here yet; in UTC it is {today}")
    return Days(start, end)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Fault(f'{option}: "{text}" is not a day; write 2026-11-02') from error


class Sorting:
    """Sorts what can be kept from what is kept aside, of one portion."""

    def __init__(self, now_us: int) -> None:
        self.events: list[Event] = []
        self.rejected: list[Rejected] = []
        self._now_us = now_us

    def take(self, place: str, read: Callable[[], Sequence[Event]]) -> None:
        """Takes the events that ``read`` gives, or keeps them aside with their ``place`` and the reason."""
        try:
            events = read()
            for event in events:
                check(event, self._now_us)
        except (Unreadable, Insane) as error:
            self.keep_aside(place, error)
        else:
            self.events += events

    def keep_aside(self, place: str, error: Unreadable | Insane) -> None:
        self.rejected.append(Rejected(join(place, error.place), error.text))
