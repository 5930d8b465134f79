"""The same rows and roll-ups through the bare drivers, on one connection: what there is to win."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from db.engine import open_store
from db.ledger import Calendar
from db.novelty import event_key
from db.rollups import add_up
from scoring.events import Event

EVENT_COLUMNS = (
    "event_day, identity_id, key, type, time_us, received_us, lane, task, model, tokens_input, tokens_output, "
    "tokens_cache_read, tokens_cache_write, cost_nanousd, cost_kind, use_case, session, is_error, is_retry, "
    "latency_ms, prompt_hash, tags"
)
ROLLUP_COLUMNS = (
    "day, identity_id, lane, model, calls, errors, retries, tokens_input, tokens_output, tokens_cache_read, "
    "tokens_cache_write, cost_nanousd, unpriced_calls, unpriced_tokens"
)
COUNTERS = ROLLUP_COLUMNS.split(", ")[4:]
UPSERT = "ON CONFLICT (day, identity_id, lane, model) DO UPDATE SET " + ", ".join(
    f"{name} = usage_days.{name} + excluded.{name}" for name in COUNTERS
)


class Batch:
    """One batch as the driver wants it: made ready beforehand, so that only inserting is timed."""

    def __init__(self, events: Sequence[Event], calendar: Calendar) -> None:
        subjects = {subject: n for n, subject in enumerate(sorted({event.subject for event in events}))}
        self.keys = [event_key(event.source, event.id) for event in events]
        self.rows = sorted(
            self._row(event, key, calendar, subjects[event.subject])
            for event, key in zip(events, self.keys, strict=True)
        )
        usage, _ = add_up(events, calendar.day, lambda event: subjects[event.subject])
        self.rollups = [(*key, *usage[key]) for key in sorted(usage)]

    @staticmethod
    def _row(event: Event, key: bytes, calendar: Calendar, identity: int) -> tuple[Any, ...]:
        fact: Any = event.fact
        t = fact.tokens
        return (
            calendar.day(event.time_us), identity, key, "usage", event.time_us, 1, str(fact.lane), fact.task, fact.model,
            t.input, t.output, t.cache_read, t.cache_write, fact.cost_nanousd, fact.cost_kind, fact.use_case,
            fact.session, fact.is_error, fact.is_retry, fact.latency_ms, fact.prompt_hash, None,
        )  # fmt: skip


def sqlite_rows_per_second(path: Path, batches: Sequence[Batch]) -> float:
    open_and_migrate(f"sqlite:///{path}")
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=16000", "cache_size=-65536"):
        conn.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    for batch in batches:
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT OR IGNORE INTO event_keys VALUES (?)", [(key,) for key in sorted(batch.keys)])
        conn.executemany(f"INSERT INTO events ({EVENT_COLUMNS}) VALUES ({', '.join('?' * 22)})", batch.rows)
        conn.executemany(
            f"INSERT INTO usage_days ({ROLLUP_COLUMNS}) VALUES ({', '.join('?' * 14)}) {UPSERT}", batch.rollups
        )
        conn.execute("COMMIT")
    seconds = time.perf_counter() - began
    conn.close()
    return sum(len(batch.rows) for batch in batches) / seconds


def postgresql_rows_per_second(url: str, batches: Sequence[Batch]) -> float:
    open_and_migrate(url)
    with psycopg.connect(url) as conn, conn.cursor() as cursor:
        began = time.perf_counter()
        for batch in batches:
            cursor.execute(
                "INSERT INTO event_keys SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING", (sorted(batch.keys),)
            )
            cursor.executemany(f"INSERT INTO events ({EVENT_COLUMNS}) VALUES ({', '.join(['%s'] * 22)})", batch.rows)
            cursor.executemany(
                f"INSERT INTO usage_days ({ROLLUP_COLUMNS}) VALUES ({', '.join(['%s'] * 14)}) {UPSERT}", batch.rollups
            )
            conn.commit()
        seconds = time.perf_counter() - began
    return sum(len(batch.rows) for batch in batches) / seconds


def open_and_migrate(url: str) -> None:
    store = open_store(url)
    store.migrate()
    store.close()
