"""The stand-in itself: a server that the real Slack client calls, and the hands of those who type and click."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.serving import QuietServer
from bot.sandbox.slack.faults import FaultKind, Faults
from bot.sandbox.slack.web_api import METHODS
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Refused, Workspace
from bot.sandbox.waiting import wait_until

_AFTER = (FaultKind.ERROR_AFTER, FaultKind.INTERNAL_ERROR_AFTER, FaultKind.RESET_AFTER)


class Call(msgspec.Struct, frozen=True):
    """A call of the Web API, as it came."""

    method: str
    arguments: dict[str, Any]


class SlackStandIn:
    """``async with stand_in.running():`` serves at ``api_url``. ``app_url`` is where the app takes commands and clicks."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        self.workspace = workspace or Workspace()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.app_url = ""
        self.address = ""
        self._answers: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    def messages(self, name_or_id: str) -> list[dict[str, Any]]:
        """What stands in a channel (``#name`` or id) or in the private conversation with a person."""
        return self.workspace.channel(name_or_id).messages

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        routes = [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            Route("/response/{number}", self._response, methods=["POST"]),
        ]
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(128)
            self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            server = QuietServer(uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listening]))

            async def has_started() -> bool:
                return server.started

            await wait_until(has_started, 30, "the stand-in did not start")
            try:
                yield
            finally:
                server.should_exit = True
                await serving

    async def type_command(self, user: str, channel: str, command: str, text: str = "") -> dict[str, Any]:
        """Types ``command`` as ``user``; the private answer (text and blocks)."""
        number, url = self._response_url()
        form = {
            "command": command,
            "text": text,
            "user_id": user,
            "channel_id": self.workspace.channel(channel).id,
            "team_id": self.workspace.team_id,
            "trigger_id": f"trigger.{number}",
            "response_url": url,
            "api_app_id": "A0BANDSTAND",
        }
        answered = await self._send(urlencode(form), "application/x-www-form-urlencoded")
        private: dict[str, Any] = json.loads(answered) if answered else await self._answers[number].get()
        return private

    async def click(
        self, user: str, channel: str, action_id: str, value: str = "", message_ts: str = "", team_id: str = ""
    ) -> dict[str, Any]:
        """Clicks a button as ``user``; the private answer."""
        number, url = self._response_url()
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": team_id or self.workspace.team_id},
            "team": {"id": self.workspace.team_id},
            "api_app_id": "A0BANDSTAND",
            "trigger_id": f"trigger.{number}",
            "response_url": url,
            "channel": {"id": self.workspace.channel(channel).id},
            "container": {
                "type": "message",
                "message_ts": message_ts,
                "channel_id": self.workspace.channel(channel).id,
            },
            "actions": [
                {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": number}
            ],
        }
        answered = await self._send(urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded")
        private: dict[str, Any] = (
            json.loads(answered) if answered else await asyncio.wait_for(self._answers[number].get(), 10)
        )
        return private

    async def open_home(self, user: str) -> None:
        """Opens the app's Home as ``user``; ``workspace.homes`` holds what the app publishes there."""
        event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0", "event_ts": "1.0"}
        body = {
            "type": "event_callback",
            "team_id": self.workspace.team_id,
            "api_app_id": "A0BANDSTAND",
            "event_id": f"Ev{next(self._numbers)}",
            "event": event,
        }
        await self._send(json.dumps(body), "application/json")

    async def _send(self, body: str, content_type: str) -> str:
        now = str(int(time.time()))
        digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={digest}",
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.app_url}/slack/events", data=body, headers=headers) as answer,
        ):
            text = await answer.text()
            if answer.status != 200:
                raise AssertionError(f"the app answered {answer.status}: {text}")
            return text

    def _response_url(self) -> tuple[str, str]:
        number = str(next(self._numbers))
        self._answers[number] = asyncio.Queue()
        return number, f"{self.address}/response/{number}"

    async def _response(self, request: Request) -> Response:
        await self._answers[request.path_params["number"]].put(await request.json())
        return Response("ok")

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        arguments = await _arguments(request)
        self.calls.append(Call(method, arguments))
        fault = self.faults.next(method)
        if fault is not None and fault.kind not in _AFTER:
            return _faulty(fault.kind, fault.retry_after)
        answer = self._answer(request, method, arguments)
        if fault is not None:
            return _faulty(fault.kind, fault.retry_after)
        return JSONResponse(answer, headers={"x-oauth-scopes": ",".join(sorted(self.workspace.scopes))})

    def _answer(self, request: Request, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if request.headers.get("authorization") != f"Bearer {BOT_TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        if method not in METHODS:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **METHODS[method](self.workspace, arguments)}
        except Refused as refused:
            return {"ok": False, "error": refused.error, **refused.details}


class _Reset(Response):
    """An answer that breaks off: the connection closes in the middle of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionResetError("played by the stand-in")


async def _arguments(request: Request) -> dict[str, Any]:
    """Slack takes arguments in the query, as a form or as JSON."""
    arguments: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        sent: dict[str, Any] = await request.json()
        arguments |= sent
    elif request.method == "POST":
        arguments |= dict(parse_qsl((await request.body()).decode()))
    return arguments


def _faulty(kind: FaultKind, retry_after: str) -> Response:
    if kind in (FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER):
        return _Reset()
    if kind is FaultKind.RATE_LIMITED:
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": retry_after})
    if kind is FaultKind.INTERNAL_ERROR_AFTER:
        return JSONResponse({"ok": False, "error": "internal_error"})
    if kind is FaultKind.HTML:
        return Response("<html>Bad gateway</html>", 502, media_type="text/html")
    return JSONResponse({"ok": False, "error": "fatal_error"}, 500)
