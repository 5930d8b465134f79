"""Whose identities a question is about: everybody's, or those of one person, which the ledger finds by its key."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, select

from db.tables import identities

Whose: TypeAlias = tuple[int, ...] | None
"""Identities by id; None = everybody's."""


def identities_of(conn: Connection, person_id: int) -> tuple[int, ...]:
    """The names by which producers know a person."""
    query = select(identities.c.id).where(identities.c.person_id == person_id).order_by(identities.c.id)
    return tuple(conn.scalars(query))


def belongs_to(identity_id: ColumnElement[int], whose: Whose) -> tuple[ColumnElement[bool], ...]:
    """The condition that a row is one of ``whose``; none where it may be anybody's."""
    return () if whose is None else (identity_id.in_(whose),)
