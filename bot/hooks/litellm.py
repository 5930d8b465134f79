"""``POST /hooks/litellm``: what LiteLLM's ``generic_api`` callback sends; good records are stored, bad ones kept aside.

LiteLLM drops what is refused, sends the same record up to dozens of times, and its loss grows with the time we take
to answer. It says ``application/json`` whatever it sends, so the form is told by the content.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import msgspec
import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import announced_bytes, content_type, inflated, read_raw
from bot.hooks.decoding import Fault, Json, decoded, join
from bot.hooks.litellm_record import SOURCE, Record, event_of_record
from bot.hooks.proof import Prover
from bot.hooks.sane import Insane, check
from bot.intake import Intake
from bot.world import World
from db.rejected import Rejected, keep_rejected
from scoring.events import Event

_log = structlog.get_logger()

_MOST_BYTES = 64 << 20  # a default batch of 512 real agent turns is about 44 MB
_LARGE_BYTES = 1 << 20
_LARGE_AT_ONCE = 2


class _Object(msgspec.Struct):
    """Any object, whatever is in it."""


_one = msgspec.json.Decoder(Record)
_many = msgspec.json.Decoder(list[Record])
_raw_one = msgspec.json.Decoder(msgspec.Raw)
_raw_many = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(_Object)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_T = TypeVar("_T")


class Delivery(msgspec.Struct, frozen=True):
    """What is in a request: the events, and what is kept aside."""

    events: Sequence[Event]
    rejected: Sequence[Rejected]


def litellm_door(intake: Intake, prover: Prover, world: World) -> Endpoint:
    """The door's endpoint."""
    large = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def read(request: Request) -> Delivery:
        raw = await read_raw(request, _MOST_BYTES)
        body = await inflated(raw, request.headers, _MOST_BYTES)
        if len(body) <= _LARGE_BYTES:
            return read_delivery(body, world.now_us())
        return await asyncio.to_thread(read_delivery, body, world.now_us())

    async def take(request: Request) -> Response:
        if content_type(request.headers) not in ("application/json", "application/x-ndjson", "application/jsonl"):
            raise Refusal(415, "content-type: application/json is needed")
        await prover.require_bearer(request.headers)
        if _is_small(request.headers):
            delivery = await read(request)
        else:
            async with large:
                delivery = await read(request)
        receipt = await intake.accept(delivery.events)
        if delivery.rejected:
            _log.warning("kept records aside", source=SOURCE, count=len(delivery.rejected))
            await asyncio.to_thread(_keep, world, delivery.rejected)
        return taken(receipt, len(delivery.rejected))

    return take


def read_delivery(body: bytes, now_us: int) -> Delivery:
    """The events of a body and what cannot be taken. Raises ``Refusal`` (400) where there is no record at all."""
    events: list[Event] = []
    rejected: list[Rejected] = []
    for place, given in _records(body):
        try:
            record = given if isinstance(given, Record) else decoded(_one, given, "", "")
            event = event_of_record(record)
            check(event, now_us)
        except (Fault, Insane) as error:
            where = join(place, "endTime" if error.place == "time" else error.place)
            rejected.append(Rejected(where or "record", error.text))
        else:
            events.append(event)
    return Delivery(events, rejected)


def _records(body: bytes) -> Sequence[tuple[str, Record | Json]]:
    """The records of an array, of a single object, or of lines with an object each, with their places."""
    start = body.lstrip()[:1]
    if start == b"[":
        return _in_array(body)
    if start == b"{":
        return _in_lines(body)
    raise Refusal(400, "body: an array, an object or lines of objects are needed")


def _in_array(body: bytes) -> Sequence[tuple[str, Record | Json]]:
    try:
        return [(f"[{position}]", record) for position, record in enumerate(_many.decode(body))]
    except _UNREADABLE:  # something in it is odd: each record for itself
        raws = _decoded_or_refused(_raw_many, body)
    if raws and not any(_is_object(raw) for raw in raws):
        raise Refusal(400, "[0]: an object is needed")
    return [(f"[{position}]", raw) for position, raw in enumerate(raws)]


def _in_lines(body: bytes) -> Sequence[tuple[str, Json]]:
    try:
        return [("", _raw_one.decode(body))]
    except _UNREADABLE:
        lines = [(f"line {number}", line) for number, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if len(lines) > 1 and any(_is_object(line) for _, line in lines):
        return lines
    return [("", _decoded_or_refused(_raw_one, body))]


def _is_object(raw: Json) -> bool:
    try:
        _object.decode(raw)
    except _UNREADABLE:
        return False
    return True


def _decoded_or_refused(decoder: msgspec.json.Decoder[_T], body: bytes) -> _T:
    try:
        return decoded(decoder, body, "", "body")
    except Fault as fault:
        raise Refusal(400, str(fault)) from fault


def _is_small(headers: Headers) -> bool:
    """Is the body announced as small? One in chunks or compressed may be of any size."""
    return "content-encoding" not in headers and (announced_bytes(headers) or _MOST_BYTES) <= _LARGE_BYTES


def _keep(world: World, rejected: Sequence[Rejected]) -> None:
    with world.store.write() as conn:
        keep_rejected(conn, SOURCE, rejected, world.now_us())
