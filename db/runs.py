"""The run ledger: who does a job's slot. The row commits together with what the job writes, or not at all."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, select

from db.tables import runs

_BEGIN = "INSERT INTO runs (job, scope, slot, started_us) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING slot"
_BEGINS = {"sqlite": _BEGIN.format(marks="?, ?, ?, ?"), "postgresql": _BEGIN.format(marks="%s, %s, %s, %s")}


class Run(msgspec.Struct, frozen=True):
    """A slot of a job that was done, and when."""

    job: str
    scope: str
    slot: str
    started_us: int


def begin_run(conn: Connection, job: str, scope: str, slot: str, now_us: int) -> bool:
    """Takes the slot; False where somebody has it. Waits for whoever is about to take it in another transaction."""
    return conn.exec_driver_sql(_BEGINS[conn.dialect.name], (job, scope, slot, now_us)).first() is not None


def scopes_run(conn: Connection, job: str, slot: str) -> Collection[str]:
    """For which scopes the slot of ``job`` is done."""
    return set(conn.scalars(select(runs.c.scope).where(runs.c.job == job, runs.c.slot == slot)))


def last_run(conn: Connection, job: str, scope: str = "") -> Run | None:
    """The latest run of ``job`` for ``scope``; None = it never ran."""
    query = (
        select(runs.c.job, runs.c.scope, runs.c.slot, runs.c.started_us)
        .where(runs.c.job == job, runs.c.scope == scope)
        .order_by(runs.c.started_us.desc(), runs.c.slot.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return None if row is None else Run(*row)
