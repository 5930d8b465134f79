"""What a door answers when it does not take a request, and the one place where errors become answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.hooks.large import Busy, LargeBodies, room_for
from db.engine import StoreUnavailable
from db.writer import QueueFull, Receipt

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

_encode = msgspec.json.Encoder().encode


class Refusal(Exception):
    """A request that is not taken: the HTTP status and one sentence that names the fault and its place."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


def json_answer(status: int, content: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(_encode(content), status, dict(headers or {}), "application/json")


def taken(receipt: Receipt, rejected: int = 0) -> Response:
    """The body that says what became of the events, once they are durable."""
    content = {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "rejected": rejected}
    return json_answer(200, content)


def answering(door: Endpoint) -> Endpoint:
    """``door`` with its errors as answers, and with room for a few large bodies at a time.

    Back-pressure is 503 and not 429, which makes LiteLLM drop its batch; ``Retry-After`` stays low, as OTLP senders
    give up after some ten seconds.
    """

    large = LargeBodies()

    async def answer(request: Request) -> Response:
        try:
            with room_for(request, large):
                return await door(request)
        except Refusal as refusal:
            return json_answer(refusal.status, {"error": refusal.text}, refusal.headers)
        except (Busy, QueueFull, StoreUnavailable):
            return json_answer(503, {"error": "busy; nothing was stored, send it again"}, {"Retry-After": "1"})
        except ClientDisconnect:
            return Response(status_code=400)

    return answer
