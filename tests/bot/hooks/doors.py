"""The doors of a service on a real store, to be knocked at."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
from sqlalchemy import select
from starlette.applications import Starlette

from bot.hooks.routes import hook_routes
from bot.intake import Intake
from bot.prices import PriceBook
from bot.settings import HookSecrets, Settings
from bot.world import Clock, RuleBook, World
from db.engine import Store
from db.tables import events, identities, rejected_records
from db.writer import LedgerWriter
from scoring.program import Program
from scoring.window import to_us
from tests.builders import MONDAY_NOON, MONDAY_NOON_US

EVENTS_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LITELLM_SECRET = "proxy-token"
OTLP_SECRET = "otlp-bot-token"
BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
PROTOBUF = "application/x-protobuf"


class Doors:
    """Sends requests with proofs that fit, and reads what the store holds."""

    def __init__(self, client: httpx.AsyncClient, store: Store) -> None:
        self.client = client
        self._store = store

    async def events(self, body: object, content_type: str = SINGLE, **headers: str) -> httpx.Response:
        proof = {"authorization": f"Bearer {EVENTS_SECRET}", "content-type": content_type}
        return await self.client.post("/hooks/events", content=as_bytes(body), headers=proof | hyphened(headers))

    async def litellm(self, body: object, **headers: str) -> httpx.Response:
        """``body`` may also be an iterator of bytes: then it goes in chunks."""
        proof = {"authorization": f"Bearer {LITELLM_SECRET}", "content-type": "application/json"}
        content = body if isinstance(body, AsyncIterator) else as_bytes(body)
        return await self.client.post("/hooks/litellm", content=content, headers=proof | hyphened(headers))

    async def otlp(self, kind: str, body: object, content_type: str = PROTOBUF, **headers: str) -> httpx.Response:
        """``kind`` is metrics, logs or traces; ``body`` may also be an iterator of bytes."""
        proof = {"authorization": f"Bearer {OTLP_SECRET}", "content-type": content_type}
        content = body if isinstance(body, AsyncIterator) else as_bytes(body)
        return await self.client.post(f"/hooks/otlp/v1/{kind}", content=content, headers=proof | hyphened(headers))

    def stored(self) -> list[dict[str, Any]]:
        """The rows of the ledger with the names of their people, in order of time and id."""
        query = select(events, identities.c.source, identities.c.external_id).join(
            identities, identities.c.id == events.c.identity_id
        )
        with self._store.read() as conn:
            return [dict(row._mapping) for row in conn.execute(query.order_by(events.c.time_us, events.c.key))]

    def rejected(self) -> list[tuple[str, str, str]]:
        columns = rejected_records.c
        with self._store.read() as conn:
            rows = conn.execute(select(columns.source, columns.place, columns.reason).order_by(columns.id))
            return [(row[0], row[1], row[2]) for row in rows]


@asynccontextmanager
async def open_doors(
    store: Store,
    *,
    secrets: HookSecrets | None = None,
    now_us: int | Clock = MONDAY_NOON_US,
    most_waiting: int = 100_000,
) -> AsyncIterator[Doors]:
    """The doors on ``store`` at a moment that stands still, or by a clock."""
    program = Program()
    clock = now_us if callable(now_us) else lambda: now_us
    settings = Settings(_env_file=None).model_copy(
        update={
            "hook_secrets": secrets
            or HookSecrets(events=(EVENTS_SECRET,), litellm=(LITELLM_SECRET,), otlp=(OTLP_SECRET,))
        }
    )
    world = World(settings, store, RuleBook(program, "v1"), clock)
    prices = PriceBook(program.prices)
    writer = LedgerWriter(store, program.zone, world.now_us, price_of=prices.priced, most_waiting=most_waiting)
    app = Starlette(routes=hook_routes(world, Intake(writer, program.lanes, prices)))
    writer.start()
    try:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://doors") as client:
            yield Doors(client, store)
    finally:
        await writer.stop()


def cloud_event(data: Mapping[str, object] | None = None, **changes: object) -> dict[str, object]:
    """A usage event by Ada of 100 tokens."""
    return {
        "specversion": "1.0",
        "type": "bandstand.usage",
        "source": "test",
        "id": "1",
        "subject": "ada@acme.test",
        "time": MONDAY_NOON.isoformat(),
        "data": {"model": "gpt-4o", "tokens": {"input": 90, "output": 10}} if data is None else data,
    } | changes


def litellm_record(**changes: object) -> dict[str, object]:
    """A successful call by Ada, a cent, 100 tokens, a second."""
    seconds = to_us(MONDAY_NOON) / 1_000_000
    return {
        "id": "chatcmpl-1",
        "status": "success",
        "call_type": "acompletion",
        "startTime": seconds - 1,
        "endTime": seconds,
        "model": "openai/gpt-4o",
        "prompt_tokens": 90,
        "completion_tokens": 10,
        "response_cost": 0.01,
        "cache_hit": None,
        "trace_id": "session-1",
        "session_id": "",
        "end_user": None,
        "request_tags": ["User-Agent: python-httpx"],
        "metadata": {"user_api_key_user_email": "ada@acme.test", "usage_object": {}},
    } | changes


def as_bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def hyphened(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def receipt(accepted: int, duplicates: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"accepted": accepted, "duplicates": duplicates, "rejected": rejected}


def canonical(rows: list[dict[str, Any]]) -> bytes:
    """Rows without what depends on when they came: to compare two stores."""
    dropped = ("received_us", "identity_id")
    return msgspec.json.encode([{name: row[name] for name in row if name not in dropped} for row in rows])
