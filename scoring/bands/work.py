"""What bands look at besides usage: what each person finished, and which policy violations are open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from math import fsum

import msgspec

from scoring.deliveries import deliveries
from scoring.eligibility import open_violations
from scoring.events import Policy
from scoring.evidence import Happening
from scoring.tiers import is_use_outside_tier


class Work(msgspec.Struct, frozen=True):
    """A person's finished production work since a moment, and all violations that are open.

    ``accepted`` adds up accepted shares; ``quality`` is the mean where known. ``days_outside_tier`` are those with use
    that the person's safety tier does not allow, whatever its severity.
    """

    person_id: int
    deliveries: int
    accepted: float
    quality: float | None
    violations: tuple[Happening, ...] = ()
    days_outside_tier: int = 0


def work_of(happenings: Iterable[Happening], taken_back: Collection[bytes], since_us: int) -> Iterator[Work]:
    """Everybody's work; ``happenings`` come person by person, and each person's may be forgotten once they are through."""
    for person_id, group in groupby(happenings, key=lambda one: one.person_id):
        mine = list(group)
        done = [one for one in deliveries(mine, taken_back) if one.time_us >= since_us]
        qualities = [one.quality for one in done if one.quality is not None]
        violations = open_violations(mine)
        outside = sum(isinstance(one.fact, Policy) and is_use_outside_tier(one.fact) for one in mine)
        if done or violations or outside:
            yield Work(
                person_id=person_id,
                deliveries=len(done),
                accepted=fsum(one.accepted for one in done),
                quality=fsum(qualities) / len(qualities) if qualities else None,
                violations=tuple(violations.values()),
                days_outside_tier=outside,
            )
