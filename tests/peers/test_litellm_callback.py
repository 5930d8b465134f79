"""Our callback in a real LiteLLM proxy, while our service is killed and comes back: nothing missing, nothing double."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from bot.litellm_callback import bandstand_callback
from bot.litellm_callback.bandstand_callback import Reporter, Settings
from db.engine import Store, open_store
from db.novelty import event_key
from db.tables import events, identities, rejected_records, usage_days
from tests.peers.litellm_proxy import MASTER_KEY, Call, make_calls, running_proxy, usage
from tests.service.processes import TOKEN, ServerProcess, free_port

# A worker of the proxy can die and hang up on its callers (BerriAI/litellm#36179), which tells nothing of our callback.
_PROXY_BROKE = pytest.mark.flaky(reruns=2, only_rerun=["RemoteProtocolError", "ReadError"])
pytestmark = [pytest.mark.peer, _PROXY_BROKE]

CALLS = 2000
KILLS = 5
CALLS_A_KILL = CALLS // (KILLS + 1)
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
    is_back = [asyncio.Event() for _ in range(KILLS + 1)]
    is_back[0].set()

    async def kill_now_and_then(answered: int) -> None:
        """By one caller, while the others go on; they get no further than the next kill before this one is over."""
        kill = min(answered // CALLS_A_KILL, KILLS)
        await is_back[max(kill - 1, 0)].wait()
        if kill == 0 or answered != kill * CALLS_A_KILL:
            return
        before = len(stored_keys(store))
        await asyncio.to_thread(service.kill)
        await asyncio.to_thread(service.start)
        await wait_until(lambda: len(stored_keys(store)) > before)
        is_back[kill].set()

    settings = {"litellm_settings": {"callbacks": "bandstand_callback.bandstand"}}
    with running_proxy(tmp_path, settings, environment, workers=2) as address:
        calls = await make_calls(address, CALLS, kill_now_and_then)
        await wait_until(lambda: len(stored_keys(store)) >= CALLS)
        await wait_until(lambda: not waiting(tmp_path))
    assert all(event.is_set() for event in is_back)
    assert len({call.event_id for call in calls}) == CALLS
    assert_each_call_counts_once(store, calls)
    assert not waiting(tmp_path)
    assert "Bandstand:" in (tmp_path / "proxy.log").read_text()  # said that the service was away
    assert b"CANARY" not in everything_in_database(tmp_path)


def pull(service: ServerProcess, proxy: str) -> dict[str, int]:
    """``bandstand pull litellm`` as an operator runs it: its counts by name."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "pull", "litellm"],
        cwd=service.folder,
        env={
            **os.environ,
            "BANDSTAND_DATABASE_URL": f"sqlite+aiosqlite:///{service.folder / 'bandstand.db'}",
            "BANDSTAND_PULL__LITELLM_URL": proxy,
            "BANDSTAND_PULL__LITELLM_KEY": MASTER_KEY,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return {name: int(count) for count, name in re.findall(r"(\d+) ([a-z ]+)", done.stdout)}


async def test_what_generic_api_loses_comes_by_pull_and_what_our_callback_tells_of_is_known_by_then(
    tmp_path: Path, service: ServerProcess, store: Store, empty_postgresql_url: str
) -> None:
    """LiteLLM's own callback, its spend log and ours tell of the same calls, each of which counts once."""
    nobody = f"http://127.0.0.1:{free_port()}"
    environment = {**install_callback(tmp_path, service), "BANDSTAND_CALLBACK_URL": nobody}
    settings = {
        "litellm_settings": {"callbacks": ["bandstand_callback.bandstand", "generic"]},
        "callback_settings": {
            "generic": {
                "callback_type": "generic_api",
                "endpoint": f"{service.address}/hooks/litellm",
                "headers": {"Authorization": f"Bearer {TOKEN}"},
                "event_types": ["llm_api_success", "llm_api_failure"],
            }
        },
    }
    database_url = empty_postgresql_url.replace("postgresql+psycopg", "postgresql")
    with running_proxy(tmp_path, settings, environment, database_url=database_url) as address:
        calls = await make_calls(address, 200)
        await wait_until(lambda: len(stored_keys(store)) >= 200)
        await asyncio.to_thread(service.kill)
        calls += await make_calls(address, 200)
        log = tmp_path / "proxy.log"
        await wait_until(lambda: log.read_text().count("Generic API Logger Error sending batch") > 0)
        await asyncio.to_thread(service.start)
        calls += await make_calls(address, 200)
        await wait_until(lambda: spend_log_length(database_url) >= len(calls))
        told = len(stored_keys(store))
        counts = await asyncio.to_thread(pull, service, address)
        assert_each_call_counts_once(store, calls)
        assert told < len(calls)
        assert counts["new"] > 0
        assert (await asyncio.to_thread(pull, service, address))["new"] == 0

    reporter = Reporter(Settings(service.address, TOKEN, tmp_path / "spool"))
    await wait_until(lambda: not waiting(tmp_path))
    await asyncio.to_thread(reporter.close)
    assert_each_call_counts_once(store, calls)


def spend_log_length(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        (length,) = connection.execute('SELECT count(*) FROM "LiteLLM_SpendLogs"').fetchone() or (0,)
        return int(length)
