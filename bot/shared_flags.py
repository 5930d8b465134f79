"""Flags looked for once where several jobs go by them in the same slot: they begin together, and looking takes them longest."""

from __future__ import annotations

from threading import Lock

import msgspec
from sqlalchemy import Connection

from bot.flagging import flags_at
from bot.world import RuleBook
from db.flags import last_decision_us
from scoring.evidence import Evidence
from scoring.flag import Flag

_FRESH_US = 120_000_000  # jobs of one slot begin within this; for whoever comes later, what came in late counts


class _Look(msgspec.Struct, frozen=True):
    """What decides which flags there are, beside the ledger."""

    at_us: int
    version: str
    decided_us: int


class SharedFlags:
    """Those of the moment that was looked at last. Whoever comes while somebody looks waits for what they find."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._look: _Look | None = None
        self._found: tuple[Flag, ...] = ()
        self._found_us = 0

    def at(
        self, conn: Connection, at_us: int, rules: RuleBook, now_us: int, happened: Evidence | None = None
    ) -> tuple[Flag, ...]:
        """``flags_at`` under ``rules``, with all that has been decided by now, and no older than two minutes.

        ``happened`` as of ``flags_at``.
        """
        look = _Look(at_us, rules.version, last_decision_us(conn))
        with self._lock:
            if look != self._look or now_us - self._found_us > _FRESH_US:
                self._found = flags_at(conn, at_us, rules.program, happened=happened)
                self._look, self._found_us = look, now_us
            return self._found
