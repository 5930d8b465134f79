"""The courier: takes messages from the outbox to Slack, one at a time a recipient, at Slack's pace.

What it claims is marked ``sending`` and committed before the call. An unclear answer makes it ``uncertain``: it is looked
for in the conversation's history, twice, before it is sent again; where the history cannot be read, a person decides.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from threading import Event
from typing import TypeVar

import msgspec
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.delivery.attempt import (
    Accepted,
    BlocksRefused,
    Impossible,
    NotAccepted,
    Outcome,
    Unclear,
    amend,
    attempt,
    open_conversation,
)
from bot.delivery.search import Again, Found, NotAllowed, NotFound, channel_id, search
from bot.slack.blocks.charts import has_charts, without_charts
from bot.slack.blocks.delivery_trouble import delivery_trouble
from bot.slack.message import Message
from bot.world import Clock
from db.engine import Store, StoreUnavailable
from db.outbox import (
    Parcel,
    Place,
    claim,
    claim_uncertain,
    conversation_of,
    give_up_expired,
    park,
    place_of,
    post,
    record_look,
    record_sent,
    record_uncertain,
    requeue,
)

_log = structlog.get_logger()

_SECOND_US = 1_000_000
_LEASE_US = 60 * _SECOND_US
_FIRST_LOOK_US = 30 * _SECOND_US
_NEXT_LOOK_US = 60 * _SECOND_US
_NO_LOOK_US = 24 * 3600 * _SECOND_US  # a person was asked; look again in case the scope is granted
_LOOKS_BEFORE_RESENDING = 2
_AT_ONCE = 8
_TROUBLE = "delivery_trouble"

Sleep = Callable[[float], Awaitable[None]]
_T = TypeVar("_T")
_decode = msgspec.json.Decoder(Message).decode


class Courier:
    """``run`` until stopped, or ``drain`` what is due. Several couriers may share one outbox."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        now_us: Clock,
        *,
        trouble_channel: str = "",
        no_charts: Event | None = None,
        a_minute: int = 200,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """``client`` must not retry by itself. ``trouble_channel`` hears of messages that a person must look at. Charts
        are left out once ``no_charts`` is set, which the first refusal does.

        ``a_minute``: how many messages a minute the workspace gets; a recipient gets one a second at most.
        """
        self._store = store
        self._client = client
        self._now_us = now_us
        self._trouble_channel = trouble_channel
        self._gap_us = 60 * _SECOND_US // a_minute
        self._sleep = sleep
        self._free_at: dict[str, int] = {}
        self._next_post_us = 0
        self._no_charts = no_charts or Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Delivers until ``stop`` is called; an attempt under way is finished."""
        while not self._stopping.is_set():
            try:
                busy = await self.step()
            except StoreUnavailable as error:
                _log.warning("outbox unavailable", reason=str(error))
                busy = 0
            if not busy:
                await self._sleep(0.5)

    def stop(self) -> None:
        self._stopping.set()

    async def drain(self) -> None:
        """Delivers what is due now and returns when nothing more is; uncertain messages stay for a later courier."""
        while await self.step() or self._wait_s() > 0:
            await self._sleep(self._wait_s())

    async def step(self) -> int:
        """One round: what became uncertain is looked for, what is due is sent; how many messages were handled."""
        await asyncio.to_thread(self._write, lambda conn: give_up_expired(conn, self._now_us()))
        looked_for = await self._claim_uncertain()
        sent = await self._claim()
        await asyncio.gather(*map(self._look_for, looked_for), *map(self._send, sent))
        return len(looked_for) + len(sent)

    def _wait_s(self) -> float:
        """Until the pace allows the next message to somebody whom it made wait; 0 where nobody waits."""
        now = self._now_us()
        waits = [free - now for free in (*self._free_at.values(), self._next_post_us) if free > now]
        return min(waits, default=0) / _SECOND_US

    async def _claim(self) -> tuple[Parcel, ...]:
        now = self._now_us()
        if now < self._next_post_us:
            return ()
        self._free_at = {recipient: free for recipient, free in self._free_at.items() if free > now}
        token = secrets.token_hex(8)
        parcels = await asyncio.to_thread(
            self._write,
            lambda conn: claim(
                conn, now_us=now, lease_until_us=now + _LEASE_US, token=token, busy=tuple(self._free_at), limit=_AT_ONCE
            ),
        )
        self._next_post_us = max(self._next_post_us, now + self._gap_us * len(parcels))
        for parcel in parcels:
            self._free_at[parcel.recipient] = now + _SECOND_US
        return parcels

    async def _claim_uncertain(self) -> tuple[Parcel, ...]:
        now, token = self._now_us(), secrets.token_hex(8)
        return await asyncio.to_thread(
            self._write,
            lambda conn: claim_uncertain(conn, now_us=now, lease_until_us=now + _LEASE_US, token=token, limit=_AT_ONCE),
        )

    async def _send(self, parcel: Parcel) -> None:
        message = _decode(parcel.message)
        if self._no_charts.is_set():
            message = without_charts(message)
        outcome = await self._attempt(parcel, message)
        _log.info("message attempted", id=parcel.id, kind=parcel.kind, outcome=type(outcome).__name__)
        await asyncio.to_thread(self._write, lambda conn: self._settle(conn, parcel, message, outcome))

    async def _attempt(self, parcel: Parcel, message: Message) -> Outcome:
        if place := await self._place_to_amend(parcel):
            return await amend(self._client, place.conversation, place.ts, message)
        # A person's id will do as the place: opening the conversation first is a call that Slack allows 50 times a minute.
        place_id = parcel.conversation or parcel.recipient
        outcome = await attempt(self._client, place_id, message, parcel.dedupe_key)
        if outcome == Impossible("channel_not_found") and place_id[:1] in ("U", "W"):
            opened = await open_conversation(self._client, place_id)
            return (
                await attempt(self._client, opened, message, parcel.dedupe_key) if isinstance(opened, str) else opened
            )
        return outcome

    async def _place_to_amend(self, parcel: Parcel) -> Place | None:
        """Where the message stands whose place this one takes; None where that was never said: then this is said instead."""
        replaces = parcel.replaces
        return await asyncio.to_thread(self._write, lambda conn: place_of(conn, replaces)) if replaces else None

    def _settle(self, conn: Connection, parcel: Parcel, message: Message, outcome: Outcome) -> None:
        """Puts down what became of ``message``, which is the parcel's as it was sent."""
        now = self._now_us()
        match outcome:
            case Accepted(conversation=conversation, ts=ts):
                record_sent(conn, parcel.id, conversation=conversation, ts=ts, now_us=now)
            case NotAccepted(error=error, retry_after_s=seconds, is_for_all=is_for_all):
                next_us = now + int(seconds * _SECOND_US)
                if is_for_all:
                    self._next_post_us = max(self._next_post_us, next_us)
                requeue(conn, parcel.id, next_us=next_us, error=error)
            case BlocksRefused(error=error) if message.blocks:
                less = msgspec.json.encode(self._less_of(message, outcome)).decode()
                requeue(conn, parcel.id, next_us=now, error=error, message=less)
            case BlocksRefused(error=error) | Impossible(error=error):
                park(conn, parcel.id, error)
                self._tell(conn, parcel, error)
            case Unclear(error=error):
                record_uncertain(conn, parcel.id, next_us=now + _FIRST_LOOK_US, error=error)

    def _less_of(self, message: Message, refused: BlocksRefused) -> Message:
        """The same without its charts; where it had none, in its text alone."""
        if not has_charts(message):
            return Message(message.text, ())
        if not refused.is_too_long:
            self._no_charts.set()
        return without_charts(message)

    async def _look_for(self, parcel: Parcel) -> None:
        conversation = parcel.conversation or await self._known_conversation(parcel.recipient)
        seen: Found | NotFound | NotAllowed | Again
        if isinstance(conversation, str):
            seen = await search(self._client, conversation, parcel.dedupe_key, parcel.attempted_us or 0)
        else:
            seen = conversation
        _log.info("message looked for", id=parcel.id, kind=parcel.kind, seen=type(seen).__name__)
        await asyncio.to_thread(self._write, lambda conn: self._settle_look(conn, parcel, seen))

    async def _known_conversation(self, recipient: str) -> str | NotAllowed | Again:
        """The id by which the history is asked for: a channel's, or that of the private conversation with a person."""
        if recipient[:1] in ("U", "W"):
            return await self._private_conversation(recipient)
        if not recipient.startswith("#"):
            return recipient
        known = await asyncio.to_thread(self._write, lambda conn: conversation_of(conn, recipient))
        return known or await channel_id(self._client, recipient)

    async def _private_conversation(self, person: str) -> str | NotAllowed | Again:
        opened = await open_conversation(self._client, person)
        match opened:
            case NotAccepted(error=error):
                return Again(error)
            case Impossible(error=error):
                return NotAllowed(error)
        return opened

    def _settle_look(self, conn: Connection, parcel: Parcel, seen: Found | NotFound | NotAllowed | Again) -> None:
        now = self._now_us()
        match seen:
            case Found(conversation=conversation, ts=ts):
                record_sent(conn, parcel.id, conversation=conversation, ts=ts, now_us=now)
            case NotFound() if parcel.looks + 1 >= _LOOKS_BEFORE_RESENDING:
                requeue(conn, parcel.id, next_us=now, error="not found, sent again")
            case NotFound():
                record_look(conn, parcel.id, next_us=now + _NEXT_LOOK_US, error="not found yet")
            case Again(error=error):
                record_uncertain(conn, parcel.id, next_us=now + _NEXT_LOOK_US, error=error)
            case NotAllowed(error=error):
                record_uncertain(conn, parcel.id, next_us=now + _NO_LOOK_US, error=error)
                self._tell(conn, parcel, f"unclear whether Slack has it, and the history is closed ({error})")

    def _tell(self, conn: Connection, parcel: Parcel, error: str) -> None:
        """Tells AI ops once of a message that a person must look at; trouble with such a notice stays in the log."""
        _log.warning("message needs a person", id=parcel.id, kind=parcel.kind, error=error)
        if not self._trouble_channel or parcel.kind == _TROUBLE:
            return
        notice = delivery_trouble(parcel.id, parcel.kind, error)
        post(
            conn,
            dedupe_key=f"{_TROUBLE}/{parcel.id}",
            kind=_TROUBLE,
            recipient=self._trouble_channel,
            message=msgspec.json.encode(notice).decode(),
            priority=10,
            now_us=self._now_us(),
        )

    def _write(self, change: Callable[[Connection], _T]) -> _T:
        with self._store.write() as conn:
            return change(conn)
