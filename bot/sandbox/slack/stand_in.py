"""The stand-in itself: a server that the real Slack client calls, and the hands of those who type and click."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.serving import served
from bot.sandbox.slack import payloads
from bot.sandbox.slack.block_kit import fault_of_view
from bot.sandbox.slack.faults import FaultKind, Faults
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.web_api import METHODS, fault_of_message
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Refused, Workspace

_AFTER = (FaultKind.ERROR_AFTER, FaultKind.INTERNAL_ERROR_AFTER, FaultKind.RESET_AFTER)


class Call(msgspec.Struct, frozen=True):
    """A call of the Web API, as it came."""

    method: str
    arguments: dict[str, Any]


class SlackStandIn:
    """``async with stand_in.running():`` serves at ``api_url``. ``app_url`` is where the app takes commands and clicks."""

    def __init__(self, workspace: Workspace | None = None, clock: Callable[[], float] = time.time) -> None:
        """``clock`` gives the seconds since 1970 at which requests are signed."""
        self.workspace = workspace or Workspace()
        self._clock = clock
        self.faults = Faults()
        self.pace: Pace | None = None  # set it, and Slack's limits hold
        self.calls: list[Call] = []
        self.refused: list[str] = []  # why answers to commands and clicks were not taken
        self.app_url = ""
        self.address = ""
        self._answers: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._views: dict[str, asyncio.Queue[dict[str, Any]]] = {}
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
        config = uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off")
        async with served(config) as self.address:
            yield

    async def type_command(self, user: str, channel: str, command: str, text: str = "") -> dict[str, Any]:
        """Types ``command`` as ``user``; the private answer (text and blocks), or the view that it opened."""
        number, url = self._new_request(user)
        where = self.workspace.channel(channel).id
        team = self.workspace.team_id
        body = payloads.command(
            user=user, team=team, channel=where, command=command, text=text, number=number, response_url=url
        )
        return await self._answer_to(number, body)

    async def click(
        self, user: str, channel: str, action_id: str, value: str = "", message_ts: str = "", team_id: str = ""
    ) -> dict[str, Any]:
        """Clicks a button of a message as ``user``; the private answer, or the view that it opened."""
        number, url = self._new_request(user)
        body = payloads.click_on_message(
            user=user,
            user_team=team_id,
            team=self.workspace.team_id,
            channel=self.workspace.channel(channel).id,
            ts=message_ts,
            action=payloads.button(action_id, value, number),
            number=number,
            response_url=url,
        )
        return await self._answer_to(number, body)

    async def click_in(self, user: str, view: dict[str, Any], action_id: str, value: str = "") -> dict[str, Any]:
        """Clicks a button of a modal or of Home; the view that it opened or changed."""
        number, _ = self._new_request(user)
        self._views[view["id"]] = self._answers[number]
        action = payloads.button(action_id, value, number)
        body = payloads.click_in_view(user=user, team=self.workspace.team_id, view=view, action=action, number=number)
        answer = await self._answer_to(number, body)
        found: dict[str, Any] = answer["view"]
        return found

    async def choose_shortcut(self, user: str, callback_id: str) -> dict[str, Any]:
        """Chooses a global shortcut; the view that it opened."""
        number, _ = self._new_request(user)
        body = payloads.shortcut(user=user, team=self.workspace.team_id, callback_id=callback_id, number=number)
        answer = await self._answer_to(number, body)
        found: dict[str, Any] = answer["view"]
        return found

    async def submit(self, user: str, view: dict[str, Any], **fields: str) -> dict[str, Any]:
        """Submits a modal with text by block; what the app says to do with it."""
        number, _ = self._new_request(user)
        body = payloads.submission(user=user, team=self.workspace.team_id, view=view, fields=fields, number=number)
        answered: dict[str, Any] = json.loads(await self._send(body, payloads.FORM) or "{}")
        if fault := fault_of_view(answered.get("view") or {"type": "home"}):
            raise AssertionError(fault)
        return answered

    async def open_home(self, user: str) -> None:
        """Opens the app's Home as ``user``; ``workspace.homes`` holds what the app publishes there."""
        number, _ = self._new_request(user)
        body = payloads.home_opened(
            user=user, team=self.workspace.team_id, view=self.workspace.homes.get(user), number=number
        )
        await self._send(body, "application/json")

    async def _answer_to(self, number: str, body: str) -> dict[str, Any]:
        answered = await self._send(body, payloads.FORM)
        if answered:
            private: dict[str, Any] = json.loads(answered)
            return private
        return await asyncio.wait_for(self._answers[number].get(), 10)

    async def _send(self, body: str, content_type: str) -> str:
        now = str(int(self._clock()))
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

    def _new_request(self, user: str) -> tuple[str, str]:
        """The number of a request, with a trigger for ``user``, and where its answer may be sent."""
        number = str(next(self._numbers))
        self._answers[number] = asyncio.Queue()
        self.workspace.triggers[payloads.trigger(number)] = user
        return number, f"{self.address}/response/{number}"

    async def _tell_of_view(self, method: str, arguments: dict[str, Any], view: dict[str, Any]) -> None:
        """Whoever waits for a view gets it: by the trigger that opened it, or by the view that it replaced."""
        if method in ("views.open", "views.push"):
            await self._answers[str(arguments["trigger_id"]).partition(".")[2]].put({"view": view})
        elif method == "views.update" and view["id"] in self._views:
            await self._views.pop(view["id"]).put({"view": view})

    async def _response(self, request: Request) -> Response:
        said = await request.json()
        if fault := fault_of_message(self.workspace, said.get("text") or "", said.get("blocks") or []):
            self.refused.append(fault)
            return JSONResponse({"ok": False, "error": fault})
        await self._answers[request.path_params["number"]].put(said)
        return Response("ok")

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        arguments = await _arguments(request)
        self.calls.append(Call(method, arguments))
        if self.pace is not None and (seconds := self.pace.wait_s(method, self._place_of(arguments))):
            return _faulty(FaultKind.RATE_LIMITED, str(seconds))
        fault = self.faults.next(method)
        if fault is not None and fault.kind not in _AFTER:
            return _faulty(fault.kind, fault.retry_after)
        answer = self._answer(request, method, arguments)
        if fault is not None:
            return _faulty(fault.kind, fault.retry_after)
        if answer["ok"] and method.startswith("views."):
            await self._tell_of_view(method, arguments, answer["view"])
        return JSONResponse(answer, headers={"x-oauth-scopes": ",".join(sorted(self.workspace.scopes))})

    def _place_of(self, arguments: dict[str, Any]) -> str:
        """The conversation that a call is about; a person stands for the one with them."""
        place = str(arguments.get("channel", ""))
        try:
            return self.workspace.channel(place).id
        except Refused:
            return place

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
