"""Everybody who is active, as scoring may know them: peers, tier and the ceilings of their own."""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from db.many import is_any
from db.tables import people
from scoring.evidence import Person
from scoring.members import Member, personal_budgets
from scoring.program import Program

_COLUMNS = tuple(people.c[name] for name in ("id", "email", "team", "function", "cohort", "tier", "manager_email"))
_ACTIVE = select(*_COLUMNS).where(people.c.is_active)


def read_members(conn: Connection, program: Program, among: Collection[int] | None = None) -> tuple[Member, ...]:
    """The active people by id, or of them those ``among`` and everybody above them.

    A manager who left, or whom the directory does not know, is none.
    """
    every = conn.execute(_ACTIVE) if among is None else _with_those_above(conn, among)
    rows = sorted(every, key=attrgetter("id"))
    ids = {row.email: row.id for row in rows}
    return tuple(
        Member(
            person=Person(
                id=id,
                team=team,
                function=function,
                manager_id=ids.get(manager_email),
                is_in_cohort=program.cohort.includes(email=email, team=team, function=function, cohort=cohort),
            ),
            tier=tier,
            budgets=personal_budgets(program, email=email, tier=tier),
        )
        for id, email, team, function, cohort, tier, manager_email in rows
    )


def _with_those_above(conn: Connection, ids: Collection[int]) -> list[Row[Any]]:
    found: dict[str, Row[Any]] = {}
    rows = conn.execute(_ACTIVE.where(is_any(conn, people.c.id, ids))).all()
    while rows:
        found |= {row.email: row for row in rows}
        managers = {row.manager_email for row in rows if row.manager_email} - found.keys()
        rows = conn.execute(_ACTIVE.where(is_any(conn, people.c.email, managers))).all() if managers else []
    return list(found.values())
