"""Deliveries: what counts as one piece of work. Neither splitting a task nor reporting it twice makes two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter

import msgspec

from scoring.events import Lane, Outcome
from scoring.evidence import Happening

_BURST_US = 15 * 60 * 1_000_000
_BY_TIME = attrgetter("time_us", "key")
_BY_KIND_AND_TIME = attrgetter("kind", "time_us")
_BY_END = attrgetter("time_us")


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """One piece of finished work, reversals and later reports of the same task applied.

    ``accepted`` is the share of its parts that were, 0 to 1. ``quality`` joins what is known of quality and of how little
    people rewrote, 0 to 1. ``faults`` counts errors, escalations and incidents; None = nobody reports any.
    """

    time_us: int
    kind: str
    started_us: int | None
    accepted: float
    quality: float | None
    faults: int | None

    @property
    def cycle_us(self) -> int | None:
        """From start to done."""
        return None if self.started_us is None else max(0, self.time_us - self.started_us)


def keys_taken_back(happenings: Iterable[Happening]) -> frozenset[bytes]:
    """The keys of the outcomes that were taken back in the end, by anybody."""
    return taken_back_by((one.time_us, one.key, one.reverses_key) for one in happenings if one.reverses_key is not None)


def taken_back_by(reversals: Iterable[tuple[int, bytes, bytes]]) -> frozenset[bytes]:
    """The keys that ``reversals`` (time, own key, key taken back) take back: whoever takes one of them back restores."""
    gone: set[bytes] = set()
    for _, key, reverses in sorted(reversals, reverse=True):
        if key not in gone:
            gone.add(reverses)
    return frozenset(gone)


def deliveries(happenings: Sequence[Happening], taken_back: Collection[bytes]) -> tuple[Delivery, ...]:
    """The production deliveries in one person's ``happenings``, oldest first.

    - An outcome that anybody took back (its key is in ``taken_back``) was not accepted and is a fault; taking back is
      itself no work.
    - All outcomes of one task are one delivery, with its last state.
    - Outcomes of one kind that end within 15 minutes of each other, with no start of their own that tells them apart,
      are one delivery: a task handed in as ten pieces is still one.
    """
    latest: dict[str, Delivery] = {}
    found: list[Delivery] = []
    for one in sorted(happenings, key=_BY_TIME):
        outcome = one.fact
        if not isinstance(outcome, Outcome) or outcome.lane is not Lane.PRODUCTION or one.reverses_key is not None:
            continue
        part = _part(one.time_us, outcome, is_reversed=one.key in taken_back)
        if outcome.task is None:
            found.append(part)
        else:
            latest[outcome.task] = _after(latest[outcome.task], part) if outcome.task in latest else part
    found.extend(latest.values())
    bursts = _bursts(sorted(found, key=_BY_KIND_AND_TIME))
    return tuple(sorted((_merged(burst) for burst in bursts), key=_BY_END))


def _part(time_us: int, outcome: Outcome, *, is_reversed: bool) -> Delivery:
    is_accepted = outcome.is_accepted is not False  # something got done, unless somebody says that it was refused
    faults = _faults(outcome)
    return Delivery(
        time_us=time_us,
        kind=outcome.kind,
        started_us=outcome.started_us,
        accepted=float(is_accepted and not is_reversed),
        quality=_quality(outcome),
        faults=(faults or 0) + 1 if is_reversed else faults,
    )


def _faults(outcome: Outcome) -> int | None:
    errors, escalated, incident = outcome.errors, outcome.is_escalated, outcome.is_incident
    if errors is None and escalated is None and incident is None:
        return None
    return (errors or 0) + (escalated or 0) + (incident or 0)


def _quality(outcome: Outcome) -> float | None:
    if outcome.edit_distance is None:
        return outcome.quality
    kept = 1 - outcome.edit_distance
    return kept if outcome.quality is None else (outcome.quality + kept) / 2


def _after(earlier: Delivery, later: Delivery) -> Delivery:
    """The state of a task after ``later``: what it does not say stays as it was, faults add up."""
    return Delivery(
        time_us=later.time_us,
        kind=later.kind,
        started_us=_earliest(earlier.started_us, later.started_us),
        accepted=later.accepted,
        quality=earlier.quality if later.quality is None else later.quality,
        faults=_total(earlier.faults, later.faults),
    )


def _bursts(parts: Sequence[Delivery]) -> list[list[Delivery]]:
    """Groups of parts, ordered by kind and time, that are pieces of one delivery."""
    bursts: list[list[Delivery]] = []
    for part in parts:
        if bursts and _is_piece_of(part, bursts[-1][-1]):
            bursts[-1].append(part)
        else:
            bursts.append([part])
    return bursts


def _is_piece_of(part: Delivery, before: Delivery) -> bool:
    if part.kind != before.kind or part.time_us - before.time_us > _BURST_US:
        return False
    if part.started_us is None or before.started_us is None:
        return True
    return abs(part.started_us - before.started_us) <= _BURST_US or part.time_us - part.started_us <= _BURST_US


def _merged(burst: Sequence[Delivery]) -> Delivery:
    last = burst[-1]
    if len(burst) == 1:
        return last
    qualities = [part.quality for part in burst if part.quality is not None]
    faults = [part.faults for part in burst if part.faults is not None]
    return Delivery(
        time_us=last.time_us,
        kind=last.kind,
        started_us=min((part.started_us for part in burst if part.started_us is not None), default=None),
        accepted=sum(part.accepted for part in burst) / len(burst),
        quality=sum(qualities) / len(qualities) if qualities else None,
        faults=sum(faults) if faults else None,
    )


def _earliest(one: int | None, other: int | None) -> int | None:
    known = [start for start in (one, other) if start is not None]
    return min(known, default=None)


def _total(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
