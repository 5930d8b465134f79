"""A server that is killed and restarted under load keeps every event that it acknowledged, once."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import httpx
from sqlalchemy import func, select

from db.engine import open_store
from db.rebuild import rebuild
from db.tables import event_keys, events, usage_days
from tests.service.processes import TOKEN, ServerProcess

_KILLS = int(os.environ.get("BANDSTAND_KILLS", "8"))
_SENDERS = 6
_PER_BATCH = 20


def batch_of(sender: int, number: int) -> list[dict[str, object]]:
    return [
        {
            "specversion": "1.0",
            "type": "bandstand.usage",
            "source": f"sender-{sender}",
            "id": f"{number}-{position}",
            "subject": f"person-{position}@acme.test",
            "time": "2026-06-01T12:00:00Z",
            "data": {"model": "gpt-4o", "tokens": {"input": 7}, "cost_usd": "0.001"},
        }
        for position in range(_PER_BATCH)
    ]


async def send_until(done: asyncio.Event, sender: int, address: str) -> int:
    """Sends batch after batch, each until it is acknowledged; the number of acknowledged events."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/cloudevents-batch+json"}
    acknowledged = number = 0
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=10) as client:
        while not done.is_set():
            try:
                answer = await client.post("/hooks/events", json=batch_of(sender, number))
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code in (200, 503)
            if answer.status_code == 200:
                acknowledged += _PER_BATCH
                number += 1
    return acknowledged


async def test_nothing_acknowledged_is_lost_and_nothing_counted_twice(tmp_path: Path, sqlite_url: str) -> None:
    chance = random.Random(20)
    server = ServerProcess(tmp_path, sqlite_url)
    await asyncio.to_thread(server.start)
    done = asyncio.Event()
    senders = [asyncio.create_task(send_until(done, sender, server.address)) for sender in range(_SENDERS)]
    for _ in range(_KILLS):
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
    done.set()
    acknowledged = sum(await asyncio.gather(*senders))
    assert await asyncio.to_thread(server.stop) == 0

    store = open_store(sqlite_url)
    with store.write() as conn:
        stored = conn.scalar(select(func.count()).select_from(events)) or 0
        keys = conn.scalar(select(func.count()).select_from(event_keys))
        calls, tokens, cost = conn.execute(
            select(
                func.sum(usage_days.c.calls), func.sum(usage_days.c.tokens_input), func.sum(usage_days.c.cost_nanousd)
            )
        ).one()
        assert rebuild(conn).changed == 0
    store.close()
    # A batch that was committed just before a kill may not have been acknowledged; its sender then sent it again.
    assert acknowledged <= stored <= acknowledged + _SENDERS * _PER_BATCH
    assert (stored, stored * 7, stored * 1_000_000) == (keys, tokens, cost)
    assert calls == stored
    assert acknowledged > 0
