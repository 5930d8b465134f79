"""The ledger: events, each once for ever, appended with their roll-ups in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from db.day_changes import note_changes
from db.identities import SourceName
from db.many import insert_rows
from db.novelty import Fresh, PriceOf, event_key, no_price, take_new
from db.rollups import add_up, take_away, type_name, write_rollups
from db.shadowing import scope_key, shadowed
from db.tables import events as events_table
from scoring.events import Claim, Contribution, Event, Outcome, Policy, Training, Usage
from scoring.window import local_day

_COMMON = ("event_day", "identity_id", "key", "type", "time_us", "received_us")
_USAGE = (
    "lane",
    "task",
    "model",
    "tokens_input",
    "tokens_output",
    "tokens_cache_read",
    "tokens_cache_write",
    "cost_nanousd",
    "cost_kind",
    "use_case",
    "session",
    "is_error",
    "is_retry",
    "latency_ms",
    "prompt_hash",
    "tags",
    "calls",
    "signal",
    "scope",
    "is_shadowed",
)
_REST = (
    "lane",
    "task",
    "kind",
    "started_us",
    "is_accepted",
    "edit_distance",
    "quality",
    "errors",
    "is_escalated",
    "is_incident",
    "minutes_saved",
    "reverses_key",
    "name",
    "action",
    "severity",
    "title",
    "url",
)
_SLOT_US = 15 * 60 * 1_000_000  # zones change their offset on quarter hours


class Calendar:
    """Days in the program's zone, in the form that the database's driver takes fastest."""

    def __init__(self, zone: ZoneInfo, *, as_text: bool) -> None:
        @lru_cache(maxsize=8192)
        def day_of_slot(slot: int) -> date | str:
            day = local_day(slot * _SLOT_US, zone)
            return day.isoformat() if as_text else day

        self._day_of_slot = day_of_slot
        self._as_text = as_text

    def day(self, time_us: int) -> date | str:
        return self._day_of_slot(time_us // _SLOT_US)

    def written(self, day: date) -> date | str:
        """``day`` in the same form."""
        return day.isoformat() if self._as_text else day


def append(
    conn: Connection,
    events: Sequence[Event],
    *,
    calendar: Calendar,
    identify: Callable[[Connection, set[SourceName]], Mapping[SourceName, int]],
    received_us: int,
    price_of: PriceOf = no_price,
) -> list[bool]:
    """Appends what is new of ``events`` with its roll-ups; True for each that was new, in their order.

    ``identify`` gives the identity ids of the names by which the events know people.
    """
    fresh = take_new(conn, events, price_of)
    is_new = [False] * len(events)
    for one in fresh:
        is_new[one.position] = True
    if fresh:
        ids = identify(conn, {one.event.identity for one in fresh})
        weaker, taken_out = shadowed(conn, fresh)
        _insert(conn, fresh, weaker, calendar, ids, received_us)
        counting = [one.event for one in fresh if one.position not in weaker]
        usage, activity = add_up(counting, calendar.day, lambda event: ids[event.identity])
        for gone in taken_out:
            take_away(usage, calendar.written(gone.day), gone.identity_id, gone.usage)
        write_rollups(conn, usage, activity)
        today = calendar.day(received_us)
        note_changes(conn, {day for day, *_ in usage if day < today})
    return is_new


def _insert(
    conn: Connection,
    fresh: Sequence[Fresh],
    weaker: Collection[int],
    calendar: Calendar,
    ids: Mapping[SourceName, int],
    received_us: int,
) -> None:
    usage: list[tuple[Any, ...]] = []
    rest: list[tuple[Any, ...]] = []
    for one in fresh:
        event, fact = one.event, one.event.fact
        common = (
            calendar.day(event.time_us),
            ids[event.identity],
            one.key,
            type_name(fact),
            event.time_us,
            received_us,
        )
        if isinstance(fact, Usage):
            usage.append((*common, *_usage_values(fact), *_claim_values(event.claim), one.position in weaker))
        else:
            rest.append(common + _rest_values(fact, event.source))
    for columns, rows in ((_USAGE, usage), (_REST, rest)):
        if rows:
            rows.sort(key=lambda row: row[:3])
            _insert_rows(conn, _COMMON + columns, rows)


def _insert_rows(conn: Connection, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if conn.dialect.name == "sqlite":
        insert_rows(conn, events_table, columns, rows)
        return
    names = ", ".join(columns)
    cursor = conn.connection.cursor()
    with cursor.copy(f"COPY {events_table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


def _usage_values(fact: Usage) -> tuple[Any, ...]:
    tokens = fact.tokens
    return (
        fact.lane,
        fact.task,
        fact.model,
        tokens.input,
        tokens.output,
        tokens.cache_read,
        tokens.cache_write,
        fact.cost_nanousd,
        fact.cost_kind,
        fact.use_case,
        fact.session,
        fact.is_error,
        fact.is_retry,
        fact.latency_ms,
        fact.prompt_hash,
        msgspec.json.encode(fact.tags).decode() if fact.tags else None,
        fact.calls,
    )


def _claim_values(claim: Claim | None) -> tuple[int | None, bytes | None]:
    return (None, None) if claim is None else (claim.signal.value, scope_key(claim.scope))


def _rest_values(fact: Outcome | Policy | Contribution | Training, source: str) -> tuple[Any, ...]:
    values: dict[str, Any] = dict.fromkeys(_REST)
    if isinstance(fact, Outcome):
        values |= {name: getattr(fact, name) for name in _REST[:11]}
        values["reverses_key"] = None if fact.reverses is None else event_key(source, fact.reverses)
    elif isinstance(fact, Policy):
        values |= {"kind": fact.kind, "name": fact.name, "severity": fact.severity}
    elif isinstance(fact, Contribution):
        values |= {
            "action": fact.action,
            "name": fact.asset,
            "kind": fact.kind,
            "title": fact.title,
            "url": fact.url,
        }
    else:
        values |= {"name": fact.module, "action": fact.action}
    return tuple(values[name] for name in _REST)
