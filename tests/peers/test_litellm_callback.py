"""Our callback in a real LiteLLM proxy, while our service is killed and comes back: nothing missing, nothing double."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.litellm_callback import bandstand_callback
from db.engine import Store, open_store
from db.novelty import event_key
from db.tables import events, identities, rejected_records, usage_days
from tests.peers.litellm_proxy import Call, make_calls, running_proxy, usage
from tests.service.processes import TOKEN, ServerProcess

pytestmark = pytest.mark.peer

CALLS = 2000
KILLS = 5
_ARRIVED_WITHIN_S = 60


def stored_keys(store: Store) -> list[bytes]:
    with store.read() as conn:
        return [bytes(key) for key in conn.scalars(select(events.c.key))]


def stored_usage(store: Store) -> Counter[tuple[str, str, int, int, bool]]:
    columns = (
        identities.c.external_id,
        events.c.model,
        events.c.tokens_input,
        events.c.tokens_output,
        events.c.is_error,
    )
    with store.read() as conn:
        rows = conn.execute(select(*columns).join(identities, identities.c.id == events.c.identity_id))
        return Counter((who, model, read, written, bool(failed)) for who, model, read, written, failed in rows)


def assert_each_call_counts_once(store: Store, calls: list[Call]) -> None:
    assert sorted(stored_keys(store)) == sorted(event_key("litellm", call.event_id) for call in calls)
    assert stored_usage(store) == usage(calls)
    totals = select(func.sum(usage_days.c.calls), func.sum(usage_days.c.tokens_input + usage_days.c.tokens_output))
    with store.read() as conn:
        assert tuple(conn.execute(totals).one()) == (
            len(calls),
            sum(call.tokens_input + call.tokens_output for call in calls),
        )
        assert conn.scalar(select(func.count()).select_from(rejected_records)) == 0


def waiting(folder: Path) -> list[Path]:
    """What the callback has yet to send."""
    return [*folder.glob("spool/worker-*/*.ndjson")]


def everything_in_database(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("*.db*"))


async def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _ARRIVED_WITHIN_S
    while not is_so() and time.monotonic() < deadline:  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.1)


def install_callback(folder: Path, service: ServerProcess) -> dict[str, str]:
    """Puts the file where the proxy looks for it; the proxy's environment."""
    shutil.copy(bandstand_callback.__file__, folder)
    return {
        "BANDSTAND_CALLBACK_URL": service.address,
        "BANDSTAND_CALLBACK_SECRET": TOKEN,
        "BANDSTAND_CALLBACK_SPOOL": str(folder / "spool"),
    }


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str) -> Iterator[ServerProcess]:
    """``bandstand serve --no-slack``; it has to end well."""
    running = ServerProcess(tmp_path, sqlite_url)
    running.start()
    try:
        yield running
    finally:
        status = running.stop()
    assert status == 0
    assert "Traceback" not in running.log


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


async def test_two_thousand_calls_count_once_each_though_the_service_is_killed_five_times(
    tmp_path: Path, service: ServerProcess, store: Store
) -> None:
    environment = install_callback(tmp_path, service)
    killed = 0

    async def kill_now_and_then(answered: int) -> None:
        """By one caller, while the others go on: the service is gone for as long as it takes to start."""
        nonlocal killed
        if answered % (CALLS // (KILLS + 1)) or killed == KILLS:
            return
        killed += 1
        async with only_one_at_a_time:
            await asyncio.to_thread(service.kill)
            await asyncio.to_thread(service.start)

    only_one_at_a_time = asyncio.Lock()
    settings = {"callbacks": "bandstand_callback.bandstand"}
    with running_proxy(tmp_path, settings, environment, workers=2) as address:
        calls = await make_calls(address, CALLS, kill_now_and_then)
        await wait_until(lambda: len(stored_keys(store)) >= CALLS)
        await wait_until(lambda: not waiting(tmp_path))
    assert killed == KILLS
    assert len({call.event_id for call in calls}) == CALLS
    assert_each_call_counts_once(store, calls)
    assert not waiting(tmp_path)
    assert "Bandstand:" in (tmp_path / "proxy.log").read_text()  # said that the service was away
    assert b"CANARY" not in everything_in_database(tmp_path)
