"""The traces in which flags are seen: usage events of a window, added up so that only what may matter comes back.

Everything is added up by identity in SQL and joined to active people last, as for the boards. But for the tasks that were
seen, what was merely asserted (a laptop's own word) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    func,
    literal_column,
    not_,
    select,
)

from db.day_usage import read_day_usage
from db.tables import events, identities, people
from scoring.events import CostKind, Lane
from scoring.flags.traces import BusyDay, IdleSessions, Repeat, TaskUsage, Traces
from scoring.program.flags import Flags
from scoring.window import Window

_HOUR_US = 3_600_000_000
_LONG_SESSION_HOURS = 4
_LEAD_DAYS = 14  # usage this long before the window may belong to an outcome in it

_e = events.c
_TOKENS = _e.tokens_input + _e.tokens_output + _e.tokens_cache_read + _e.tokens_cache_write
_IS_UNPRICED = and_(_e.cost_nanousd.is_(None), _e.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
_SPENT = (
    func.sum(_TOKENS).label("tokens"),
    func.coalesce(func.sum(_e.cost_nanousd), 0).label("cost_nanousd"),
    func.sum(case((_IS_UNPRICED, _TOKENS), else_=0)).label("unpriced_tokens"),
)


def read_traces(conn: Connection, window: Window, rules: Flags) -> Traces:
    """What flags are judged by beside the evidence, as it was before ``window.end_us``."""
    return Traces(
        day_usage=read_day_usage(conn, window, days_before=rules.baseline),
        repeats=_repeats(conn, window, rules.repeats),
        tasks=_task_usage(conn, window),
        idle_sessions=_idle_sessions(conn, window),
        busy_days=_busy_days(conn, window, rules.busy_hours),
        tasks_seen=_tasks_seen(conn, window),
    )


def _repeats(conn: Connection, window: Window, least: int) -> tuple[Repeat, ...]:
    # Whoever calls again after an error repeats what they must, whether or not the producer says that it is a retry.
    calls = func.sum(case((_e.is_error, -_e.calls), (_e.is_retry, 0), else_=_e.calls))
    repeated = (
        select(
            _e.identity_id,
            _e.event_day,
            calls.label("calls"),
            func.sum(_TOKENS).label("tokens"),
            func.count(distinct(_e.task)).label("tasks"),
            func.count(distinct(_e.time_us // _HOUR_US)).label("hours"),
        )
        .where(*_usage_of(window), _e.prompt_hash.is_not(None))
        .group_by(_e.identity_id, _e.event_day, _e.prompt_hash)
        .having(calls >= least)
        .subquery()
    )
    return tuple(Repeat(*row) for row in conn.execute(_proved(repeated)))


def _task_usage(conn: Connection, window: Window) -> tuple[TaskUsage, ...]:
    has_outcome = case((_e.task.in_(_tasks_with_outcome(window)), 1), else_=0)
    named = (
        select(_e.identity_id, _e.event_day, has_outcome.label("has_outcome"), *_SPENT)
        .where(*_usage_of(window), _is_production(), _e.task.is_not(None))
        .group_by(_e.identity_id, _e.event_day, has_outcome)
        .subquery()
    )
    return tuple(
        TaskUsage(person_id, day, bool(done), *map(int, spent))
        for person_id, day, done, *spent in conn.execute(_proved(named))
    )


def _idle_sessions(conn: Connection, window: Window) -> tuple[IdleSessions, ...]:
    lasted = func.max(_e.time_us) - func.min(_e.time_us)
    long = (
        select(_e.identity_id, _e.session, lasted.label("lasted_us"), *_SPENT)
        .where(*_usage_of(window), _is_production(), _e.session.is_not(None))
        .group_by(_e.identity_id, _e.session)
        .having(and_(lasted >= _LONG_SESSION_HOURS * _HOUR_US, func.count(_e.task) == 0))
        .subquery()
    )
    sums = (cast(func.sum(long.c[name]), BigInteger) for name in ("tokens", "cost_nanousd", "unpriced_tokens"))
    query = (
        _of_proved(select(identities.c.person_id, func.count(), func.max(long.c.lasted_us), *sums), long.c.identity_id)
        .group_by(identities.c.person_id)
        .order_by(identities.c.person_id)
    )
    return tuple(
        IdleSessions(person_id, sessions, lasted_us / _HOUR_US, *spent)
        for person_id, sessions, lasted_us, *spent in conn.execute(query)
    )


def _busy_days(conn: Connection, window: Window, least_hours: int) -> tuple[BusyDay, ...]:
    hour = _e.time_us // _HOUR_US
    at_once = func.count(distinct(func.coalesce(_e.session, func.coalesce(_e.use_case, "") + "/" + _e.model)))
    hours = (
        select(_e.identity_id, _e.event_day, at_once.label("at_once"), func.sum(_e.calls).label("calls"))
        .where(*_usage_of(window))
        .group_by(_e.identity_id, _e.event_day, hour)
        .subquery()
    )
    busy = (
        select(
            hours.c.identity_id,
            hours.c.event_day,
            func.count().label("hours"),
            func.sum(case((hours.c.at_once >= 2, 1), else_=0)).label("crowded_hours"),
            cast(func.sum(hours.c.calls), BigInteger).label("calls"),
        )
        .group_by(hours.c.identity_id, hours.c.event_day)
        .having(func.count() >= least_hours)
        .subquery()
    )
    return tuple(BusyDay(*row) for row in conn.execute(_proved(busy)))


def _tasks_seen(conn: Connection, window: Window) -> frozenset[tuple[int, str]]:
    first = window.days[0]
    days = (*(first - timedelta(days=number) for number in range(_LEAD_DAYS, 0, -1)), *window.days)
    seen = (
        select(_e.identity_id, _e.task)
        .where(*_usage_on(days, window), _e.task.in_(_tasks_with_outcome(window)))
        .distinct()
        .subquery()
    )
    query = (
        select(identities.c.person_id, seen.c.task)
        .join_from(seen, identities, identities.c.id == seen.c.identity_id)
        .where(identities.c.person_id.is_not(None))
    )
    return frozenset((person_id, task) for person_id, task in conn.execute(query))


def _usage_of(window: Window) -> tuple[ColumnElement[bool], ...]:
    return _usage_on(window.days, window)


def _usage_on(days: Sequence[date], window: Window) -> tuple[ColumnElement[bool], ...]:
    return (
        _e.event_day.in_(days),
        _e.type == literal_column("'usage'"),
        _e.is_shadowed.is_(False),
        _e.time_us < window.end_us,
    )


def _is_production() -> ColumnElement[bool]:
    return _e.lane == Lane.PRODUCTION.value


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
