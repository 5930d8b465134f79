"""What one connection may ask of the server before any door is reached: its number, its pace, the size of its head.

uvicorn itself waits for ever for a head and for a body, and takes heads of any size.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from bot.limits import BODY_BYTES_A_SECOND, BODY_SECONDS, BODY_SLOW_SECONDS, CONNECTIONS, HEAD_BYTES, HEAD_SECONDS


class ConnectionLimits(msgspec.Struct, frozen=True):
    """``slow_after_seconds``: so long may a body come as slowly as it likes; of time, only what we spend reading counts."""

    connections: int = CONNECTIONS
    head_bytes: int = HEAD_BYTES
    head_seconds: float = HEAD_SECONDS
    body_bytes_a_second: int = BODY_BYTES_A_SECOND
    slow_after_seconds: float = BODY_SLOW_SECONDS
    body_seconds: float = BODY_SECONDS
    look_every_seconds: float = 1


class _HeadTooLarge(Exception):
    """Ends the parsing of a head."""


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's protocol, with a look at every connection once in a while."""

    limits = ConnectionLimits()
    _look: asyncio.TimerHandle | None = None
    _is_in_head = True
    _head_bytes = 0
    _began = 0.0  # waiting for a request, on the clock of the loop
    _body_bytes = 0
    _reading_seconds = 0.0
    _earlier: tuple[RequestResponseCycle, ...] = ()  # requests before the last one that are not answered yet

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(503, "too many connections; nothing was stored, send it again", b"retry-after: 1\r\n")
            return
        self._began = self.loop.time()
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        self._end_requests()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > self.limits.head_bytes:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        self._head_bytes = sum(len(name) + len(value) for name, value in self.headers) + len(self.url)
        if self._head_bytes > self.limits.head_bytes:
            raise _HeadTooLarge
        if self.cycle is not None:
            self._earlier = tuple(one for one in (*self._earlier, self.cycle) if not one.response_complete)
        super().on_headers_complete()
        self._is_in_head = False
        self._head_bytes = self._body_bytes = 0
        self._reading_seconds = 0.0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_in_head = True
        self._began = self.loop.time()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for whatever cannot be parsed."""
        if self._is_in_head and self._head_bytes > self.limits.head_bytes:
            self._refuse_head()
        else:
            self._refuse(400, "head or framing of the request: not HTTP/1.1 that can be read")

    def _refuse_head(self) -> None:
        self._refuse(431, f"head: larger than {self.limits.head_bytes:,} bytes")

    def _look_later(self) -> None:
        self._look = self.loop.call_later(self.limits.look_every_seconds, self._look_at_pace)

    def _look_at_pace(self) -> None:
        if self.transport.is_closing():
            return
        if self._is_in_head:
            self._look_at_head()
        elif not self.flow.read_paused:
            self._look_at_body()
        if not self.transport.is_closing():
            self._look_later()

    def _look_at_head(self) -> None:
        now = self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            self._began = now  # they wait for us
        elif now - self._began >= self.limits.head_seconds:
            self._refuse(408, f"head: took longer than {self.limits.head_seconds:g} seconds")

    def _look_at_body(self) -> None:
        limits = self.limits
        self._reading_seconds += limits.look_every_seconds
        if self._reading_seconds > limits.body_seconds:
            self._refuse(408, f"body: took longer than {limits.body_seconds:g} seconds")
        elif (
            self._reading_seconds > limits.slow_after_seconds
            and self._body_bytes < limits.body_bytes_a_second * self._reading_seconds
        ):
            self._refuse(408, f"body: slower than {limits.body_bytes_a_second:,} bytes a second")

    def _refuse(self, status: int, error: str, header: bytes = b"") -> None:
        """Answers, where that would not be taken for the answer to something else, and closes the connection."""
        if self.transport.is_closing():
            return
        under_way = self.cycle is not None and not self.cycle.response_complete
        is_answered = under_way if self._is_in_head else self.cycle.response_started
        if not is_answered and not self.pipeline:
            self.transport.write(_answer(status, error, header))
        self._end_requests()
        self.transport.close()

    def _end_requests(self) -> None:
        """Says to all that are under way that nobody listens any more; uvicorn itself tells the last one alone."""
        for cycle in (*self._earlier, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()


def _answer(status: int, error: str, header: bytes) -> bytes:
    body = msgspec.json.encode({"error": error})
    return (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n"
    ).encode() + b"%s\r\n%s" % (header, body)
