"""A real LiteLLM proxy with models that answer by themselves, and people who call them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import msgspec
import psycopg
import yaml

from tests.service.processes import free_port

MASTER_KEY = "sk-for-tests"
_ROOT = Path(__file__).parents[2]
_VENV = _ROOT / ".venv-litellm"
_UP_WITHIN_S = 120
_AT_ONCE = 20
_MODELS = {"short": "openai/gpt-4o", "long": "anthropic/claude-sonnet-4-5", "failing": "openai/gpt-4o-mini"}
_ANSWERS = {"short": "Yes.", "long": "A good deal more, about this and that.", "failing": "litellm.InternalServerError"}


class Call(msgspec.Struct, frozen=True):
    """A call as its caller knows it."""

    event_id: str
    person: str
    model: str
    tokens_input: int
    tokens_output: int
    is_error: bool


@contextmanager
def running_proxy(
    folder: Path,
    settings: Mapping[str, object],
    environment: Mapping[str, str],
    *,
    workers: int = 1,
    database_url: str = "",
) -> Iterator[str]:
    """A proxy, with ``settings`` beside its models in its configuration: its address. Ends as an operator ends it."""
    port = free_port()
    models = [
        {"model_name": name, "litellm_params": {"model": model, "api_key": "none", "mock_response": _ANSWERS[name]}}
        for name, model in _MODELS.items()
    ]
    (folder / "config.yaml").write_text(
        yaml.safe_dump({"model_list": models, "general_settings": {"master_key": MASTER_KEY}, **settings})
    )
    if database_url:
        prepare_database(database_url)
    log = folder / "proxy.log"
    with log.open("wb") as out:
        proxy = subprocess.Popen(
            _with_database(port) if database_url else _by_its_command(port, workers),
            cwd=folder,
            env={**_environment(folder, database_url), **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(proxy, address, log)
        try:
            yield address
        except BaseException as error:
            error.add_note(f"the proxy's log ended with: {log.read_text()[-3000:]}")
            raise
        proxy.send_signal(signal.SIGTERM)
        proxy.wait(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(proxy.pid, signal.SIGKILL)  # workers that outlived it
        proxy.wait()


def prepare_database(url: str) -> None:
    """Lays LiteLLM's own tables, as the migrations have them that it comes with."""
    with psycopg.connect(url, autocommit=True) as connection:
        for migration in sorted(_VENV.glob("lib/*/site-packages/litellm_proxy_extras/migrations/*/migration.sql")):
            connection.execute(migration.read_text().replace("CONCURRENTLY", ""))  # type: ignore[call-overload]


def _by_its_command(port: int, workers: int) -> list[str]:
    return [
        *(str(_VENV / "bin" / "litellm"), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)),
        *("--telemetry", "False", "--num_workers", str(workers)),
        *("--timeout_worker_healthcheck", "120"),  # loading it takes long on a busy machine
    ]


def _with_database(port: int) -> list[str]:
    """The same application; its command would have Prisma lay the tables, for which there is no engine."""
    serve = [str(_VENV / "bin" / "python"), "-m", "uvicorn", "litellm.proxy.proxy_server:app"]
    return [*serve, "--host", "127.0.0.1", "--port", str(port)]


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
    if not database_url:
        return environment
    database = {"DATABASE_URL": database_url, "PYTHONPATH": str(Path(__file__).parent / "litellm")}
    return {**environment, **database, "CONFIG_FILE_PATH": str(folder / "config.yaml")}


async def _nothing(answered: int) -> None:
    pass


async def make_calls(address: str, count: int, after: Callable[[int], Awaitable[None]] = _nothing) -> list[Call]:
    """Makes ``count`` calls, twenty at a time; ``after`` each one its caller awaits, with how many are answered."""
    numbers = iter(range(count))
    calls: list[Call] = []

    async def caller(client: httpx.AsyncClient) -> None:
        for number in numbers:
            calls.append(await _call(client, number))
            await after(len(calls))

    headers = {"authorization": f"Bearer {MASTER_KEY}"}
    one_by_one = httpx.Limits(
        max_keepalive_connections=0
    )  # a connection that ends as a call begins tells nothing of it
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=one_by_one) as client:
        await asyncio.gather(*(caller(client) for _ in range(_AT_ONCE)))
    return calls


def usage(calls: list[Call]) -> Counter[tuple[str, str, int, int, bool]]:
    """How often who used what."""
    return Counter((one.person, one.model, one.tokens_input, one.tokens_output, one.is_error) for one in calls)


async def _call(client: httpx.AsyncClient, number: int) -> Call:
    name = "failing" if number % 20 == 7 else ("short", "long")[number % 2]
    person = f"person-{number % 7}@acme.test"
    body = {
        "model": name,
        "user": person,
        "messages": [{"role": "user", "content": f"CANARY {number} " + "more to read " * (number % 11)}],
    }
    if number % 3 == 0 and name != "failing":
        return await _streamed(client, body, person, name)
    answer = await client.post("/chat/completions", json=body)
    if name == "failing":
        assert answer.status_code == 500
        call_id, model = answer.headers["x-litellm-call-id"], _MODELS[name]
        return Call(f"{call_id}@failed:{model.rpartition('/')[2]}", person, model, 0, 0, is_error=True)
    read = answer.json()
    used = read["usage"]
    return Call(read["id"], person, _MODELS[name], used["prompt_tokens"], used["completion_tokens"], is_error=False)


async def _streamed(client: httpx.AsyncClient, body: dict[str, object], person: str, name: str) -> Call:
    body |= {"stream": True, "stream_options": {"include_usage": True}}
    async with client.stream("POST", "/chat/completions", json=body) as answer:
        chunks = [chunk async for chunk in _chunks(answer)]
    used = next(chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage"))
    model = _MODELS[name]
    return Call(chunks[0]["id"], person, model, used["prompt_tokens"], used["completion_tokens"], is_error=False)


async def _chunks(answer: httpx.Response) -> AsyncIterator[dict[str, dict[str, int]]]:
    async for line in answer.aiter_lines():
        if line.startswith("data: {"):
            yield msgspec.json.decode(line.removeprefix("data: "))


def _wait_until_up(proxy: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        if proxy.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/health/liveliness", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the proxy is not up: {log.read_text()[-3000:]}")
