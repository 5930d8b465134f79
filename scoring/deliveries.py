"""Deliveries: what counts as one piece of work. Neither splitting a task nor reporting it twice makes two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from scoring.events import Lane, Outcome
from scoring.evidence import Happening

_BURST_US = 15 * 60 * 1_000_000


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """One piece of finished work. ``accepted`` is the share of its parts that were, 0 to 1.

    ``quality`` joins what is known of quality and of how little people rewrote, 0 to 1. ``faults`` counts errors,
    escalations and incidents; None = nobody reports any. ``outcomes`` is the number of events behind it.
    """

    time_us: int
    cycle_us: int | None
    accepted: float
    quality: float | None
    faults: int | None
    outcomes: int


class _Part(msgspec.Struct, frozen=True, gc=False):
    """An outcome as it stands in the end: reversals and later reports of the same task applied."""

    time_us: int
    kind: str
    started_us: int | None
    is_accepted: bool
    quality: float | None
    faults: int | None
    outcomes: int


def deliveries(happenings: Sequence[Happening], taken_back: Collection[bytes]) -> tuple[Delivery, ...]:
    """The production deliveries in one person's ``happenings``, oldest first.

    - An outcome that anybody took back (its key is in ``taken_back``) was not accepted and is a fault; taking back is
      itself no work.
    - All outcomes of one task are one delivery, with its last state.
    - Outcomes of one kind that end within 15 minutes of each other, with no start of their own that tells them apart,
      are one delivery: a task handed in as ten pieces is still one.
    """
    outcomes = sorted(
        (
            (happening, happening.fact)
            for happening in happenings
            if isinstance(happening.fact, Outcome) and happening.fact.lane is Lane.PRODUCTION
        ),
        key=lambda pair: (pair[0].time_us, pair[0].key),
    )
    parts = [
        _part(happening, outcome, is_reversed=happening.key in taken_back)
        for happening, outcome in outcomes
        if happening.reverses_key is None
    ]
    by_task = _one_per_task(parts, [outcome.task for happening, outcome in outcomes if happening.reverses_key is None])
    return tuple(_merged(burst) for burst in _bursts(by_task))


def _part(happening: Happening, outcome: Outcome, *, is_reversed: bool) -> _Part:
    is_accepted = outcome.is_accepted is not False  # something got done, unless somebody says that it was refused
    faults = _faults(outcome)
    return _Part(
        time_us=happening.time_us,
        kind=outcome.kind,
        started_us=outcome.started_us,
        is_accepted=is_accepted and not is_reversed,
        quality=_quality(outcome),
        faults=(faults or 0) + 1 if is_reversed else faults,
        outcomes=1,
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


def _one_per_task(parts: Sequence[_Part], tasks: Sequence[str | None]) -> list[_Part]:
    latest: dict[str, _Part] = {}
    alone: list[_Part] = []
    for part, task in zip(parts, tasks, strict=True):
        if task is None:
            alone.append(part)
        else:
            latest[task] = _after(latest[task], part) if task in latest else part
    return sorted([*alone, *latest.values()], key=lambda part: (part.kind, part.time_us))


def _after(earlier: _Part, later: _Part) -> _Part:
    """The state of a task after ``later``: what it does not say stays as it was, faults add up."""
    return _Part(
        time_us=later.time_us,
        kind=later.kind,
        started_us=_earliest(earlier.started_us, later.started_us),
        is_accepted=later.is_accepted,
        quality=earlier.quality if later.quality is None else later.quality,
        faults=_total(earlier.faults, later.faults),
        outcomes=earlier.outcomes + later.outcomes,
    )


def _bursts(parts: Iterable[_Part]) -> list[list[_Part]]:
    """Groups of parts, ordered by kind and time, that are pieces of one delivery."""
    bursts: list[list[_Part]] = []
    for part in parts:
        if bursts and _is_piece_of(part, bursts[-1][-1]):
            bursts[-1].append(part)
        else:
            bursts.append([part])
    return sorted(bursts, key=lambda burst: burst[-1].time_us)


def _is_piece_of(part: _Part, before: _Part) -> bool:
    if part.kind != before.kind or part.time_us - before.time_us > _BURST_US:
        return False
    if part.started_us is None or before.started_us is None:
        return True
    return abs(part.started_us - before.started_us) <= _BURST_US or part.time_us - part.started_us <= _BURST_US


def _merged(burst: Sequence[_Part]) -> Delivery:
    if len(burst) == 1:
        return _alone(burst[0])
    starts = [part.started_us for part in burst if part.started_us is not None]
    qualities = [part.quality for part in burst if part.quality is not None]
    faults = [part.faults for part in burst if part.faults is not None]
    return Delivery(
        time_us=burst[-1].time_us,
        cycle_us=max(0, burst[-1].time_us - min(starts)) if starts else None,
        accepted=sum(part.is_accepted for part in burst) / len(burst),
        quality=sum(qualities) / len(qualities) if qualities else None,
        faults=sum(faults) if faults else None,
        outcomes=sum(part.outcomes for part in burst),
    )


def _alone(part: _Part) -> Delivery:
    """What ``_merged`` gives for one part; nearly all are alone, and there are millions."""
    return Delivery(
        time_us=part.time_us,
        cycle_us=None if part.started_us is None else max(0, part.time_us - part.started_us),
        accepted=float(part.is_accepted),
        quality=part.quality,
        faults=part.faults,
        outcomes=part.outcomes,
    )


def _earliest(one: int | None, other: int | None) -> int | None:
    known = [start for start in (one, other) if start is not None]
    return min(known, default=None)


def _total(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
