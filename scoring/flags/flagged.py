"""How a flag is put together: on days, or on outcomes and contributions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from scoring.evidence import Happening
from scoring.flag import Figure, Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.window import midnight_us


def flagged_days(
    facts: FlagFacts,
    person_id: int,
    kind: FlagKind,
    days: Collection[date],
    strength: float,
    *,
    evidence: Mapping[str, Figure],
    text: str,
) -> Flag:
    """A flag on the usage of ``days``."""
    zone = facts.program.zone
    return Flag(
        person_id=person_id,
        kind=kind,
        from_us=midnight_us(min(days), zone),
        to_us=min(midnight_us(max(days) + timedelta(days=1), zone), facts.evidence.window.end_us) - 1,
        evidence=dict(evidence),
        text=text,
        days=tuple(sorted(days)),
        strength=round(strength, 3),
    )


def flagged_happenings(
    person_id: int,
    kind: FlagKind,
    happenings: Sequence[Happening],
    strength: float,
    *,
    evidence: Mapping[str, Figure],
    text: str,
) -> Flag:
    """A flag on outcomes or contributions."""
    return Flag(
        person_id=person_id,
        kind=kind,
        from_us=min(one.time_us for one in happenings),
        to_us=max(one.time_us for one in happenings),
        evidence=dict(evidence),
        text=text,
        keys=tuple(sorted(one.key for one in happenings)),
        strength=round(strength, 3),
    )
