"""When each secret was last used, written down beside the event loop and at most once a minute, all at once."""

from __future__ import annotations

import asyncio

import msgspec
import structlog

from bot.world import Clock
from db.engine import Store, StoreUnavailable
from db.ingest_tokens import record_token_uses
from db.secret_uses import DoorSecret, record_secret_uses

_log = structlog.get_logger()

_REST_S = 60.0


class Uses(msgspec.Struct):
    """When tokens (by id) and secrets of the settings (by door and fingerprint) were last used, in microseconds."""

    tokens: dict[str, int] = {}
    secrets: dict[DoorSecret, int] = {}


class UseLog:
    """Told of every use on the event loop. A process that ends forgets the uses of its last minute, no more."""

    def __init__(self, store: Store, now_us: Clock) -> None:
        self._store = store
        self._now_us = now_us
        self._uses = Uses()
        self._writing: asyncio.Task[None] | None = None

    def note_token(self, token_id: str) -> None:
        self._uses.tokens[token_id] = self._now_us()
        self._write_soon()

    def note_secret(self, door: str, fingerprint: str) -> None:
        self._uses.secrets[door, fingerprint] = self._now_us()
        self._write_soon()

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_while_used())

    async def _write_while_used(self) -> None:
        """The first use is written at once, what comes within the minute after it together at its end, and so on."""
        while self._uses.tokens or self._uses.secrets:
            uses, self._uses = self._uses, Uses()
            try:
                await asyncio.to_thread(self._write, uses)
            except StoreUnavailable as error:
                _log.info("uses of secrets not written", reason=str(error))
                self._uses.tokens = uses.tokens | self._uses.tokens
                self._uses.secrets = uses.secrets | self._uses.secrets
            await asyncio.sleep(_REST_S)

    def _write(self, uses: Uses) -> None:
        with self._store.write() as conn:
            record_token_uses(conn, uses.tokens)
            record_secret_uses(conn, uses.secrets)
