"""Where a ceiling leads at this pace: the day on which it is reached, and what the period ends with."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from scoring.calendar import working_days

_FEWEST_DAYS = 3  # finished working days; before that, a pace is a guess
_ENOUGH_TO_LEAVE_ONE_OUT = 5


class Projection(msgspec.Struct, frozen=True):
    """``reached_on`` is None where some of the ceiling is left at the end of the period; ``total`` is what that ends with."""

    reached_on: date | None
    total: int


def project(
    *, limit: int, before_today: int, busiest_day: int, today_so_far: int, first: date, today: date, last: date
) -> Projection | None:
    """The outlook for a period from ``first`` to ``last``; None while it is too early to tell, or nothing is left to come.

    The pace is that of the finished working days (what came on weekends included). From five of them on the
    busiest day is left out, so that one burst foretells nothing. Public holidays are unknown here and count as
    working days, which errs towards a later date.
    """
    finished = sum(1 for _ in working_days(first, today - timedelta(days=1)))
    spent = before_today + today_so_far
    if finished < _FEWEST_DAYS or today >= last or spent > limit:
        return None
    pace = before_today / finished
    if finished >= _ENOUGH_TO_LEAVE_ONE_OUT:
        pace = (before_today - busiest_day) / (finished - 1)
    total = float(spent)
    reached_on = None
    for day in working_days(today, last):
        total += max(0.0, pace - today_so_far) if day == today else pace
        if reached_on is None and total >= limit:
            reached_on = day
    return Projection(reached_on, round(total))
