"""``POST /hooks/events``: CloudEvents, structured, batched or binary; a request is taken whole or not at all."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bot.hooks.answers import Endpoint, Refusal, taken
from bot.hooks.body import read_body
from bot.hooks.cloudevents import Fault, TooMany, decode_batch, decode_event, event_of
from bot.hooks.proof import Prover
from bot.intake import Intake
from bot.world import Clock
from scoring.events import Event

_MOST_BYTES = 8 << 20
_QUOTED = re.compile(r"\\(.)")


def events_door(intake: Intake, prover: Prover, now_us: Clock) -> Endpoint:
    """The door's endpoint."""

    async def take(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _handshake(request)
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not _is_understood(content_type, request.headers):
            raise Refusal(
                415, "content-type: application/cloudevents+json or application/cloudevents-batch+json is needed"
            )
        body = await read_body(request, _MOST_BYTES)
        now = now_us()
        prover.require_signature_or_bearer(request.headers, body, now)
        try:
            events = _decode(content_type, request.headers, body, now)
        except Fault as fault:
            raise Refusal(400, str(fault)) from fault
        except TooMany as error:
            raise Refusal(413, str(error)) from error
        return taken(await intake.accept(events))

    return take


def _is_understood(content_type: str, headers: Headers) -> bool:
    if content_type in ("application/cloudevents-batch+json", "application/cloudevents+json"):
        return True
    return content_type == "application/json" or (content_type.endswith("+json") and "ce-id" in headers)


def _decode(content_type: str, headers: Headers, body: bytes, now_us: int) -> list[Event]:
    if content_type == "application/cloudevents-batch+json":
        return decode_batch(body, now_us)
    if content_type == "application/cloudevents+json":
        return [decode_event(body, now_us)]
    if "ce-specversion" in headers or "ce-id" in headers:
        return [_binary(headers, body, now_us)]
    if body.lstrip()[:1] == b"[":
        return decode_batch(body, now_us)
    return [decode_event(body, now_us)]


def _binary(headers: Headers, body: bytes, now_us: int) -> Event:
    """An event in binary mode: attributes in ``ce-`` headers, percent-encoded once, the data in the body."""
    if _attribute(headers, "specversion") != "1.0":
        raise Fault('ce-specversion: "1.0" is needed')
    for name in ("id", "source", "type", "time"):
        if not _attribute(headers, name):
            raise Fault(f"ce-{name}: missing")
    return event_of(
        type_=_attribute(headers, "type"),
        id=_attribute(headers, "id"),
        source=_attribute(headers, "source"),
        subject=_attribute(headers, "subject"),
        time=_moment(_attribute(headers, "time")),
        data=body,
        now_us=now_us,
    )


def _attribute(headers: Headers, name: str) -> str:
    value = headers.get(f"ce-{name}", "").strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _QUOTED.sub(r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode("utf-8")
    except UnicodeError as error:
        raise Fault(f"ce-{name}: not percent-encoded UTF-8") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Fault("ce-time: a time like 2026-11-02T09:00:00Z is needed") from error
    if moment.tzinfo is None:
        raise Fault("ce-time: an offset is needed, e.g. Z")
    return moment


def _handshake(request: Request) -> Response:
    """The abuse protection of the CloudEvents webhook binding, section 4: whoever holds a secret may send."""
    origin = request.headers.get("webhook-request-origin", "*")
    return Response(headers={"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*", "Allow": "POST, OPTIONS"})
