"""A flag: the suspicion that somebody plays the game instead of doing the work, with what a reviewer needs to judge it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

import msgspec


class FlagKind(StrEnum):
    """What is suspected."""

    USAGE_SPIKE = "usage_spike"
    PROMPT_LOOP = "prompt_loop"
    IDLE_BURN = "idle_burn"
    TRIVIAL_TASKS = "trivial_tasks"
    UNSUPPORTED_CLAIMS = "unsupported_claims"
    SHARED_ACCOUNT = "shared_account"
    REVIEW_RING = "review_ring"


class FlagState(StrEnum):
    """Not looked at yet, found true by a person, or found to be nothing."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


Figure: TypeAlias = int | float | str


class Flag(msgspec.Struct, frozen=True):
    """One suspicion about one person, between ``from_us`` and ``to_us`` (inclusive).

    ``evidence`` names the figures, with their units; never content. ``text`` says it in a sentence without blame.
    ``days`` are the local days whose usage is suspected, ``keys`` the outcomes and contributions that are.
    ``strength`` grows with what was seen, in units of the kind's own limit (1 = just at it).
    """

    person_id: int
    kind: FlagKind
    from_us: int
    to_us: int
    evidence: dict[str, Figure]
    text: str
    days: tuple[date, ...] = ()
    keys: tuple[bytes, ...] = ()
    strength: float = 1.0
    state: FlagState = FlagState.OPEN
