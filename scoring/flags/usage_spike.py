"""Days that carry far more usage than one's usual days, at the end of the month above all, with no more work done on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.comparison import medians_of_each
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.wording import dollars, on_days
from scoring.usage import DaySpending

_LEAST_DAYS = 10  # of one's own, beside those that stand out, to know what is usual
_LEAST_DISTANCE = 2.5  # robust standard deviations on a log scale
_LEAST_TIMES = 2.5  # one's usual day
_LEAST_SPREAD = 0.35  # of somebody whose days are all alike; natural logarithm
_MAD_TO_SD = 1.4826
_MONTH_END_DAYS = 5  # working days
_AFTERWARDS = 3  # days on which a task still counts as done with what was used
_LASTS = 6  # so many days that stand out with few between them until now are a new habit, no spike
_LASTING_SHARE = 0.6
_STRETCH = 2  # places between days that follow on each other: one in between may be calm
_NEARBY = 10  # days before or after, to know what is usual now
_GROWN, _TO_COMPARE = 2.0, 3  # or so many times the usage on the other days, and days to tell by


class _Days(msgspec.Struct, frozen=True, eq=False):
    """A person's active days, oldest first, with dollars spent on each, and what a usual one takes."""

    days: tuple[date, ...]
    spent: NDArray[np.float64]
    usual: float
    in_window: NDArray[np.bool_]
    at_month_end: NDArray[np.bool_]


class _Spike(msgspec.Struct, frozen=True, eq=False):
    """Days that stand out: usage worth ``worth`` other days beyond their own, held against ``limit``.

    ``work`` is what got done on them, as a multiple of that on other days, one of which takes ``other`` dollars: the mean,
    as the work is a mean too. A day in the middle may be one of those between two tasks, when little is used.
    """

    picked: NDArray[np.bool_]
    worth: float
    work: float
    other: float
    limit: float


