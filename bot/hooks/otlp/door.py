"""``POST /hooks/otlp/v1/metrics``, ``/logs`` and ``/traces``: OTLP/HTTP, protobuf or JSON.

Clients give up after some ten seconds and drop on every status but 429, 502, 503 and 504, so what can be taken is
taken, the rest is a partial success, and back-pressure is 503 with a second's ``Retry-After``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal
from bot.hooks.body import content_type, inflated, read_raw
from bot.hooks.decoding import Fault
from bot.hooks.delivery import Delivery, take_in
from bot.hooks.large import Busy, LargeBodies, room_for
from bot.hooks.otlp.answers import Encoding, SignalKind, refused, taken
from bot.hooks.otlp.identity import of_owner
from bot.hooks.otlp.reading import read_export
from bot.hooks.otlp.signals import TooMany
from bot.hooks.proof import Prover
from bot.intake import Intake
from bot.limits import OTLP_BODY_BYTES, OTLP_INFLATED_BYTES
from bot.world import World
from db.engine import StoreUnavailable
from db.rejected import Rejected
from db.writer import QueueFull

_SOURCE = "otlp"
_LARGE_BYTES = 1 << 19  # what would hold up other requests for too long
_LARGE_AT_ONCE = 2
_TINY_BYTES = 5 << 10  # what cannot inflate to more than a megabyte


def otlp_door(kind: SignalKind, intake: Intake, prover: Prover, world: World) -> Endpoint:
    """The endpoint for one kind of export. Unlike other doors' it answers errors itself, as OTLP has it."""
    bodies = LargeBodies()
    large = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def read(request: Request, encoding: Encoding) -> Delivery:
        raw = await read_raw(request, OTLP_BODY_BYTES)
        if len(raw) <= (_TINY_BYTES if "content-encoding" in request.headers else _LARGE_BYTES):
            return await decode(await inflated(raw, request.headers, OTLP_INFLATED_BYTES), encoding)
        async with large:
            return await decode(await inflated(raw, request.headers, OTLP_INFLATED_BYTES), encoding)

    async def decode(body: bytes, encoding: Encoding) -> Delivery:
        if len(body) <= _LARGE_BYTES:
            return read_export(kind, encoding, body, world.now_us())
        return await asyncio.to_thread(read_export, kind, encoding, body, world.now_us())

    async def take(request: Request, encoding: Encoding) -> Response:
        proof = await prover.require_bearer(request.headers)
        try:
            delivery = await read(request, encoding)
        except Fault as fault:
            raise Refusal(400, str(fault)) from fault
        except TooMany as error:
            raise Refusal(413, str(error)) from error
        events = [of_owner(proof, event) for event in delivery.events]
        await take_in(msgspec.structs.replace(delivery, events=events), _SOURCE, intake, world)
        if not delivery.rejected:
            return taken(kind, encoding)
        return taken(kind, encoding, len(delivery.rejected), _summary(delivery.rejected))

    async def answer(request: Request) -> Response:
        try:
            encoding = Encoding(content_type(request.headers))
        except ValueError:
            text = " or ".join(one.value for one in Encoding)
            return refused(415, f"content-type: {text} is needed", Encoding.JSON)
        try:
            with room_for(request, bodies):
                return await take(request, encoding)
        except Refusal as refusal:
            return refused(refusal.status, refusal.text, encoding, refusal.headers)
        except (Busy, QueueFull, StoreUnavailable):
            return refused(503, "busy; nothing was stored, send it again", encoding, {"Retry-After": "1"})
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


def _summary(rejected: Sequence[Rejected]) -> str:
    """What is wrong with the first, and how many more there are."""
    first = rejected[0]
    text = f"{first.place}: {first.reason}"
    return text if len(rejected) == 1 else f"{text} (and {len(rejected) - 1:,} more)"
