"""The traces in which flags are seen: usage of a window, added up so that only what may matter comes back.

Days that are over are read from their sums (``db.trace_days``), all others from the events. Everything is added up by
identity in SQL and joined to active people last, as for the boards. But for the tasks that were seen, what was merely
asserted (a laptop's own word) is left out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    select,
    union_all,
)

from db import trace_events
from db.day_usage import read_day_usage
from db.owners import read_owners
from db.rows import read_integers, read_tuples
from db.tables import busy_days, events, identities, people, repeat_days, session_days, task_days
from db.trace_days import summed_up
from scoring.events import Lane
from scoring.flags.traces import BusyDay, IdleSessions, Repeat, TaskUsage, Traces, task_columns
from scoring.program import Program
from scoring.usage import DaySpending
from scoring.window import Window, window_before

_HOUR_US = 3_600_000_000
_LONG_SESSION_HOURS = 4
_LEAD_DAYS = 14  # usage this long before the window may belong to an outcome in it


class _Days(msgspec.Struct, frozen=True):
    """Days up to ``end_us``: those that are ``summed_up``, and the ``others``."""

    summed_up: tuple[date, ...]
    others: tuple[date, ...]
    end_us: int

    def both(self, table: Table, of_events: Select[Any]) -> Subquery:
        """The rows of ``table``, and those that ``of_events`` makes of the other days."""
        return union_all(select(table).where(table.c.day.in_(self.summed_up)), of_events).subquery()


def read_traces(conn: Connection, at_us: int, program: Program) -> Traces:
    """What flags are judged by beside the evidence, as it was before ``at_us``."""
    rules = program.flags
    window = window_before(at_us, rules.window, program.zone)
    longer = window_before(at_us, rules.window + rules.baseline, program.zone)
    days = _days(conn, window.days, at_us, program)
    return Traces(
        day_usage=read_day_usage(conn, longer, DaySpending),
        repeats=_repeats(conn, days, rules.repeats),
        tasks=_task_usage(conn, days, window),
        idle_sessions=_idle_sessions(conn, days),
        busy_days=_busy_days(conn, days, rules.busy_hours),
        tasks_seen=_tasks_seen(conn, _days(conn, days_of_traces(at_us, program), at_us, program), window),
    )


def days_of_traces(at_us: int, program: Program) -> tuple[date, ...]:
    """The local days whose events matter to flags at ``at_us``, oldest first."""
    return window_before(at_us, program.flags.window + _LEAD_DAYS, program.zone).days


def _days(conn: Connection, days: tuple[date, ...], end_us: int, program: Program) -> _Days:
    known = summed_up(conn, days, program.flags, end_us)
    return _Days(known, tuple(sorted({*days} - {*known})), end_us)


def _repeats(conn: Connection, days: _Days, least: int) -> tuple[Repeat, ...]:
    found = days.both(repeat_days, trace_events.repeats(days.others, least, days.end_us))
    columns = (found.c[name] for name in ("identity_id", "day", "calls", "tokens", "tasks", "hours"))
    often = select(*columns).where(found.c.calls >= least).subquery()
    return tuple(Repeat(*row) for row in conn.execute(_proved(often)))


def _task_usage(conn: Connection, days: _Days, window: Window) -> TaskUsage:
    found = days.both(task_days, trace_events.tasks(days.others, days.end_us))
    has_outcome = case((found.c.task.in_(_tasks_with_outcome(window)), 1), else_=0)
    named = (
        select(found.c.identity_id, found.c.day, has_outcome.label("has_outcome"), *_spent(found))
        .where(found.c.lane == Lane.PRODUCTION.value)
        .group_by(found.c.identity_id, found.c.day, has_outcome)
        .subquery()
    )
    day = case(*((named.c.day == one, one.toordinal()) for one in window.days))
    rest = [column for column in named.c if column.name not in ("identity_id", "day")]
    identity_ids, *columns = read_integers(conn, select(named.c.identity_id, day, *rest), 2 + len(rest))
    owners = read_owners(conn)
    places, is_known = owners.places_of(identity_ids)
    table = np.array([owners.person_ids[places], *(column[is_known] for column in columns)])
    return task_columns(table[:, ~owners.is_asserted[places]])


def _idle_sessions(conn: Connection, days: _Days) -> tuple[IdleSessions, ...]:
    found = days.both(session_days, trace_events.sessions(days.others, days.end_us))
    lasted = func.max(found.c.last_us) - func.min(found.c.first_us)
    long = (
        select(found.c.identity_id, found.c.session, lasted.label("lasted_us"), *_spent(found))
        .group_by(found.c.identity_id, found.c.session)
        .having(and_(lasted >= _LONG_SESSION_HOURS * _HOUR_US, func.sum(found.c.named) == 0))
        .subquery()
    )
    query = (
        _of_proved(
            select(identities.c.person_id, func.count(), func.max(long.c.lasted_us), *_spent(long)), long.c.identity_id
        )
        .group_by(identities.c.person_id)
        .order_by(identities.c.person_id)
    )
    return tuple(
        IdleSessions(person_id, sessions, lasted_us / _HOUR_US, *spent)
        for person_id, sessions, lasted_us, *spent in conn.execute(query)
    )


def _busy_days(conn: Connection, days: _Days, least_hours: int) -> tuple[BusyDay, ...]:
    found = days.both(busy_days, trace_events.busy(days.others, least_hours, days.end_us))
    columns = (found.c[name] for name in ("identity_id", "day", "hours", "crowded_hours", "calls"))
    busy = select(*columns).where(found.c.hours >= least_hours).subquery()
    return tuple(BusyDay(*row) for row in conn.execute(_proved(busy)))


def _tasks_seen(conn: Connection, days: _Days, window: Window) -> frozenset[tuple[int, str]]:
    found = days.both(task_days, trace_events.tasks(days.others, days.end_us))
    query = (
        select(identities.c.person_id, found.c.task)
        .join_from(found, identities, identities.c.id == found.c.identity_id)
        .where(identities.c.person_id.is_not(None), found.c.task.in_(_tasks_with_outcome(window)))
        .distinct()
    )
    return frozenset(read_tuples(conn, query))


def _spent(found: Subquery) -> tuple[ColumnElement[int], ...]:
    names = ("tokens", "cost_nanousd", "unpriced_tokens")
    return tuple(cast(func.sum(found.c[name]), BigInteger).label(name) for name in names)


def _tasks_with_outcome(window: Window) -> Select[Any]:
    said = events.alias().c
    return (
        select(said.task)
        .where(
            said.event_day.in_(window.days),
            said.type == literal_column("'outcome'"),
            said.time_us < window.end_us,
            said.task.is_not(None),
        )
        .distinct()
    )


def _proved(found: Subquery) -> Select[Any]:
    """The rows of ``found``, each with its person in place of its identity, in a fixed order."""
    rest = [column for column in found.c if column.name != "identity_id"]
    query = _of_proved(select(identities.c.person_id, *rest), found.c.identity_id)
    return query.order_by(identities.c.person_id, *rest)


def _of_proved(query: Select[Any], identity_id: ColumnElement[int]) -> Select[Any]:
    return (
        query.join_from(identity_id.table, identities, identities.c.id == identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active, not_(identities.c.is_asserted))
    )
