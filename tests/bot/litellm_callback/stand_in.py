"""A stand-in for Bandstand that fails as it is told to, and what a LiteLLM proxy would tell of a call."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_PATIENCE_S = 30


class Trouble(msgspec.Struct, frozen=True):
    """What the stand-in does in place of taking a delivery."""

    status: int = 0  # 0: no answer, the connection is reset
    body: bytes = b'{"error": "not now"}'
    retry_after: str = ""
    is_after_storing: bool = False


class StandIn:
    """Takes deliveries that are proved; remembers records by id and how often each came."""

    def __init__(self, port: int = 0) -> None:
        self.troubles: deque[Trouble] = deque()
        self.records: dict[str, dict[str, Any]] = {}
        self.copies: Counter[str] = Counter()
        self.order: list[str] = []
        self.message_ids: list[str] = []
        self.bodies: list[bytes] = []
        self.most_records = 1_000_000
        self.poison = ""
        self.open = threading.Event()  # while it is clear, nobody is answered
        self.open.set()
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, _PATIENCE_S), "it did not come to that"

    def wait_for(self, count: int) -> None:
        self.wait_until(lambda: len(self.records) >= count)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Trouble:
        """What is answered, as a trouble or as none (200)."""
        with self._changed:
            self.bodies.append(body)
            self.message_ids.append(headers["webhook-id"])
            self._changed.notify_all()
        self.open.wait(_PATIENCE_S)
        with self._changed:
            if path != "/hooks/litellm" or headers["content-type"] != "application/x-ndjson":
                return Trouble(404)
            if headers["webhook-signature"] != _signature(headers, body):
                return Trouble(401, b'{"error": "webhook-signature: no signature fits"}')
            trouble = self.troubles.popleft() if self.troubles else None
            if trouble and not trouble.is_after_storing:
                self._changed.notify_all()
                return trouble
            records = [json.loads(line) for line in body.split(b"\n")]
            if len(records) > self.most_records:
                return Trouble(413, b'{"error": "body: too large"}')
            if any(record["id"] == self.poison for record in records):
                return Trouble(400, b'{"error": "body: cannot be read"}')
            for record in records:
                self.records[record["id"]] = record
                self.copies[record["id"]] += 1
                self.order.append(record["id"])
            self._changed.notify_all()
            return trouble or Trouble(200, b'{"accepted": 1, "duplicates": 0, "rejected": 0}')


def wait_until(is_so: Callable[[], bool]) -> None:
    """Fails where it does not come to that."""
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        os.sched_yield()


def _signature(headers: dict[str, str], body: bytes) -> str:
    """As the reference library has it."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signature: str = Webhook(SECRET).sign(headers["webhook-id"], at, body.decode())
    return signature


@contextmanager
def standing_in(port: int = 0) -> Iterator[StandIn]:
    stand_in = StandIn(port)
    try:
        yield stand_in
    finally:
        stand_in.stop()


def _handler_of(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one piece, for which nobody waits

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand_in.answer(self.path, headers, body)
            if answer.status == 0:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            self.send_response(answer.status)
            if answer.retry_after:
                self.send_header("retry-after", answer.retry_after)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True

    return Handler
