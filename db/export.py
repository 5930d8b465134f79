"""All that is kept about one person, table by table, with the columns that the tables have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, Table, and_, func, or_, select

from db.many import is_any
from db.outbox import ways_to
from db.tables import (
    activity_days,
    budget_exceptions,
    busy_days,
    events,
    exception_steps,
    identities,
    ingest_tokens,
    metadata,
    outbox,
    people,
    repeat_days,
    session_days,
    task_days,
    trail,
    usage_days,
)
from db.trail import person

Fields: TypeAlias = Mapping[str, Any]
"""A row: figures and text as they are kept, days as dates, bytes in hexadecimal."""

_SECRET = {ingest_tokens.c.hash}
_BY_DAY = {
    events: events.c.event_day,
    **{one: one.c.day for one in (usage_days, activity_days, task_days, session_days, repeat_days, busy_days)},
}


def tables_about(conn: Connection, person_id: int) -> Iterator[tuple[str, Iterator[Fields]]]:
    """The name of each table that has anything of the person's, and its rows, to be read one table after the other.

    Tables with a ``person_id`` or a ``slack_id`` are found by that; what proves a token is left out.
    """
    slack_id = conn.scalar(select(people.c.slack_id).where(people.c.id == person_id))
    ids = list(conn.scalars(select(identities.c.id).where(identities.c.person_id == person_id)))
    yield "people", _rows(conn, people, _shown(people).where(people.c.id == person_id))
    for table, day in _BY_DAY.items():
        yield str(table.name), _by_day(conn, table, day, ids)
    for table in metadata.sorted_tables:
        keys = {"person_id": person_id, "slack_id": slack_id}
        theirs = [table.c[name] == key for name, key in keys.items() if name in table.c and key is not None]
        if table is budget_exceptions:
            theirs.append(budget_exceptions.c.subject == str(person_id))
        if table is exception_steps:
            theirs.append(exception_steps.c.exception_id.in_(_requests_of(person_id)))
        if theirs and table is not people:
            yield str(table.name), _rows(conn, table, _shown(table).where(or_(*theirs)))
    if slack_id is not None:
        yield "outbox", _rows(conn, outbox, _shown(outbox).where(outbox.c.recipient.in_(ways_to(conn, slack_id))))
    named = or_(trail.c.about == person(person_id), trail.c.actor == person(person_id))
    yield "trail", _rows(conn, trail, _shown(trail).where(named))


def _requests_of(person_id: int) -> Select[Any]:
    asked = budget_exceptions.c
    return select(asked.id).where(or_(asked.person_id == person_id, asked.subject == str(person_id)))


def _by_day(conn: Connection, table: Table, day: Any, ids: list[int]) -> Iterator[Fields]:
    """Day by day: the key begins with the day, so this looks at the person's rows alone."""
    first = conn.scalar(select(func.min(day)))
    while first is not None:
        yield from _rows(conn, table, _shown(table).where(and_(day == first, is_any(conn, table.c.identity_id, ids))))
        first = conn.scalar(select(func.min(day)).where(day > first))


def _shown(table: Table) -> Select[Any]:
    return select(*(column for column in table.columns if column not in _SECRET))


def _rows(conn: Connection, table: Table, query: Select[Any]) -> Iterator[Fields]:
    for row in conn.execute(query.order_by(*table.primary_key.columns)).mappings().all():
        yield {str(name): value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
