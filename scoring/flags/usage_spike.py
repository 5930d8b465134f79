"""Days that carry far more usage than one's usual days, at the end of the month above all, with no more work done on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.wording import dollars, on_days

_LEAST_DAYS = 10  # of one's own, beside those that stand out, to know what is usual
_LEAST_DISTANCE = 2.5  # robust standard deviations on a log scale
_LEAST_TIMES = 2.5  # one's usual day
_LEAST_SPREAD = 0.35  # of somebody whose days are all alike; natural logarithm
_MAD_TO_SD = 1.4826
_MONTH_END_DAYS = 5  # working days
_AFTERWARDS = timedelta(days=3)  # until then a task still counts as done with what was used
_LASTS = 6  # so many days that stand out with few between them until now are a new habit, no spike
_LASTING_SHARE = 0.6
_GROWN, _TO_COMPARE = 2.0, 3  # or so many times the usage on the other days, and days to tell by


class _Days(msgspec.Struct, frozen=True):
    """A person's active days, oldest first, with dollars spent on each; which stand out, and what a usual one takes."""

    days: tuple[date, ...]
    spent: NDArray[np.float64]
    is_high: NDArray[np.bool_]
    usual: float


def usage_spikes(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever used as much beyond the usual as on ``flags.month_end_days`` of their own days, at the end of a month, or
    on ``flags.spike_days`` at any time; and got no more done by it."""
    for person_id, usage in facts.by_person(facts.production):
        spent = facts.spent(usage)
        if usage.days[-1] < facts.first_day.toordinal() or len(usage) < _LEAST_DAYS + 1:
            continue
        found = _days(tuple(map(date.fromordinal, usage.days.tolist())), spent)
        if found is not None:
            yield from _spike(facts, person_id, found)


def _days(days: tuple[date, ...], spent: NDArray[np.float64]) -> _Days | None:
    """None where there are too few days to know what is usual, or none that stands out."""
    counts = spent > 0
    if counts.sum() <= _LEAST_DAYS:
        return None
    logs = np.log(spent[counts])
    middle = np.median(logs)
    spread = max(_LEAST_SPREAD, float(np.median(np.abs(logs - middle))) * _MAD_TO_SD)
    line = np.exp(middle + max(_LEAST_DISTANCE * spread, np.log(_LEAST_TIMES)))
    is_high = spent >= line
    rest = spent[counts & ~is_high]
    if not is_high.any() or len(rest) < _LEAST_DAYS:
        return None
    return _Days(days, spent, is_high, float(np.median(rest)))


def _spike(facts: FlagFacts, person_id: int, found: _Days) -> Iterator[Flag]:
    in_window = np.array([day >= facts.first_day for day in found.days])
    at_month_end = np.array([is_month_end(day) for day in found.days])
    ends, any_time = found.is_high & in_window & at_month_end, found.is_high & in_window
    rules = facts.rules
    candidates = []
    if not _is_as_usual_elsewhere(found, at_month_end) and not _is_season(facts, person_id, found, at_month_end):
        candidates.append((ends, rules.month_end_days if ends.sum() > 1 else rules.spike_days))
    if not _is_habit(found, in_window) and not _lasts(found, any_time):
        candidates.append((any_time, rules.spike_days))
    best: tuple[float, NDArray[np.bool_], float, float] | None = None
    for picked, limit in candidates:
        worth, work = _worth(facts, person_id, found, picked)
        if best is None or worth / limit > best[0]:
            best = (worth / limit, picked, limit, work)
    if best is None or best[0] < 1:
        return
    strength, picked, limit, work = best
    days = [day for day, is_picked in zip(found.days, picked, strict=True) if is_picked]
    spent = float(found.spent[picked].sum())
    if spent - len(days) * found.usual < rules.least_usd:
        return
    is_end = bool(at_month_end[picked].all())
    yield flagged_days(
        facts,
        person_id,
        FlagKind.USAGE_SPIKE,
        days,
        strength,
        evidence={
            "usd_on_these_days": round(spent, 2),
            "usd_on_a_usual_day": round(found.usual, 4),
            "times_a_usual_day": round(spent / len(days) / found.usual, 1),
            "work_times_usual": round(work, 2),
            "limit_usual_days": limit,
            "month_end": "yes" if is_end else "no",
        },
        text=f"{on_days(days)} usage cost {dollars(spent)}, as much as {spent / found.usual:.0f} usual days"
        f"{', at the end of the month' if is_end else ''}; the work done then was {work:.1f} times the usual.",
    )


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


def _worth(facts: FlagFacts, person_id: int, found: _Days, picked: NDArray[np.bool_]) -> tuple[float, float]:
    """How many usual days' usage the picked days carry beyond their own, for the work done on them, and that work as a
    multiple of the usual."""
    count = int(picked.sum())
    if not count:
        return 0.0, 0.0
    days = {day for day, is_picked in zip(found.days, picked, strict=True) if is_picked}
    done = [facts.day_of(one.time_us) for one in facts.deliveries.get(person_id, ()) if one.accepted > 0]
    then = {day + step for day in days for step in (timedelta(), timedelta(days=1), _AFTERWARDS)}
    in_time = sum(day in days or (day in then and day not in found.days) for day in done)
    elsewhere = (len(done) - in_time) / max(1, len(found.days) - count)
    work = in_time / count / elsewhere if elsewhere else float(in_time > 0)
    total = float(found.spent[picked].sum()) / found.usual
    return total / max(1.0, work) - count, work


def _is_as_usual_elsewhere(found: _Days, at_month_end: NDArray[np.bool_]) -> bool:
    """Do days outside month-ends stand out about as often?"""
    if not at_month_end.any() or at_month_end.all():
        return True
    return bool(found.is_high[~at_month_end].mean() >= found.is_high[at_month_end].mean() / 2)


def _is_season(facts: FlagFacts, person_id: int, found: _Days, at_month_end: NDArray[np.bool_]) -> bool:
    """Has somebody none of whose work is known had an earlier month-end like it? Work tells better where it is known."""
    if facts.deliveries.get(person_id):
        return False
    months = {(day.year, day.month) for day in np.array(found.days)[found.is_high & at_month_end]}
    return len(months) >= 2


def _is_habit(found: _Days, in_window: NDArray[np.bool_]) -> bool:
    """Did days stand out about as often before? Then they are a weekly batch, say."""
    if in_window.all():
        return False
    return bool(found.is_high[~in_window].mean() >= found.is_high[in_window].mean() / 2)


def _lasts(found: _Days, picked: NDArray[np.bool_]) -> bool:
    """Has it gone on since, or have the other days grown with it? Then it is a new way of working."""
    places = np.flatnonzero(picked)
    if not len(places):
        return False
    since, before = slice(places[0], None), slice(0, places[0])
    if len(places) >= _LASTS and found.is_high[since].mean() >= _LASTING_SHARE:
        return True
    rest = found.spent[since][~found.is_high[since]]
    if len(rest) < _TO_COMPARE or places[0] < _TO_COMPARE:
        return False
    return bool(np.median(rest) >= _GROWN * np.median(found.spent[before]))
