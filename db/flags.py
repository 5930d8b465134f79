"""Flags as they were found, and what people decided about them. Decisions are only ever added."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, func, insert, select, text

from db.tables import flag_decisions, flags
from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags.decisions import Decision

_KEEP = text(
    "INSERT INTO flags (id, person_id, kind, found_us, seen_us, flag)"
    " VALUES (:id, :person_id, :kind, :at_us, :at_us, :flag)"
    " ON CONFLICT (id) DO UPDATE SET seen_us = excluded.seen_us, flag = excluded.flag"
    " WHERE excluded.seen_us > flags.seen_us"
)


def keep_flags(conn: Connection, found: Mapping[str, Flag], at_us: int) -> None:
    """Puts down the flags, by id, that were seen at ``at_us``."""
    if not found:
        return
    rows = [
        {"id": id, "person_id": flag.person_id, "kind": flag.kind.value, "at_us": at_us, "flag": _text(flag)}
        for id, flag in sorted(found.items())
    ]
    conn.execute(_KEEP, rows)


def ids_known(conn: Connection, at_us: int, since_us: int) -> dict[str, tuple[int, FlagKind]]:
    """Person and kind of the flags, by id, that had been found by ``at_us`` and were seen since ``since_us``."""
    query = (
        select(flags.c.id, flags.c.person_id, flags.c.kind)
        .where(flags.c.found_us <= at_us, flags.c.seen_us >= since_us)
        .order_by(flags.c.found_us, flags.c.id)
    )
    return {id: (person_id, FlagKind(kind)) for id, person_id, kind in conn.execute(query)}


def append_decision(conn: Connection, decision: Decision) -> None:
    """Puts a decision down."""
    flag = decision.flag
    conn.execute(
        insert(flag_decisions).values(
            flag_id=decision.flag_id,
            person_id=flag.person_id,
            kind=flag.kind.value,
            flag=_text(flag),
            verdict=decision.verdict.value,
            decided_by=decision.by,
            reason=decision.reason,
            decided_us=decision.decided_us,
        )
    )


def decisions_before(conn: Connection, at_us: int) -> tuple[Decision, ...]:
    """Every decision taken before ``at_us``, in the order in which they were."""
    of = flag_decisions.c
    query = (
        select(of.flag_id, of.flag, of.verdict, of.decided_by, of.reason, of.decided_us)
        .where(of.decided_us < at_us)
        .order_by(of.decided_us, of.id)
    )
    return tuple(
        Decision(flag_id, _flag(said), FlagState(verdict), by, reason, decided_us)
        for flag_id, said, verdict, by, reason, decided_us in conn.execute(query)
    )


def last_decision_us(conn: Connection) -> int:
    """When somebody last decided about a flag; 0 = never."""
    return conn.scalar(select(func.max(flag_decisions.c.decided_us))) or 0


def _text(flag: Flag) -> str:
    return msgspec.json.encode(flag, order="deterministic").decode()


def _flag(said: str) -> Flag:
    return msgspec.json.decode(said, type=Flag)
