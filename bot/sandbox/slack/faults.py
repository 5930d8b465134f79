"""Faults that the stand-in plays, in the order in which they were asked for, each once."""

from __future__ import annotations

from collections import deque
from enum import StrEnum

import msgspec


class FaultKind(StrEnum):
    """What goes wrong with a call; ``AFTER`` means that it had its effect all the same."""

    RATE_LIMITED = "rate_limited"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    INTERNAL_ERROR_AFTER = "internal_error_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HTML = "html"


class Fault(msgspec.Struct, frozen=True):
    """``retry_after``: what the header says, as Slack writes it."""

    method: str
    kind: FaultKind
    retry_after: str = "1"


class Faults:
    """The faults still to play."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = {}

    def plan(self, method: str, *kinds: FaultKind, retry_after: str = "1") -> None:
        """The next calls of ``method`` go wrong in these ways, in this order."""
        self._waiting.setdefault(method, deque()).extend(Fault(method, kind, retry_after) for kind in kinds)

    def next(self, method: str) -> Fault | None:
        waiting = self._waiting.get(method)
        return waiting.popleft() if waiting else None
