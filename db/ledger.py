"""The ledger: events, each once for ever, appended with their roll-ups in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from db.many import insert_rows
from db.rollups import add_up, type_name, write_rollups
from db.tables import events as events_table
from scoring.events import Contribution, Event, Outcome, Policy, Training, Usage
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


def event_key(source: str, event_id: str) -> bytes:
    """The 16 bytes that stand for an event: BLAKE2b of its source and id (neither can hold a NUL)."""
    return blake2b(f"{source}\0{event_id}".encode(), digest_size=16).digest()


class Calendar:
    """Days in the program's zone, in the form that the database's driver takes fastest."""

    def __init__(self, zone: ZoneInfo, *, as_text: bool) -> None:
        @lru_cache(maxsize=8192)
        def day_of_slot(slot: int) -> date | str:
            day = local_day(slot * _SLOT_US, zone)
            return day.isoformat() if as_text else day

        self._day_of_slot = day_of_slot

    def day(self, time_us: int) -> date | str:
        return self._day_of_slot(time_us // _SLOT_US)


def append(
    conn: Connection,
    events: Sequence[Event],
    *,
    calendar: Calendar,
    identify: Callable[[Connection, set[tuple[str, str]]], Mapping[tuple[str, str], int]],
    received_us: int,
) -> list[bool]:
    """Appends what is new of ``events`` with its roll-ups; True for each that was new, in their order.

    ``identify`` gives the identity ids of (source, subject) pairs. An event whose (source, id) is known,
    or came earlier in ``events``, changes nothing, whatever else it says.
    """
    keys = [event_key(event.source, event.id) for event in events]
    first: dict[bytes, int] = {}
    for position, key in enumerate(keys):
        first.setdefault(key, position)
    new_keys = _claim(conn, sorted(first))
    new = sorted(first[key] for key in new_keys)
    if new:
        fresh = [events[position] for position in new]
        ids = identify(conn, {(event.source, event.subject) for event in fresh})
        _insert(conn, [keys[position] for position in new], fresh, calendar, ids, received_us)
        write_rollups(conn, *add_up(fresh, calendar.day, lambda event: ids[event.source, event.subject]))
    is_new = [False] * len(events)
    for position in new:
        is_new[position] = True
    return is_new


def _claim(conn: Connection, keys: list[bytes]) -> set[bytes]:
    """Takes the keys that nobody has taken before, and returns them."""
    if conn.dialect.name == "sqlite":
        return _claim_as_only_writer(conn, keys)
    taken = conn.exec_driver_sql(
        "INSERT INTO event_keys (key) SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING RETURNING key", (keys,)
    )
    return set(taken.scalars())


def _claim_as_only_writer(conn: Connection, keys: list[bytes]) -> set[bytes]:
    known: set[bytes] = set()
    for start in range(0, len(keys), 1000):
        part = keys[start : start + 1000]
        marks = ",".join("?" * len(part))
        known.update(conn.exec_driver_sql(f"SELECT key FROM event_keys WHERE key IN ({marks})", tuple(part)).scalars())
    new = [key for key in keys if key not in known]
    insert_rows(conn, "event_keys (key)", [(key,) for key in new])
    return set(new)


def _insert(
    conn: Connection,
    keys: Sequence[bytes],
    events: Sequence[Event],
    calendar: Calendar,
    ids: Mapping[tuple[str, str], int],
    received_us: int,
) -> None:
    usage: list[tuple[Any, ...]] = []
    rest: list[tuple[Any, ...]] = []
    for key, event in zip(keys, events, strict=True):
        fact = event.fact
        common = (
            calendar.day(event.time_us),
            ids[event.source, event.subject],
            key,
            type_name(fact),
            event.time_us,
            received_us,
        )
        if isinstance(fact, Usage):
            usage.append(common + _usage_values(fact))
        else:
            rest.append(common + _rest_values(fact, event.source))
    for columns, rows in ((_USAGE, usage), (_REST, rest)):
        if rows:
            rows.sort(key=lambda row: row[:3])
            _insert_rows(conn, _COMMON + columns, rows)


def _insert_rows(conn: Connection, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    if conn.dialect.name == "sqlite":
        insert_rows(conn, f"{events_table.name} ({names})", rows)
        return
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
    )


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
