"""Daily roll-ups: counters per identity, day, lane and model (or kind), added up from events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from db.many import insert_rows
from db.tables import activity_days, usage_days
from scoring.events import CostKind, Event, Outcome, Policy, Usage
from scoring.models import normalise_model

Counters = dict[tuple[Any, ...], list[int]]


def add_up(
    events: Iterable[Event], day_of: Callable[[int], date | str], identity_of: Callable[[Event], int]
) -> tuple[Counters, Counters]:
    """The counters of ``events`` for ``usage_days`` and ``activity_days``, by key."""
    usage: Counters = {}
    activity: Counters = {}
    for event in events:
        day, identity, fact = day_of(event.time_us), identity_of(event), event.fact
        if isinstance(fact, Usage):
            _add(usage, (day, identity, fact.lane, normalise_model(fact.model)), _usage_counts(fact))
        elif isinstance(fact, Outcome):
            _add(activity, (day, identity, "outcome", fact.kind, fact.lane), _outcome_counts(fact))
        else:
            kind = fact.kind if isinstance(fact, Policy) else fact.action
            _add(activity, (day, identity, type_name(fact), kind, ""), (1, 0, 0, 0, 0, 0))
    return usage, activity


def add_up_usage(told: Iterable[tuple[date | str, int, Usage]]) -> Counters:
    """The counters for ``usage_days`` of usage by day and identity."""
    counters: Counters = {}
    for day, identity, usage in told:
        _add(counters, (day, identity, usage.lane, normalise_model(usage.model)), _usage_counts(usage))
    return counters


def take_away(counters: Counters, day: date | str, identity_id: int, usage: Usage) -> None:
    """Lets ``usage`` count no longer; what is left of a counter may be below zero."""
    counts = [-count for count in _usage_counts(usage)]
    _add(counters, (day, identity_id, usage.lane, normalise_model(usage.model)), counts)


def type_name(fact: object) -> str:
    """``usage``, ``outcome``, ``policy``, ``contribution`` or ``training``."""
    return type(fact).__name__.lower()


def write_rollups(conn: Connection, usage: Counters, activity: Counters) -> None:
    """Adds the counters to what the tables hold. Sorted, so that two replicas never wait for each other in a circle."""
    for table, counters in ((usage_days, usage), (activity_days, activity)):
        if not counters:
            continue
        columns, then = _upsert(table)
        insert_rows(conn, table, columns, _rows(counters), then)


def _rows(counters: Counters) -> list[tuple[Any, ...]]:
    return [(*key, *counters[key]) for key in sorted(counters)]


def _add(counters: Counters, key: tuple[Any, ...], counts: Sequence[int]) -> None:
    known = counters.get(key)
    if known is None:
        counters[key] = list(counts)
        return
    for position, count in enumerate(counts):
        known[position] += count


def _usage_counts(fact: Usage) -> tuple[int, ...]:
    tokens = fact.tokens
    is_unpriced = fact.cost_nanousd is None and fact.cost_kind is not CostKind.SEPARATE
    return (
        fact.calls,
        int(fact.is_error),
        int(fact.is_retry),
        tokens.input,
        tokens.output,
        tokens.cache_read,
        tokens.cache_write,
        fact.cost_nanousd or 0,
        fact.calls if is_unpriced else 0,
        tokens.total if is_unpriced else 0,
    )


def _outcome_counts(fact: Outcome) -> tuple[int, ...]:
    return (
        1,
        int(fact.is_accepted is True),
        int(fact.is_accepted is False),
        fact.errors or 0,
        int(fact.is_escalated is True),
        int(fact.is_incident is True),
    )


@lru_cache(maxsize=8)
def _upsert(table: Table) -> tuple[tuple[str, ...], str]:
    """The columns of ``table``, and the clause that adds to what is there."""
    columns = tuple(column.name for column in table.columns)
    keys = [column.name for column in table.primary_key]
    sums = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in columns if name not in keys)
    return columns, f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"
