"""One person's figures in a window: what was delivered, at what cost, how well. No comparison yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import fsum
from statistics import median

import msgspec

from scoring.deliveries import Delivery, deliveries, keys_taken_back
from scoring.events import Lane, Policy
from scoring.evidence import Evidence, Happening, LaneUsage

_WEEK_US = 7 * 24 * 3600 * 1_000_000
_UNUSED = LaneUsage(0, Lane.PRODUCTION)  # of whoever used nothing
_PENALTY = {"low": 0.1, "medium": 0.3, "high": 1.0}


class Measures(msgspec.Struct, frozen=True, gc=False):
    """The figures behind a person's outcome score.

    Counts are of production deliveries in the window. ``accepted`` adds up their accepted shares; ``mean_quality`` is
    that of the ``quality_samples`` of known quality, None without any. ``cycle_hours`` and ``baseline_cycle_hours`` are
    medians. ``clean_share`` is 1 without policy violations.
    """

    person_id: int
    deliveries: int
    accepted: float
    active_days: int
    calls: int
    tokens: int
    unpriced_tokens: int
    cost_nanousd: int
    mean_quality: float | None
    quality_samples: int
    fault_samples: int
    faults: int
    cycle_samples: int
    cycle_hours: float | None
    baseline_cycle_hours: float | None
    weeks: int
    weeks_with_delivery: int
    policy_events: int
    clean_share: float

    @property
    def has_usage(self) -> bool:
        """Metrics tell of tokens and not of calls."""
        return self.calls > 0 or self.tokens > 0


def measure(evidence: Evidence) -> dict[int, Measures]:
    """Everybody's figures, by person id; people of whom nothing is known are there with zeros."""
    usage = {one.person_id: one for one in evidence.usage if one.lane is Lane.PRODUCTION}
    days = {one.person_id: one.days for one in evidence.active_days if one.lane is Lane.PRODUCTION}
    happenings: dict[int, list[Happening]] = {}
    for happening in evidence.happenings:
        happenings.setdefault(happening.person_id, []).append(happening)
    taken_back = keys_taken_back(evidence.happenings)
    return {
        person.id: _measures(
            person.id,
            usage.get(person.id, _UNUSED),
            days.get(person.id, 0),
            happenings.get(person.id, ()),
            taken_back,
            evidence,
        )
        for person in evidence.people
    }


def _measures(
    person_id: int,
    usage: LaneUsage,
    active_days: int,
    happenings: Sequence[Happening],
    taken_back: Collection[bytes],
    evidence: Evidence,
) -> Measures:
    window = evidence.window
    every = deliveries(happenings, taken_back)
    work = [one for one in every if one.time_us >= window.start_us]
    before = [one for one in every if one.time_us < window.start_us]
    qualities = [one.quality for one in work if one.quality is not None]
    cycles, earlier_cycles = _cycles(work), _cycles(before)
    reported = [one.faults for one in work if one.faults is not None]
    policies = [one.fact for one in happenings if isinstance(one.fact, Policy) and one.time_us >= window.start_us]
    weeks = -(-window.day_count // 7)
    return Measures(
        person_id=person_id,
        deliveries=len(work),
        accepted=fsum(one.accepted for one in work),
        active_days=active_days,
        calls=usage.calls,
        tokens=usage.tokens,
        unpriced_tokens=usage.unpriced_tokens,
        cost_nanousd=usage.cost_nanousd,
        mean_quality=fsum(qualities) / len(qualities) if qualities else None,
        quality_samples=len(qualities),
        fault_samples=len(reported),
        faults=sum(reported),
        cycle_samples=min(len(cycles), len(earlier_cycles)),
        cycle_hours=_median_hours(cycles),
        baseline_cycle_hours=_median_hours(earlier_cycles),
        weeks=weeks,
        weeks_with_delivery=len(
            {min(weeks - 1, (window.end_us - 1 - one.time_us) // _WEEK_US) for one in work if one.accepted > 0}
        ),
        policy_events=len(policies),
        clean_share=max(0.0, 1 - fsum(_PENALTY[one.severity or "low"] for one in policies if one.kind == "violation")),
    )


def _cycles(work: Sequence[Delivery]) -> list[int]:
    """From start to done, in microseconds, where that is known."""
    return [cycle_us for one in work if (cycle_us := one.cycle_us) is not None]


def _median_hours(cycles_us: Sequence[int]) -> float | None:
    return median(cycles_us) / 3.6e9 if cycles_us else None
