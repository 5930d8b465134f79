"""Everybody who is active, as scoring may know them: peers, tier and the ceilings of their own."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.tables import people
from scoring.evidence import Person
from scoring.members import Member, personal_budgets
from scoring.program import Program


def read_members(conn: Connection, program: Program) -> tuple[Member, ...]:
    """The active people by id. A manager who left, or whom the directory does not know, is none."""
    columns = (people.c[name] for name in ("id", "email", "team", "function", "cohort", "tier", "manager_email"))
    rows = conn.execute(select(*columns).where(people.c.is_active).order_by(people.c.id)).all()
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