def usage_spikes(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever used as much beyond the usual as on ``flags.month_end_days`` of their own days, at the end of a month, or
    on ``flags.spike_days`` at any time; and got no more done by it."""
    for person_id, usage in facts.by_person(_of_whom_a_day_stands_out(facts)):
        found = _days(facts, usage)
        spikes = [_at_month_end(facts, person_id, found), _at_any_time(facts, person_id, found)]
        spike = max((one for one in spikes if one), key=lambda one: one.worth / one.limit, default=None)
        if spike is not None and spike.worth >= spike.limit:
            yield from _flag(facts, person_id, found, spike)


def _of_whom_a_day_stands_out(facts: FlagFacts) -> DaySpending:
    """The days with usage of everybody who has one in the window far above their usual; nobody else has a spike."""
    usage = facts.production
    usage = usage.where(facts.spent(usage) > 0)
    spent = facts.spent(usage)
    is_far_above = spent >= _LEAST_TIMES * medians_of_each(usage.person_ids, spent)
    in_window = usage.days >= facts.first_day.toordinal()
    return usage.where(np.isin(usage.person_ids, usage.person_ids[is_far_above & in_window]))


def _days(facts: FlagFacts, usage: DaySpending) -> _Days:
    spent = facts.spent(usage)
    days = tuple(map(date.fromordinal, usage.days.tolist()))
    ends = np.array([is_month_end(day) for day in days])
    return _Days(days, spent, float(np.median(spent)), np.array([day >= facts.first_day for day in days]), ends)


def _at_month_end(facts: FlagFacts, person_id: int, found: _Days) -> _Spike | None:
    """The days at the ends of months, where together they are far above as many days in a row at any other time."""
    high = found.at_month_end & (found.spent >= _LEAST_TIMES * found.usual)
    picked = high & found.in_window
    count, elsewhere = int(picked.sum()), found.spent[~found.at_month_end]
    if count < 2 or len(elsewhere) < _LEAST_DAYS or _is_season(facts, person_id, found, high):
        return None
    runs = np.log(np.convolve(elsewhere, np.full(count, 1 / count), mode="valid"))
    mean = float(found.spent[picked].mean())
    if np.log(mean) < _line(runs) or mean < _LEAST_TIMES * max(found.usual, *_around(found, picked)):
        return None
    return _spike(facts, person_id, found, picked, ~found.at_month_end, facts.rules.month_end_days)


def _around(found: _Days, picked: NDArray[np.bool_]) -> Iterator[float]:
    """What a day takes just before the picked days and just after: a new way of working shows there."""
    places = np.flatnonzero(picked)
    before = found.spent[: places[0]][-_TO_COMPARE:]
    after = found.spent[places[-1] + 1 :][:_TO_COMPARE]
    return (float(np.median(part)) for part in (before, after) if len(part) == _TO_COMPARE)


def _nearby(found: _Days, picked: NDArray[np.bool_], rest: NDArray[np.bool_]) -> Iterator[float]:
    """What one of the ``rest`` takes on average in the weeks just before the picked days and just after."""
    places = np.flatnonzero(picked)
    before = found.spent[: places[0]][rest[: places[0]]][-_NEARBY:]
    after = found.spent[places[-1] :][rest[places[-1] :]][:_NEARBY]
    return (float(part.mean()) for part in (before, after) if len(part) == _NEARBY)


def _at_any_time(facts: FlagFacts, person_id: int, found: _Days) -> _Spike | None:
    """The days far above the usual, unless such days are one's habit or one's new way of working."""
    line = max(float(np.exp(_line(np.log(found.spent)))), _LEAST_TIMES * found.usual)
    is_high = found.spent >= line
    every = is_high & found.in_window
    is_known = (~is_high).sum() >= _LEAST_DAYS
    if not every.any() or not is_known or _is_habit(found, is_high) or _lasts(found, is_high, every):
        return None
    picked = _heaviest_stretch(found, every)
    return _spike(facts, person_id, found, picked, ~picked, facts.rules.spike_days)


def _heaviest_stretch(found: _Days, high: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the ``high`` days those that follow on each other and took most: heavy days all over belong to lumpy work."""
    places = np.flatnonzero(high)
    stretches = np.split(places, np.flatnonzero(np.diff(places) > _STRETCH) + 1)
    picked = np.zeros(len(high), dtype=bool)
    picked[max(stretches, key=lambda one: float(found.spent[one].sum()))] = True
    return picked


def _line(logs: NDArray[np.float64]) -> float:
    """From where on a figure stands out among ``logs``."""
    middle = np.median(logs)
    spread = max(_LEAST_SPREAD, float(np.median(np.abs(logs - middle))) * _MAD_TO_SD)
    return float(middle + _LEAST_DISTANCE * spread)


def _spike(
    facts: FlagFacts,
    person_id: int,
    found: _Days,
    picked: NDArray[np.bool_],
    rest: NDArray[np.bool_],
    limit: float,
) -> _Spike:
    """``picked`` held against ``rest``: days that are not at the end of a month either, say."""
    count = int(picked.sum())
    work = _work(facts, person_id, found, picked)
    other = max(found.usual, float(found.spent[rest].mean()), *_nearby(found, picked, rest))
    total = float(found.spent[picked].sum()) / other
    return _Spike(picked, total / max(1.0, work) - count, work, other, limit)


def _flag(facts: FlagFacts, person_id: int, found: _Days, spike: _Spike) -> Iterator[Flag]:
    days = [day for day, is_picked in zip(found.days, spike.picked, strict=True) if is_picked]
    spent = float(found.spent[spike.picked].sum())
    if spent - len(days) * spike.other < facts.rules.least_usd:
        return
    is_end = bool(found.at_month_end[spike.picked].all())
    yield flagged_days(
        facts,
        person_id,
        FlagKind.USAGE_SPIKE,
        days,
        spike.worth / spike.limit,
        evidence={
            "usd_on_these_days": round(spent, 2),
            "usd_on_a_usual_day": round(spike.other, 4),
            "times_a_usual_day": round(spent / len(days) / spike.other, 1),
            "work_times_usual": round(spike.work, 2),
            "usual_days_beyond": round(spike.worth, 1),
            "limit_usual_days": spike.limit,
            "month_end": "yes" if is_end else "no",
        },
        text=f"{on_days(days)} usage cost {dollars(spent)}, as much as {spent / spike.other:.0f} usual days"
        f"{', at the end of the month' if is_end else ''}; the work done then was {spike.work:.1f} times the usual.",
    )


@lru_cache(maxsize=1024)  # asked for each day of each person
def is_month_end(day: date) -> bool:
    """Is ``day`` among the last five working days of its month, or a free day after the first of them?"""
    last = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    working = 0
    one = last
    while working < _MONTH_END_DAYS:
        working += one.weekday() < 5
        if one == day:
            return True
        one -= timedelta(days=1)
    return False


def _work(facts: FlagFacts, person_id: int, found: _Days, picked: NDArray[np.bool_]) -> float:
    """What got done on the picked days and just after, a day, as a multiple of what gets done on the others."""
    days = {day for day, is_picked in zip(found.days, picked, strict=True) if is_picked}
    done = [facts.day_of(one.time_us) for one in facts.deliveries.get(person_id, ()) if one.accepted > 0]
    then = {day + timedelta(days=after) for day in days for after in range(_AFTERWARDS + 1)}
    in_time = sum(day in days or (day in then and day not in found.days) for day in done)
    elsewhere = (len(done) - in_time) / (len(found.days) - len(days))
    return in_time / len(days) / elsewhere if elsewhere else float(in_time > 0)


def _is_season(facts: FlagFacts, person_id: int, found: _Days, is_high: NDArray[np.bool_]) -> bool:
    """Has somebody none of whose work is known had an earlier month-end like it? Work tells better where it is known."""
    if facts.deliveries.get(person_id):
        return False
    months = {(day.year, day.month) for day, one in zip(found.days, is_high, strict=True) if one}
    return len(months) >= 2


def _is_habit(found: _Days, is_high: NDArray[np.bool_]) -> bool:
    """Did days stand out about as often before? Then they are a weekly batch, say."""
    if found.in_window.all():
        return False
    return bool(is_high[~found.in_window].mean() >= is_high[found.in_window].mean() / 2)


def _lasts(found: _Days, is_high: NDArray[np.bool_], picked: NDArray[np.bool_]) -> bool:
    """Has it gone on since, or have the other days grown with it? Then it is a new way of working."""
    places = np.flatnonzero(picked)
    first = places[0]
    if len(places) >= _LASTS and is_high[first:].mean() >= _LASTING_SHARE:
        return True
    before, rest = found.spent[:first], found.spent[first:][~is_high[first:]]
    if len(rest) < _TO_COMPARE or len(before) < _TO_COMPARE:
        return False
    return bool(np.median(rest) >= _GROWN * np.median(before))
