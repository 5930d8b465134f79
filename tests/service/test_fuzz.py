"""Whatever is sent to a door: no 5xx, an answer that names what is wrong and where, and no memory kept of it.

``BANDSTAND_FUZZ=10000`` sends as many bodies to each door.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import httpx
import psutil
import pytest
from starlette.routing import Route

from bot.hooks.routes import hook_routes
from bot.intake import Intake
from bot.prices import PriceBook
from bot.settings import HookSecrets
from db.engine import Store
from db.writer import LedgerWriter
from scoring.program import Program
from tests.bot.hooks.doors import EVENTS_SECRET
from tests.builders import world
from tests.service.fuzzed_doors import CANARY, DOORS, FuzzedDoor
from tests.service.mutations import mutant, mutant_of_bytes
from tests.service.processes import TOKEN, ServerProcess

_BODIES = int(os.environ.get("BANDSTAND_FUZZ", "400"))
_WARM_UP = max(200, _BODIES // 10)
_SENDERS = 4
_MOST_GROWTH = 20 << 20  # bytes of memory
_PLACED = re.compile(r"[\w\[\]. -]+: .")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("fuzz")
    secrets = {f"BANDSTAND_HOOK_SECRETS__{door.upper()}": TOKEN for door in HookSecrets.model_fields}
    secrets["BANDSTAND_HOOK_SECRETS__EVENTS"] = EVENTS_SECRET
    running = ServerProcess(folder, f"sqlite+aiosqlite:///{folder / 'bandstand.db'}", secrets)
    running.start()
    yield running
    assert running.stop() == 0


async def send(door: FuzzedDoor, numbers: range, address: str) -> Counter[int]:
    """Sends the mutants with these numbers, side by side, and looks at each answer; the statuses."""
    left = iter(numbers)
    seeds = door.seeds()
    statuses: Counter[int] = Counter()

    async def send_some(client: httpx.AsyncClient) -> None:
        for number in left:
            seed = seeds[number % len(seeds)]
            odd = mutant(number, seed.body, seed.headers)
            headers = {name: value.encode("latin-1") for name, value in {**odd.headers, **door.proof(odd.body)}.items()}
            answer = await client.post(door.path, content=odd.body, headers=headers)
            statuses[answer.status_code] += 1
            what = f"{door.path} {number} ({odd.kind}): {answer.status_code} {answer.text[:300]}"
            assert answer.status_code in {200, *door.refusals}, what
            assert CANARY not in answer.text, what
            if answer.status_code != 200:
                assert _PLACED.match(door.fault(answer)), what

    async with httpx.AsyncClient(base_url=address, timeout=60) as client, asyncio.TaskGroup() as senders:
        for _ in range(_SENDERS):
            senders.create_task(send_some(client))
    return statuses


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.path)
async def test_no_body_whatever_makes_a_door_fail_or_grow(server: ServerProcess, door: FuzzedDoor) -> None:
    process = psutil.Process(server.pid)
    await send(door, range(_WARM_UP), server.address)
    before = process.memory_info().rss
    statuses = await send(door, range(_WARM_UP, _WARM_UP + _BODIES), server.address)
    growth = process.memory_info().rss - before
    print(f"{door.path}: {dict(statuses)}, memory {growth / (1 << 20):+.1f} MiB")  # noqa: T201 -- shown by pytest -s
    assert growth <= _MOST_GROWTH
    assert statuses[200]
    assert statuses[400] > _BODIES / 4


async def answer_to(raw: bytes, port: int) -> bytes:
    """What is answered to ``raw`` on a connection of its own; nothing where the server waits for more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with suppress(ConnectionError, TimeoutError):
        writer.write(raw)
        answer = await asyncio.wait_for(reader.read(1000), timeout=0.2)
    writer.close()
    return answer


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.path)
async def test_no_request_whatever_its_head_makes_the_server_fail(server: ServerProcess, door: FuzzedDoor) -> None:
    left = iter(range(_BODIES))
    seeds = door.seeds()
    statuses: Counter[bytes] = Counter()

    async def send_some() -> None:
        for number in left:
            seed = seeds[number % len(seeds)]
            headers = {**seed.headers, **door.proof(seed.body), "Host": "x", "Content-Length": str(len(seed.body))}
            lines = [f"POST {door.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
            head = mutant_of_bytes(number, "\r\n".join(lines).encode())
            statuses[(await answer_to(head + seed.body, server.port))[9:12]] += 1

    await asyncio.gather(*(send_some() for _ in range(16)))
    assert not [status for status in statuses if status.startswith(b"5")]
    assert statuses[b"400"]
    assert statuses[b"401"]


def test_nothing_of_the_content_is_found_anywhere_afterwards(server: ServerProcess) -> None:
    assert "Traceback" not in server.log
    for path in server.folder.iterdir():
        assert CANARY.encode() not in path.read_bytes(), path.name


def test_every_door_is_fuzzed(sqlite_store: Store) -> None:
    program = Program()
    taken = Intake(LedgerWriter(sqlite_store, program.zone, lambda: 0), program.lanes, PriceBook(program.prices))
    routes = [route for route in hook_routes(world(sqlite_store, program), taken) if isinstance(route, Route)]
    assert {route.path for route in routes} == {door.path for door in DOORS}
