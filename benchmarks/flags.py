"""What flags look at in four weeks, read from the days' sums against reading it from the events, as a first look must."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.databases import both
from benchmarks.ratio import Ratio
from benchmarks.scoring import WINDOW, fill, put, weekdays
from db.day_usage import sum_up_usage
from db.engine import Store
from db.trace_days import keep_sums, sum_up
from db.traces import days_of_traces, read_traces
from db.usage_columns import keep_columns
from scoring.program import Program
from scoring.window import midnight_us

PEOPLE = 8_500
_ROUNDS = 3
_CALLS = 12  # a person and working day: in two sessions, for one task and none
_HOUR_US = 3_600_000_000
_PROGRAM = Program()

_CALL = ("event_day", "identity_id", "key", "time_us", "received_us", "type", "lane", "task", "model", "session")
_CALL += ("prompt_hash", "tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write")
_CALL += ("cost_nanousd", "cost_kind", "is_error", "is_retry", "calls", "is_shadowed")


def flags_ratios(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """The traces of everybody in four weeks, on both databases."""
    count = int(PEOPLE * scale)
    for name, store, conn in both(folder / "flags.db", new_postgresql):
        fill(conn, count)
        put(conn, "events", _CALL, _calls(count))
        conn.execute("ANALYZE")
        conn.commit()
        yield _ratio(name, count, store)
        store.close()


def _ratio(name: str, count: int, store: Store) -> Ratio:
    from_events = [_seconds(store) for _ in range(_ROUNDS)]
    began = time.perf_counter()
    for day in days_of_traces(WINDOW.end_us, _PROGRAM):
        with store.write() as conn:
            keep_sums(conn, sum_up(conn, day, _PROGRAM.flags))
            keep_columns(conn, day, 0, sum_up_usage(conn, day))
    summed = time.perf_counter() - began
    from_sums = [_seconds(store) for _ in range(_ROUNDS)]
    ours, yardstick = statistics.median(from_sums), statistics.median(from_events)
    return Ratio(
        work=f"what flags look at, {count:,} people × 4 weeks, {name}",
        ours=f"{ours:.1f} s (days summed up once in {summed:.1f} s)",
        yardstick=f"{yardstick:.1f} s, from {count * _CALLS * len(weekdays(WINDOW)):,} events",
        value=yardstick / ours,
        aim=">= 2",
    )


def _seconds(store: Store) -> float:
    with store.read() as conn:
        began = time.perf_counter()
        read_traces(conn, WINDOW.end_us, _PROGRAM)
        return time.perf_counter() - began


def _calls(count: int) -> Iterator[tuple[Any, ...]]:
    generator = random.Random(3)
    for place, (day, number) in enumerate(product(weekdays(WINDOW), range(1, count + 1))):
        morning_us = midnight_us(day, _PROGRAM.zone) + 8 * _HOUR_US
        for turn in range(_CALLS):
            time_us = morning_us + turn * _HOUR_US // 2 + generator.randrange(_HOUR_US // 2)
            key = (10**15 + place * _CALLS + turn).to_bytes(16, "big")
            task = f"{number}-{day.day // 5}" if turn % 3 else None
            said = (task, "claude-sonnet-4-5", f"{place}-{turn // 6}", f"{generator.randrange(10**6)}")
            figures = (900, 200, 0, 0, 10**7, "billed", False, False, 1, False)
            yield str(day), number, key, time_us, time_us, "usage", "production", *said, *figures
