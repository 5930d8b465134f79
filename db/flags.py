"""Flags as they were found, and what people decided about them. Decisions are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, func, insert, select, text, update

from db.many import is_any
from db.tables import flag_decisions, flags
from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags.decisions import Decision

_KEEP = text(
    "INSERT INTO flags (id, person_id, kind, found_us, seen_us, flag)"
    " VALUES (:id, :person_id, :kind, :at_us, :at_us, :flag)"
    " ON CONFLICT (id) DO UPDATE SET seen_us = excluded.seen_us, flag = excluded.flag, lapsed_us = NULL,"
    " asked = CASE WHEN flags.lapsed_us IS NULL THEN flags.asked END"  # what has come back is asked about anew
    " WHERE excluded.seen_us > flags.seen_us"
)


class KeptFlag(msgspec.Struct, frozen=True):
    """A flag as the look at ``seen_us`` found it. ``asked``: the outbox's keys of the messages that ask for a decision."""

    id: str
    flag: Flag
    seen_us: int
    is_lapsed: bool
    asked: tuple[str, ...]


def keep_flags(conn: Connection, found: Mapping[str, Flag], at_us: int) -> None:
    """Puts down the flags, by id, that were seen at ``at_us``."""
    if not found:
        return
    rows = [
        {"id": id, "person_id": flag.person_id, "kind": flag.kind.value, "at_us": at_us, "flag": _text(flag)}
        for id, flag in sorted(found.items())
    ]
    conn.execute(_KEEP, rows)


def lapse(conn: Connection, at_us: int) -> tuple[str, ...]:
    """Lets go what the look at ``at_us`` did not find any more, that is: what was not seen since. Its ids."""
    f = flags.c
    gone = update(flags).where(f.seen_us < at_us, f.lapsed_us.is_(None)).values(lapsed_us=at_us)
    return tuple(sorted(conn.scalars(gone.returning(f.id))))


def newest_look_us(conn: Connection) -> int:
    """When a look last found anything; 0 = never."""
    return conn.scalar(select(func.max(flags.c.seen_us))) or 0


def kept_flag(conn: Connection, id: str, *, is_to_be_decided: bool = False) -> KeptFlag | None:
    """The flag, lapsed or not; None = there is none. Whoever is to decide on it waits for whoever else does."""
    query = _kept().where(flags.c.id == id)
    if is_to_be_decided:
        query = query.with_for_update()
    row = conn.execute(query).first()
    return None if row is None else _as_kept(row)


def kept_flags(conn: Connection, ids: Collection[str]) -> tuple[KeptFlag, ...]:
    """Those of the flags ``ids`` that were kept, lapsed or not."""
    return tuple(map(_as_kept, conn.execute(_kept().where(is_any(conn, flags.c.id, ids)))))


def flags_waiting(conn: Connection) -> tuple[KeptFlag, ...]:
    """What the newest look found, the strongest first: open, but for what was decided since."""
    f = flags.c
    query = _kept().where(f.lapsed_us.is_(None), f.seen_us == newest_look_us(conn))
    return tuple(sorted(map(_as_kept, conn.execute(query)), key=lambda one: (-one.flag.strength, one.id)))


def record_asked(conn: Connection, id: str, keys: Collection[str]) -> None:
    """Keeps which messages ask for a decision on the flag."""
    conn.execute(update(flags).where(flags.c.id == id).values(asked=msgspec.json.encode(list(keys)).decode()))


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
    return tuple(map(_decision, conn.execute(_decisions().where(flag_decisions.c.decided_us < at_us))))


def decisions_on(conn: Connection, flag_ids: Collection[str]) -> tuple[Decision, ...]:
    """Every decision on these flags so far, in the order in which they were taken."""
    return tuple(map(_decision, conn.execute(_decisions().where(is_any(conn, flag_decisions.c.flag_id, flag_ids)))))


def _decisions() -> Select[Any]:
    of = flag_decisions.c
    query = select(of.flag_id, of.flag, of.verdict, of.decided_by, of.reason, of.decided_us)
    return query.order_by(of.decided_us, of.id)


def _decision(row: Row[Any]) -> Decision:
    return Decision(row.flag_id, _flag(row.flag), FlagState(row.verdict), row.decided_by, row.reason, row.decided_us)


def _kept() -> Select[Any]:
    f = flags.c
    return select(f.id, f.flag, f.seen_us, f.lapsed_us, f.asked)


def _as_kept(row: Row[Any]) -> KeptFlag:
    asked = () if row.asked is None else msgspec.json.decode(row.asked, type=tuple[str, ...])
    return KeptFlag(row.id, _flag(row.flag), row.seen_us, row.lapsed_us is not None, asked)


def last_decision_us(conn: Connection) -> int:
    """When somebody last decided about a flag; 0 = never."""
    return conn.scalar(select(func.max(flag_decisions.c.decided_us))) or 0


def _text(flag: Flag) -> str:
    return msgspec.json.encode(flag, order="deterministic").decode()


def _flag(said: str) -> Flag:
    return msgspec.json.decode(said, type=Flag)
