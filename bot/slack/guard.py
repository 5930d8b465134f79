"""Stands before Bolt at ``/slack/events``: only what Slack signed, and what Bolt can read, gets past.

Bolt parses a body before it looks at the signature, and answers 500 to several kinds of malformed request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.hooks.answers import Refusal, json_answer
from bot.hooks.body import content_type, read_raw
from bot.hooks.proof import is_one_of
from bot.slack.shape import ShapeError, require_shape
from bot.world import Clock

_MOST_BYTES = 1 << 20
_MOST_DEPTH = 64  # Slack's own payloads stay under 20
_TOLERANCE_SECONDS = 300
_FORM = "application/x-www-form-urlencoded"
_FORM_KINDS = ("payload", "command", "ssl_check")


class SlackGuard:
    """An ASGI application around Bolt's; ``signing_secrets`` is one or several, comma-separated, for rotation."""

    def __init__(self, bolt: ASGIApp, signing_secrets: str, now_us: Clock) -> None:
        self._bolt = bolt
        self._keys = [key.encode() for part in signing_secrets.split(",") if (key := part.strip())]
        self._now_us = now_us

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await self._proven_body(request)
        except Refusal as refusal:
            await json_answer(refusal.status, {"error": refusal.text}, refusal.headers)(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            await self._bolt(scope, _replay(body, receive), send)

    async def _proven_body(self, request: Request) -> bytes:
        """The body, if Bolt may see it. Raises ``Refusal``."""
        if request.method != "POST":
            raise Refusal(405, "only POST is understood", {"Allow": "POST"})
        form = content_type(request.headers)
        if form not in ("application/json", _FORM):
            raise Refusal(415, f"content-type: application/json or {_FORM} is needed")
        if "content-encoding" in request.headers:
            raise Refusal(415, "content-encoding: Slack sends none")
        body = await read_raw(request, _MOST_BYTES)
        self._require_signature(request.headers, body)
        _require_readable(form, body)
        return body

    def _require_signature(self, headers: Headers, body: bytes) -> None:
        """Slack's version 0: HMAC-SHA256 of ``v0:timestamp:body`` in hexadecimal, at most five minutes old."""
        if not self._keys:
            raise Refusal(401, "set SLACK_SIGNING_SECRET to let Slack in")
        timestamp = headers.get("x-slack-request-timestamp", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
            raise Refusal(401, "x-slack-request-timestamp: whole seconds since 1970 are needed")
        if abs(int(timestamp) - self._now_us() // 1_000_000) > _TOLERANCE_SECONDS:
            raise Refusal(401, "x-slack-request-timestamp: more than five minutes off")
        signed = b"v0:%s:%s" % (timestamp.encode(), body)
        expected = [b"v0=" + hmac.new(key, signed, hashlib.sha256).hexdigest().encode() for key in self._keys]
        if not is_one_of(headers.get("x-slack-signature", "").encode("latin-1"), expected):
            raise Refusal(401, "x-slack-signature: does not fit")


def _require_readable(form: str, body: bytes) -> None:
    """Raises ``Refusal`` (400) for what Slack would never send and Bolt could not read."""
    try:
        text = body.decode("utf-8")
        fields = parse_qs(text, keep_blank_values=True, strict_parsing=True, errors="strict") if form == _FORM else {}
    except ValueError as error:
        raise Refusal(400, "body: not UTF-8, or not a form") from error
    if form != _FORM:
        _require_object("body", text)
        return
    payloads = fields.get("payload", [])
    if text.startswith("{") or len(payloads) > 1 or not any(kind in fields for kind in _FORM_KINDS):
        raise Refusal(400, "body: a payload or a command is needed")
    for payload in payloads:
        _require_object("payload", payload)


def _require_object(place: str, text: str) -> None:
    try:
        content = json.loads(text, parse_constant=_no_constant)
        json.dumps(content, ensure_ascii=False).encode()  # halves of surrogate pairs cannot be written
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"{place}: not JSON that can be read") from error
    if not isinstance(content, dict):
        raise Refusal(400, f"{place}: an object is needed")
    if _is_deeper(content, _MOST_DEPTH):
        raise Refusal(400, f"{place}: nested too deeply")
    try:
        require_shape(content, place)
    except ShapeError as error:
        raise Refusal(400, str(error)) from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_deeper(content: Any, most: int) -> bool:
    level = [content]
    for _ in range(most):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _replay(body: bytes, receive: Receive) -> Receive:
    """``body`` as if it were still to be read, then whatever comes after it."""
    is_read = False

    async def replayed() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
