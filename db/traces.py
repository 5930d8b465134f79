"""The traces in which flags are seen: usage of a window, added up so that only what may matter comes back.

Days that are over are read from their sums (``db.trace_days``), all others from the events. Everything is added up by
identity in SQL and joined to active people last, as for the boards. But for the tasks that were seen, what was merely
asserted (a laptop's own word) is left out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    cast,
    func,
    not_,
    select,
)

from db import trace_events
from db.day_usage import read_day_usage
from db.tables import busy_days, identities, people, repeat_days, session_days
from db.task_usage import read_tasks_used
from db.trace_days import Days, days_up_to
from scoring.flags.traces import BusyDay, IdleSessions, Repeat, Traces
from scoring.program import Program
from scoring.usage import DaySpending
from scoring.window import window_before

_HOUR_US = 3_600_000_000
_LONG_SESSION_HOURS = 4
_LEAD_DAYS = 14  # usage this long before the window may belong to an outcome in it


def read_traces(conn: Connection, at_us: int, program: Program) -> Traces:
    """What flags are judged by beside the evidence, as it was before ``at_us``."""
    rules = program.flags
    window = window_before(at_us, rules.window, program.zone)
    longer = window_before(at_us, rules.window + rules.baseline, program.zone)
    days = days_up_to(conn, window.days, rules, at_us)
    used = read_tasks_used(conn, days_up_to(conn, days_of_traces(at_us, program), rules, at_us), window)
    return Traces(
        day_usage=read_day_usage(conn, longer, DaySpending),
        repeats=_repeats(conn, days, rules.repeats),
        tasks=used.in_window,
        idle_sessions=_idle_sessions(conn, days),
        busy_days=_busy_days(conn, days, rules.busy_hours),
        tasks_seen=used.seen,
        tasks_of_others=used.of_others,
        tasks_explored=used.explored,
    )


def days_of_traces(at_us: int, program: Program) -> tuple[date, ...]:
    """The local days whose events matter to flags at ``at_us``, oldest first."""
    return window_before(at_us, program.flags.window + _LEAD_DAYS, program.zone).days


def _repeats(conn: Connection, days: Days, least: int) -> tuple[Repeat, ...]:
    found = days.both(repeat_days, trace_events.repeats(days.others, least, days.end_us))
    columns = (found.c[name] for name in ("identity_id", "day", "calls", "tokens", "tasks", "hours"))
    often = select(*columns).where(found.c.calls >= least).subquery()
    return tuple(Repeat(*row) for row in conn.execute(_proved(often)))


def _idle_sessions(conn: Connection, days: Days) -> tuple[IdleSessions, ...]:
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


def _busy_days(conn: Connection, days: Days, least_hours: int) -> tuple[BusyDay, ...]:
    found = days.both(busy_days, trace_events.busy(days.others, least_hours, days.end_us))
    columns = (found.c[name] for name in ("identity_id", "day", "hours", "crowded_hours", "calls"))
    busy = select(*columns).where(found.c.hours >= least_hours).subquery()
    return tuple(BusyDay(*row) for row in conn.execute(_proved(busy)))


def _spent(found: Subquery) -> tuple[ColumnElement[int], ...]:
    names = ("tokens", "cost_nanousd", "unpriced_tokens")
    return tuple(cast(func.sum(found.c[name]), BigInteger).label(name) for name in names)


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
