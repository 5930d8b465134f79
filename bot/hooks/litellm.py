"""``POST /hooks/litellm``: what LiteLLM's ``generic_api`` callback sends; good records are stored, bad ones kept aside.

LiteLLM drops what is refused, sends the same record up to dozens of times, and its loss grows with the time we take
to answer. It says ``application/json`` whatever it sends, so the form is told by the content.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import read_body
from bot.hooks.cloudevents import Fault
from bot.hooks.litellm_record import SOURCE, Record, event_of_record
from bot.hooks.proof import Prover
from bot.hooks.sane import Insane, check
from bot.intake import Intake
from bot.world import World
from db.rejected import Rejected, keep_rejected
from scoring.events import Event

_MOST_BYTES = 64 << 20  # a default batch of 512 real agent turns is about 44 MB
_LARGE_BYTES = 1 << 20
_LARGE_AT_ONCE = 2

_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_record = msgspec.json.Decoder(Record).decode


def litellm_door(intake: Intake, prover: Prover, world: World) -> Endpoint:
    """The door's endpoint."""
    large = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def take(request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in ("application/json", "application/x-ndjson", "application/jsonl"):
            raise Refusal(415, "content-type: application/json is needed")
        prover.require_bearer(request.headers)
        if int(request.headers.get("content-length", "0").strip()[:12] or 0) <= _LARGE_BYTES:
            events, rejected = _read(await read_body(request, _MOST_BYTES), world.now_us())
        else:
            async with large:
                body = await read_body(request, _MOST_BYTES)
                events, rejected = await asyncio.to_thread(_read, body, world.now_us())
        receipt = await intake.accept(events)
        if rejected:
            await asyncio.to_thread(_keep, world, rejected)
        return taken(receipt, len(rejected))

    return take


def _read(body: bytes, now_us: int) -> tuple[list[Event], list[Rejected]]:
    """The events of a delivery and what cannot be taken. Raises ``Refusal`` (400) where nothing can be read."""
    events: list[Event] = []
    rejected: list[Rejected] = []
    for place, record in _records(body):
        try:
            event = event_of_record(_decode_record(record))
            check(event, now_us)
        except (msgspec.ValidationError, Fault, Insane) as error:
            rejected.append(Rejected(place, _reason(error)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, ArithmeticError):
            rejected.append(Rejected(place, "not readable as JSON"))
        else:
            events.append(event)
    if not events and all(one.reason == "not readable as JSON" for one in rejected) and rejected:
        raise Refusal(400, "body: not JSON in any form that LiteLLM sends")
    return events, rejected


def _records(body: bytes) -> Sequence[tuple[str, bytes | msgspec.Raw]]:
    """The records of an array, of a single object, or of lines with an object each, with their places."""
    start = body.lstrip()[:1]
    if start == b"[":
        try:
            return [(f"[{position}]", raw) for position, raw in enumerate(_decode_array(body))]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            raise Refusal(400, "body: not a JSON array") from error
    if start != b"{":
        raise Refusal(400, "body: an array, an object or lines of objects are needed")
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) == 1 or not lines[0].rstrip().endswith(b"}"):
        return [("record", body)]
    return [(f"line {number}", line) for number, line in enumerate(lines, start=1)]


def _reason(error: Exception) -> str:
    """The place and kind of a fault; msgspec's texts name fields and types, for enums also the value, which is cut."""
    text = str(error)
    if isinstance(error, msgspec.ValidationError) and text.startswith("Invalid enum value"):
        return "invalid value" + text[text.rfind(" - at") :]
    return text[:200]


def _keep(world: World, rejected: Sequence[Rejected]) -> None:
    with world.store.write() as conn:
        keep_rejected(conn, SOURCE, rejected, world.now_us())
