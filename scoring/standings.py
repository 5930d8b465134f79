"""A board's result: who stands where, why, and who is not ranked and why."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scoring.window import Window

# gc=False as in scoring.events, and for the same reason.


class WithheldReason(StrEnum):
    """Why someone is not ranked."""

    QUARANTINED = "quarantined"
    TOO_LITTLE_EVIDENCE = "too_little_evidence"
    POLICY_HOLD = "policy_hold"
    OPTED_OUT = "opted_out"
    NOT_IN_COHORT = "not_in_cohort"


class Component(msgspec.Struct, frozen=True, gc=False):
    """One part of a score.

    ``value`` is the measured figure in ``unit`` (None = unmeasured); ``samples`` counts the events behind it.
    ``typical`` is the peer group's median. ``placement`` is where the shrunk value stands among peers, 0 to 1
    (0.5 = the median). ``points`` of all components add up to the score exactly; ``max_points`` is the most it could give.
    ``standard_error`` of the points is 0 where nothing is estimated. ``text`` says all this in one plain sentence, with its
    figures.
    """

    name: str
    value: float | None
    unit: str
    samples: int
    typical: float | None
    placement: float
    points: float
    max_points: float
    text: str
    standard_error: float = 0.0


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A ranked person (``person_id``) or team (``team``).

    ``score`` is 0 to 1000 with three decimals, ``percentile`` 0 to 100 (100 = best). From the evidence there is, the place
    may be anywhere from ``best_rank`` to ``worst_rank``; ``standard_error`` is that of the score.
    """

    rank: int
    person_id: int | None
    team: str | None
    score: float
    percentile: float
    is_provisional: bool
    components: tuple[Component, ...]
    next_step: str = ""
    standard_error: float = 0.0
    best_rank: int = 0
    worst_rank: int = 0


class Withheld(msgspec.Struct, frozen=True, gc=False):
    """A person or team without a rank. ``missing``: plain sentences that say what would bring one.

    ``due`` is the outcome score that waits for the decision on an open flag; no board shows it, but the team is judged by it.
    """

    person_id: int | None
    team: str | None
    reason: WithheldReason
    missing: tuple[str, ...] = ()
    due: float | None = None


class Standings(msgspec.Struct, frozen=True):
    """A board at a moment, under one program version. Entries by rank, ties by subject."""

    board: str
    window: Window
    program_version: str
    entries: tuple[Entry, ...]
    withheld: tuple[Withheld, ...]
