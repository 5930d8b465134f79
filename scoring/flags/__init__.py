"""Flags: what looks like playing the game instead of doing the work. One file a kind, each a pure function of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from scoring.flag import Flag, FlagKind
from scoring.flags.decisions import Settled
from scoring.flags.facts import FlagFacts
from scoring.flags.idle_burn import idle_burns
from scoring.flags.prompt_loop import prompt_loops
from scoring.flags.review_ring import review_rings
from scoring.flags.shared_account import shared_accounts
from scoring.flags.trivial_tasks import trivial_tasks
from scoring.flags.unsupported_claims import unsupported_claims
from scoring.flags.usage_spike import usage_spikes

Detector: TypeAlias = Callable[[FlagFacts], Iterator[Flag]]

DETECTORS: Mapping[FlagKind, Detector] = {
    FlagKind.USAGE_SPIKE: usage_spikes,
    FlagKind.PROMPT_LOOP: prompt_loops,
    FlagKind.IDLE_BURN: idle_burns,
    FlagKind.TRIVIAL_TASKS: trivial_tasks,
    FlagKind.UNSUPPORTED_CLAIMS: unsupported_claims,
    FlagKind.SHARED_ACCOUNT: shared_accounts,
    FlagKind.REVIEW_RING: review_rings,
}
"""At most one flag a person and kind comes from each."""


def detect(facts: FlagFacts, settled: Mapping[tuple[int, FlagKind], Settled] | None = None) -> tuple[Flag, ...]:
    """The open flags, by person and kind.

    What people have decided about is no evidence of that kind any more: what is left must pass the limit by itself, and
    where a flag was dismissed, be clearly stronger than that was.
    """
    settled = settled or {}
    found = [
        flag
        for kind in facts.rules.kinds
        for flag in DETECTORS[kind](facts.without(settled, kind))
        if flag.strength >= settled.get((flag.person_id, kind), Settled()).least_strength
    ]
    return tuple(sorted(found, key=lambda one: (one.person_id, one.kind)))
