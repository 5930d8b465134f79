"""Every event delivered up to ten times, in any order, to one server or to two: counted once.

``BANDSTAND_DELIVERIES=1000000`` runs it at full size.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import func, select

from db.engine import open_store
from db.rebuild import rebuild
from db.tables import events, usage_days
from tests.service.processes import TOKEN, ServerProcess

_DELIVERIES = int(os.environ.get("BANDSTAND_DELIVERIES", "100000"))
_CONNECTIONS = 4
_encode = msgspec.json.Encoder().encode


def an_event(number: int) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "type": "bandstand.usage",
        "source": "clients",
        "id": str(number),
        "subject": f"person-{number % 300}@acme.test",
        "time": f"2026-06-{number % 28 + 1:02}T12:00:00Z",
        "data": {"model": "gpt-4o", "tokens": {"input": number, "cache_read": 3}, "cost_usd": f"0.00{number}"},
    }


def deliveries() -> list[int]:
    """Numbers of events, each one to ten times, shuffled."""
    chance = random.Random(7)
    numbers = [number for number in range(_DELIVERIES * 2 // 11) for _ in range(chance.randint(1, 10))]
    chance.shuffle(numbers)
    return numbers


def batches(numbers: Sequence[int]) -> list[bytes]:
    chance = random.Random(8)
    found, start = [], 0
    while start < len(numbers):
        size = chance.choice((1, 20, 300, 1000))
        found.append(_encode([an_event(number) for number in numbers[start : start + size]]))
        start += size
    return found


async def deliver(address: str, bodies: Sequence[bytes]) -> int:
    """Sends each until it is taken; how many events were new."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/cloudevents-batch+json"}
    accepted = 0
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        for body in bodies:
            answer = await client.post("/hooks/events", content=body)
            while answer.status_code == 503:
                await asyncio.sleep(float(answer.headers["Retry-After"]))
                answer = await client.post("/hooks/events", content=body)
            assert answer.status_code == 200
            accepted += answer.json()["accepted"]
    return accepted


@pytest.mark.parametrize(("url_fixture", "replicas"), [("sqlite_url", 1), ("postgresql_url", 2)])
async def test_copies_change_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, url_fixture: str, replicas: int
) -> None:
    url = request.getfixturevalue(url_fixture)
    numbers = deliveries()
    bodies = batches(numbers)
    servers = [ServerProcess(tmp_path, url) for _ in range(replicas)]
    for server in servers:
        await asyncio.to_thread(server.start)
    senders = replicas * _CONNECTIONS
    counts = await asyncio.gather(
        *(deliver(servers[sender % replicas].address, bodies[sender::senders]) for sender in range(senders))
    )
    for server in servers:
        assert await asyncio.to_thread(server.stop) == 0

    once = set(numbers)
    store = open_store(url)
    with store.write() as conn:
        days = usage_days.c
        sums = (days.calls, days.tokens_input, days.tokens_cache_read, days.cost_nanousd)
        counted = conn.execute(select(*(func.sum(column) for column in sums))).one()
        stored = conn.scalar(select(func.count()).select_from(events))
        assert rebuild(conn).changed == 0
    store.close()
    assert sum(counts) == stored == len(once)
    cost_nanousd = sum(int(f"{number:0<7}"[:7]) for number in once)
    assert tuple(counted) == (len(once), sum(once), 3 * len(once), cost_nanousd)
