"""Signed events over HTTP, durable, with roll-ups: against a server that does nothing, and against the bare driver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec

from benchmarks.load import Load, request_bytes, run_load
from benchmarks.ratio import Ratio
from benchmarks.yardsticks import Batch, postgresql_rows_per_second, sqlite_rows_per_second
from db.ledger import Calendar
from scoring.events import CostKind, Event, Lane, Tokens, Usage
from scoring.window import to_us

_KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(_KEY).decode()
_ROUNDS = 3
_START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def singles_ratio(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """Requests a second of one signed event each, against the same server answering 202 without work.

    Enough of them are under way at once that the disk's sync, which they share, is not what is measured.
    """
    count = int(30_000 * scale)
    for name, address, aim in (
        ("SQLite", f"sqlite:///{folder / 'singles.db'}", "0.35"),
        ("PostgreSQL", new_postgresql(), "0.25"),
    ):
        with serving(address) as ours, idling() as idle:
            rounds = [(run_singles(ours, count, round_), run_singles(idle, count, round_)) for round_ in range(_ROUNDS)]
        yield _ratio(f"signed single events, {name}", rounds, 1, "requests/s", f">= {aim}")


def batches_ratio(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """Rows a second of signed batches of 1,000, against the bare driver inserting the same rows and roll-ups."""
    batches = max(10, int(150 * scale))
    for name in ("SQLite", "PostgreSQL"):
        ours, bare = [], []
        for round_ in range(_ROUNDS):
            prepared = [
                Batch(_events(round_, number, 1000), Calendar(ZoneInfo("UTC"), as_text=name == "SQLite"))
                for number in range(batches)
            ]
            if name == "SQLite":
                bare.append(sqlite_rows_per_second(folder / f"bare{round_}.db", prepared))
                address = f"sqlite:///{folder / f'batches{round_}.db'}"
            else:
                bare.append(postgresql_rows_per_second(new_postgresql(), prepared))
                address = new_postgresql()
            with serving(address) as port:
                ours.append(run_batches(port, batches, round_).per_second * 1000)
        value = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        yield Ratio(
            work=f"signed batches of 1,000, {name}",
            ours=f"{statistics.median(ours):,.0f} events/s",
            yardstick=f"{statistics.median(bare):,.0f} rows/s, bare driver",
            value=value,
            aim=">= 0.7",
        )


def run_singles(port: int, count: int, round_: int) -> Load:
    requests = [
        _signed("application/cloudevents+json", msgspec.json.encode(_cloud_event(round_, 0, n))) for n in range(count)
    ]
    return _checked(run_load(port, requests, connections=128, processes=2))


def run_batches(port: int, batches: int, round_: int) -> Load:
    requests = [
        _signed(
            "application/cloudevents-batch+json",
            msgspec.json.encode([_cloud_event(round_, number, n) for n in range(1000)]),
        )
        for number in range(batches)
    ]
    return _checked(run_load(port, requests, connections=4, processes=2))


@contextmanager
def serving(database_url: str) -> Iterator[int]:
    """The real server on ``database_url``; its port."""
    settings = {
        "BANDSTAND_DATABASE_URL": database_url,
        "BANDSTAND_HOOK_SECRETS__EVENTS": SECRET,
        "BANDSTAND_HOOK_SECRETS__OTLP": SECRET,
    }
    with _process([sys.executable, "-m", "bot", "serve", "--no-slack"], settings) as port:
        yield port


@contextmanager
def idling() -> Iterator[int]:
    """The same kind of server, answering 202 without work; its port."""
    with _process([sys.executable, "-m", "benchmarks.idle"], {}) as port:
        yield port


@contextmanager
def _process(command: list[str], settings: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, **settings, "BANDSTAND_PORT": str(port)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(port: int) -> None:
    for _ in range(500):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


def _signed(content_type: str, body: bytes) -> bytes:
    now = str(int(time.time()))
    signature = hmac.new(_KEY, b"msg_1." + now.encode() + b"." + body, hashlib.sha256).digest()
    headers = {
        "content-type": content_type,
        "webhook-id": "msg_1",
        "webhook-timestamp": now,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
    return request_bytes("/hooks/events", headers, body)


def _cloud_event(round_: int, batch: int, number: int) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "type": "bandstand.usage",
        "source": f"bench-{round_}-{batch}",
        "id": str(number),
        "subject": f"person{number % 500}@acme.test",
        "time": _START.isoformat(),
        "data": {
            "model": "claude-sonnet-4-5",
            "tokens": {"input": 1200, "output": 300 + number, "cache_read": 15000},
            "cost_usd": "0.0126",
            "session": f"session-{number // 10}",
            "task": f"task-{number // 50}",
        },
    }


def _events(round_: int, batch: int, count: int) -> list[Event]:
    return [
        Event(
            f"bench-{round_}-{batch}",
            str(number),
            f"person{number % 500}@acme.test",
            to_us(_START),
            Usage(
                model="claude-sonnet-4-5",
                tokens=Tokens(1200, 300 + number, 15000),
                cost_nanousd=12_600_000,
                cost_kind=CostKind.BILLED,
                lane=Lane.PRODUCTION,
                session=f"session-{number // 10}",
                task=f"task-{number // 50}",
            ),
        )
        for number in range(count)
    ]


def _checked(load: Load) -> Load:
    if load.failed:
        raise RuntimeError(f"{load.failed} of {load.failed + load.requests} requests were refused")
    return load


def _ratio(work: str, rounds: list[tuple[Load, Load]], size: int, unit: str, aim: str) -> Ratio:
    return Ratio(
        work=work,
        ours=f"{statistics.median(ours.per_second * size for ours, _ in rounds):,.0f} {unit}",
        yardstick=f"{statistics.median(idle.per_second * size for _, idle in rounds):,.0f} {unit}, no work",
        value=statistics.median(ours.per_second / idle.per_second for ours, idle in rounds),
        aim=aim,
    )
