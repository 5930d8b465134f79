"""Use outside one's safety tier: a policy violation, found in the roll-ups alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from scoring.events import Lane, Policy
from scoring.evidence import Happening
from scoring.models import normalise_model
from scoring.program import Tier
from scoring.window import midnight_us

OUTSIDE_TIER = "outside-tier"
"""The name of these violations; a milestone of that name settles them."""


class ModelUse(msgspec.Struct, frozen=True):
    """A person of ``tier`` used ``model`` in ``lane`` on a local day."""

    person_id: int
    tier: str
    day: date
    lane: Lane
    model: str


def is_outside(tiers: Iterable[Tier], tier: str, lane: Lane, model: str) -> bool:
    """Is that use outside ``tier``? A tier that the program does not describe forbids nothing."""
    return any(one.name == tier and not one.allows(lane, normalise_model(model)) for one in tiers)


def outside_tier(uses: Iterable[ModelUse], tiers: tuple[Tier, ...], zone: ZoneInfo) -> Iterator[Happening]:
    """One violation for each person and local day with use outside the tier, at the day's beginning, in order.

    One a day, however many models and calls: a day is what a person can change.
    """
    severities = {tier.name: tier.severity for tier in tiers}
    days = {
        (use.person_id, use.day): severities[use.tier]
        for use in uses
        if is_outside(tiers, use.tier, use.lane, use.model)
    }
    for (person_id, day), severity in sorted(days.items()):
        key = hashlib.sha256(f"{OUTSIDE_TIER}/{person_id}/{day.isoformat()}".encode()).digest()[:16]
        yield Happening(person_id, midnight_us(day, zone), key, Policy("violation", OUTSIDE_TIER, severity))


def is_use_outside_tier(policy: Policy) -> bool:
    return policy.kind == "violation" and policy.name == OUTSIDE_TIER
