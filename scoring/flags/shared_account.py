"""One identity that is used as several people would: in nearly all hours of a day, in several sessions at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import mean

from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.traces import BusyDay
from scoring.flags.wording import on_days

_DAYS = 3  # one night through is a deadline
_LEAST_CROWDED_SHARE = 0.5  # of the hours; a nightly batch beside a day's work stays below it


def shared_accounts(facts: FlagFacts) -> Iterator[Flag]:
    """Whose identity called in ``flags.busy_hours`` different hours of a day, mostly in several sessions at once."""
    busy: dict[int, dict[date, BusyDay]] = {}
    for one in facts.traces.busy_days:
        is_busy = one.hours >= facts.rules.busy_hours and one.crowded_hours >= one.hours * _LEAST_CROWDED_SHARE
        if is_busy and one.person_id in facts.players:
            busy.setdefault(one.person_id, {})[one.day] = one
    for person_id, days in sorted(busy.items()):
        if len(days) < _DAYS:
            continue
        hours, crowded = (mean(getattr(one, name) for one in days.values()) for name in ("hours", "crowded_hours"))
        yield flagged_days(
            facts,
            person_id,
            FlagKind.SHARED_ACCOUNT,
            days,
            len(days) / _DAYS,
            evidence={
                "days": len(days),
                "hours_a_day": round(hours, 1),
                "hours_with_several_sessions": round(crowded, 1),
                "limit_hours": facts.rules.busy_hours,
                "limit_days": _DAYS,
            },
            text=f"{on_days(days)} one identity called in {hours:.0f} hours of the day, in {crowded:.0f} of them in several "
            f"sessions at once.",
        )
