"""What a band is, and a reason for one."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Band(StrEnum):
    """``no_data``: too little was seen; never a warning."""

    NO_DATA = "no_data"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"

    @property
    def severity(self) -> int:
        """0 = nothing to say, 1 = yellow, 2 = red."""
        return {Band.YELLOW: 1, Band.RED: 2}.get(self, 0)


class Rule(StrEnum):
    """Why a band is not green."""

    CEILING = "ceiling"
    SOFT_LIMIT = "soft_limit"
    EXTREME_COST_SPIKE = "extreme_cost_spike"
    COST_SPIKE = "cost_spike"
    POLICY_VIOLATION = "policy_violation"
    LOW_VALUE = "low_value"
    OPEN_FLAG = "open_flag"
    HOLD = "hold"


class Reason(msgspec.Struct, frozen=True):
    """Why somebody's band is at least ``band``: ``text`` says it with ``value`` and ``limit`` (in ``unit``).

    ``clears`` says what makes it go away, ``advice`` what one can do. ``about`` names the ceiling, policy or flag,
    ``events`` counts what is behind the value.
    """

    rule: Rule
    band: Band
    text: str
    clears: str
    advice: str
    value: float
    limit: float
    unit: str
    events: int
    about: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while the figures move."""
        return (self.rule, self.about)


class RawBand(msgspec.Struct, frozen=True):
    """What the rules say of a person at one moment, before ``scoring.bands.machine`` steadies it; worst reason first."""

    person_id: int
    band: Band
    reasons: tuple[Reason, ...] = ()


def banded(person_id: int, reasons: tuple[Reason, ...], *, is_enough_seen: bool) -> RawBand:
    """The worst of the reasons; without any green, or no_data where too little was seen."""
    if not reasons:
        return RawBand(person_id, Band.GREEN if is_enough_seen else Band.NO_DATA)
    ordered = sorted(reasons, key=lambda one: (-one.band.severity, -_overshoot(one), one.key))
    return RawBand(person_id, ordered[0].band, tuple(ordered))


def _overshoot(reason: Reason) -> float:
    return reason.value / reason.limit if reason.limit > 0 else reason.value
