"""``POST /hooks/events``: CloudEvents, structured, batched or binary; a request is taken whole or not at all.

Plain ``application/json`` without ``ce-`` headers is taken as well: an object is one event, an array a batch.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import content_type, inflated, read_raw
from bot.hooks.cloudevents import Envelope, TooMany, decode_batch, decode_event, event_of
from bot.hooks.decoding import Fault
from bot.hooks.proof import Prover
from bot.intake import Intake
from bot.limits import EVENTS_BODY_BYTES
from bot.world import Clock
from scoring.events import Event

_LARGE_BYTES = 1 << 20  # what would hold up other requests for too long
_BATCH = "application/cloudevents-batch+json"
_SINGLE = "application/cloudevents+json"
_ATTRIBUTES = ("specversion", "id", "source", "type", "time")
_QUOTED = re.compile(r"\\(.)")


def events_door(intake: Intake, prover: Prover, now_us: Clock) -> Endpoint:
    """The door's endpoint."""

    async def take(request: Request) -> Response:
        headers = request.headers
        if request.method == "OPTIONS":
            return _handshake(headers)
        form = content_type(headers)
        if not _is_understood(form, headers):
            raise Refusal(415, f"content-type: {_SINGLE} or {_BATCH} is needed")
        if not prover.is_signed(headers):
            await prover.require_bearer(headers)
        raw = await read_raw(request, EVENTS_BODY_BYTES)
        now = now_us()
        if prover.is_signed(headers):
            prover.require_signature(headers, raw, now)
        body = await inflated(raw, headers, EVENTS_BODY_BYTES)
        try:
            if len(body) <= _LARGE_BYTES:
                events = _decode(form, headers, body, now)
            else:
                events = await asyncio.to_thread(_decode, form, headers, body, now)
        except Fault as fault:
            raise Refusal(400, str(fault)) from fault
        except TooMany as error:
            raise Refusal(413, str(error)) from error
        return taken(await intake.accept(events))

    return take


def _is_understood(form: str, headers: Headers) -> bool:
    return form in (_BATCH, _SINGLE, "application/json") or (form.endswith("+json") and _is_binary(headers))


def _is_binary(headers: Headers) -> bool:
    return "ce-specversion" in headers or "ce-id" in headers


def _decode(form: str, headers: Headers, body: bytes, now_us: int) -> list[Event]:
    if form == _BATCH:
        return decode_batch(body, now_us)
    if form == _SINGLE:
        return [decode_event(body, now_us)]
    if _is_binary(headers):
        return [event_of(_attributes(headers), body, now_us)]
    if body.lstrip()[:1] == b"[":
        return decode_batch(body, now_us)
    return [decode_event(body, now_us)]


def _attributes(headers: Headers) -> Envelope:
    """The attributes of an event in binary mode: in ``ce-`` headers, percent-encoded once (HTTP binding, 3.1.3.2)."""
    given = {name: _attribute(headers, name) for name in _ATTRIBUTES}
    for name, value in given.items():
        if not value:
            raise Fault(f"ce-{name}", "missing")
    try:
        return msgspec.convert({**given, "subject": _attribute(headers, "subject")}, Envelope)
    except msgspec.ValidationError as error:
        if given["specversion"] != "1.0":
            raise Fault("ce-specversion", 'needs to be "1.0"') from error
        raise Fault("ce-time", "a time like 2026-11-02T09:00:00Z is needed, with its offset") from error


def _attribute(headers: Headers, name: str) -> str:
    value = headers.get(f"ce-{name}", "").strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _QUOTED.sub(r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode("utf-8")
    except UnicodeError as error:
        raise Fault(f"ce-{name}", "not percent-encoded UTF-8") from error


def _handshake(headers: Headers) -> Response:
    """The abuse protection of the CloudEvents webhook binding, section 4: whoever holds a secret may send."""
    answer = {"Allow": "POST, OPTIONS"}
    if origin := headers.get("webhook-request-origin"):
        answer |= {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}
    return Response(headers=answer)
