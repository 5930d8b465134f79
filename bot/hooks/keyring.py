"""The tokens that were made here, as the doors know them: asked of the store at most every two seconds."""

from __future__ import annotations

import asyncio
import hmac

import msgspec

from bot.hooks.last_use import UseLog
from bot.ingest_token import GivenToken
from bot.world import Clock
from db.engine import Store
from db.ingest_tokens import LiveToken, live_token

_FRESH_US = 2_000_000  # so long a revoked token may still be taken
_MOST_KNOWN = 20_000
_ASKED_AT_ONCE = 2  # made-up tokens must not keep the store from everybody else


class _Known(msgspec.Struct, frozen=True):
    token: LiveToken
    asked_us: int


class Keyring:
    """One server's. ``uses`` is told of every secret that fits."""

    def __init__(self, store: Store, now_us: Clock) -> None:
        self.uses = UseLog(store, now_us)
        self._store = store
        self._now_us = now_us
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[LiveToken | None]] = {}
        self._turns = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def token_of(self, given: GivenToken, door: str) -> LiveToken | None:
        """The live token that ``given`` is, if it opens ``door``. Raises ``StoreUnavailable``."""
        token = await self._live(given.id)
        if token is None or not hmac.compare_digest(given.hash, token.hash) or token.door != door:
            return None
        self.uses.note_token(given.id)
        return token

    async def _live(self, token_id: str) -> LiveToken | None:
        known = self._known.get(token_id)
        if known is not None and abs(self._now_us() - known.asked_us) < _FRESH_US:
            return known.token
        asking = self._asking.get(token_id)
        if asking is None:
            asking = self._asking[token_id] = asyncio.create_task(self._ask(token_id))
        return await asyncio.shield(asking)  # one that leaves must not take the others' answer away

    async def _ask(self, token_id: str) -> LiveToken | None:
        try:
            async with self._turns:
                asked_us = self._now_us()
                token = await asyncio.to_thread(self._store.glance, lambda conn: live_token(conn, token_id))
        finally:
            del self._asking[token_id]
        self._known.pop(token_id, None)
        if token is None:
            return None
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[token_id] = _Known(token, asked_us)
        return token
