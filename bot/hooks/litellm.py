"""``POST /hooks/litellm``: what our callback and LiteLLM's ``generic_api`` send; good records are stored, bad ones kept aside.

Ours signs as Standard Webhooks has it; ``generic_api`` shows a bearer token.

LiteLLM drops what is refused, sends the same record up to dozens of times, and its loss grows with the time we take
to answer. It says ``application/json`` whatever it sends, so the form is told by the content.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import Inflater, content_type, inflated, is_gzip, raw_parts, read_raw
from bot.hooks.delivery import Delivery, take_in
from bot.hooks.litellm_delivery import DeliveryReader, read_delivery
from bot.hooks.litellm_record import SOURCE
from bot.hooks.proof import Prover
from bot.intake import Intake
from bot.limits import EVENTS_BODY_BYTES, LITELLM_BODY_BYTES
from bot.world import World

_PIECE_BYTES = 256 << 10  # what is read at once; more would hold up other requests, less would cost more turns


def litellm_door(intake: Intake, prover: Prover, world: World) -> Endpoint:
    """The door's endpoint."""

    async def take(request: Request) -> Response:
        if content_type(request.headers) not in ("application/json", "application/x-ndjson", "application/jsonl"):
            raise Refusal(415, "content-type: application/json is needed")
        if prover.is_signed(request.headers):
            delivery = await _read_signed(request, prover, world.now_us())
        else:
            await prover.require_bearer(request.headers)
            delivery = await _read(request, world.now_us())
        return taken(await take_in(delivery, SOURCE, intake, world), len(delivery.rejected))

    return take


async def _read_signed(request: Request, prover: Prover, now_us: int) -> Delivery:
    """The delivery, once it is proved: what signs can be told to send less at once, so it need not be streamed."""
    raw = await read_raw(request, EVENTS_BODY_BYTES)
    prover.require_signature(request.headers, raw, now_us)
    body = await inflated(raw, request.headers, EVENTS_BODY_BYTES)
    if len(body) < _PIECE_BYTES:
        return read_delivery(body, now_us)
    return await asyncio.to_thread(read_delivery, body, now_us)


async def _read(request: Request, now_us: int) -> Delivery:
    """The delivery, decoded while it arrives. A sender that goes away in the middle of it leaves nothing behind."""
    reader = DeliveryReader(now_us)
    inflater = Inflater(LITELLM_BODY_BYTES) if is_gzip(request.headers) else None
    async for piece in _pieces(request):
        if inflater is not None:
            await asyncio.to_thread(_feed_inflated, reader, inflater, piece)
        elif len(piece) < _PIECE_BYTES:
            reader.feed(piece)
        else:
            await asyncio.to_thread(reader.feed, piece)
    if inflater is not None:
        inflater.end()
    return reader.end()


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces that are worth a turn of a thread, but for the last."""
    held = bytearray()
    async for part in raw_parts(request, LITELLM_BODY_BYTES):
        held += part
        if len(held) >= _PIECE_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _feed_inflated(reader: DeliveryReader, inflater: Inflater, piece: bytes) -> None:
    for part in inflater.feed(piece):
        reader.feed(part)
