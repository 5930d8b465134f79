"""Recomputes the daily roll-ups from the events, and says whether they were the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, insert, literal, select

from db.rollups import Counters
from db.tables import activity_days, events, usage_days
from db.trace_days import recheck_sums
from db.usage_columns import forget_columns
from scoring.events import CostKind
from scoring.models import normalise_model


class RebuildReport(msgspec.Struct, frozen=True):
    """``rows`` roll-up rows over ``days`` days were recomputed; ``changed`` of them were not as they should be."""

    days: int
    rows: int
    changed: int


def rebuild(conn: Connection) -> RebuildReport:
    """Makes every roll-up row of the days that have events say what the events say."""
    days = rows = changed = 0
    for day in event_days(conn):
        for table, counters in ((usage_days, _usage(conn, day)), (activity_days, _activity(conn, day))):
            right = {(*key, *counts) for key, counts in counters.items() if any(counts)}
            wrong = _replace(conn, table, day, right)
            rows += len(right)
            changed += wrong
        days += 1
    forget_columns(conn)  # made anew within the hour
    of_flags = recheck_sums(conn)
    return RebuildReport(days, rows + of_flags[0], changed + of_flags[1])


def event_days(conn: Connection) -> Iterator[date]:
    """The days that have events, one index step each."""
    day = conn.scalar(select(func.min(events.c.event_day)))
    while day is not None:
        yield day
        day = conn.scalar(select(func.min(events.c.event_day)).where(events.c.event_day > day))


def _replace(conn: Connection, table: Table, day: date, right: set[tuple[Any, ...]]) -> int:
    keys = len(table.primary_key.columns)
    rows = (tuple(row) for row in conn.execute(select(table).where(table.c.day == day)))
    stored = {row for row in rows if any(row[keys:])}  # usage that gave way to a better signal leaves zeros behind
    if stored == right:
        return 0
    conn.execute(delete(table).where(table.c.day == day))
    if right:
        names = [column.name for column in table.columns]
        conn.execute(insert(table), [dict(zip(names, row, strict=True)) for row in sorted(right)])
    return len(stored ^ right)


def _usage(conn: Connection, day: date) -> Counters:
    e = events.c
    tokens = e.tokens_input + e.tokens_output + e.tokens_cache_read + e.tokens_cache_write
    unpriced = and_(e.cost_nanousd.is_(None), e.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
    sums = (
        _sum(e.calls),
        _count(e.is_error.is_(True)),
        _count(e.is_retry.is_(True)),
        _sum(e.tokens_input),
        _sum(e.tokens_output),
        _sum(e.tokens_cache_read),
        _sum(e.tokens_cache_write),
        _sum(e.cost_nanousd),
        _sum(case((unpriced, e.calls), else_=0)),
        _sum(case((unpriced, tokens), else_=0)),
    )
    found = conn.execute(
        select(e.identity_id, e.lane, e.model, *sums)
        .where(e.event_day == day, e.type == "usage", e.is_shadowed.is_(False))
        .group_by(e.identity_id, e.lane, e.model)
    )
    counters: Counters = {}
    for identity, lane, model, *counts in found:
        key = (day, identity, lane, normalise_model(model))
        known = counters.get(key, [0] * len(counts))
        counters[key] = [int(a) + int(b) for a, b in zip(known, counts, strict=True)]
    return counters


def _activity(conn: Connection, day: date) -> Counters:
    e = events.c
    kind = case((e.type.in_(("contribution", "training")), e.action), else_=e.kind)
    lane = case((e.type == "outcome", e.lane), else_=literal(""))
    is_outcome = e.type == "outcome"
    sums = (
        func.count(),
        _count(and_(is_outcome, e.is_accepted.is_(True))),
        _count(and_(is_outcome, e.is_accepted.is_(False))),
        _sum(e.errors),
        _count(e.is_escalated.is_(True)),
        _count(e.is_incident.is_(True)),
    )
    found = conn.execute(
        select(e.identity_id, e.type, kind, lane, *sums)
        .where(e.event_day == day, e.type != "usage")
        .group_by(e.identity_id, e.type, kind, lane)
    )
    return {(day, *row[:4]): [int(count) for count in row[4:]] for row in found}


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column), 0)


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
