"""Connections that are slow, too many or oversized are ended with an answer, and others never notice."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import server_config
from bot.connections import BoundedConnection, ConnectionLimits
from bot.sandbox.waiting import wait_until

GOOD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


class Hurried(BoundedConnection):
    limits = ConnectionLimits(
        connections=5,
        head_bytes=2000,
        head_seconds=0.3,
        slow_after_seconds=0.2,
        body_seconds=1,
        look_every_seconds=0.05,
    )


class House:
    """A server on a port, and what became of the bodies it read."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.may_read = asyncio.Event()
        self.ends: list[str] = []

    async def knock(self, *parts: bytes, pause: float = 0.02) -> bytes:
        """Sends ``parts`` with pauses, the last one over and over, until the connection is closed; what was answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = asyncio.create_task(_all_of(reader))
        sent = 0
        try:
            async with asyncio.timeout(20):
                while not answer.done():
                    writer.write(parts[min(sent, len(parts) - 1)])
                    await writer.drain()
                    sent += 1
                    await asyncio.wait([answer], timeout=pause)
        except ConnectionError:
            pass
        writer.close()
        return await answer


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the connection is closed: by a reset, where it was closed on something that nobody read."""
    parts = []
    with suppress(ConnectionResetError):
        while part := await reader.read(65_536):
            parts.append(part)
    return b"".join(parts)


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def read(request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:
            house.ends.append("gone")
            raise
        house.ends.append("read")
        return Response(str(len(body)))

    async def read_when_allowed(request: Request) -> Response:
        await house.may_read.wait()
        return await read(request)

    async def refuse(_request: Request) -> Response:
        return Response(status_code=401)

    routes = [
        Route("/healthz", healthz),
        Route("/read", read, methods=["POST"]),
        Route("/later", read_when_allowed, methods=["POST"]),
        Route("/refuse", refuse, methods=["POST"]),
    ]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        house = House(listening.getsockname()[1])
        server = uvicorn.Server(server_config(_quiet(Starlette(routes=routes)), Hurried))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        await wait_until(lambda: asyncio.sleep(0, server.started), 20, "the server did not start")
        yield house
        server.should_exit = True
        await running


def _quiet(app: ASGIApp) -> ASGIApp:
    """An app whose senders that go away are no error of ours."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await app(scope, receive, send)

    return quiet


def status_and_error(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    return int(head.split()[1]), msgspec.json.decode(body)["error"]


@pytest.mark.parametrize(
    "parts",
    [
        (b"GET", b" "),
        (b"GET /healthz HTTP/1.1\r\n", b"x"),
        (b"GET /healthz HTTP/1.1\r\nA: b\r\n", b"A: b\r\n"),
        (b"\r\n",),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n"),
    ],
)
async def test_a_head_that_does_not_come_to_an_end_is_cut_off(parts: tuple[bytes, ...]) -> None:
    async with open_house() as house:
        slow = [asyncio.create_task(house.knock(*parts)) for _ in range(3)]
        assert (await house.knock(GOOD, b"")).startswith(b"HTTP/1.1 200")
        for answer in await asyncio.gather(*slow):
            assert status_and_error(answer[answer.rindex(b"HTTP/1.1") :]) == (408, "head: took longer than 0.3 seconds")
        assert (await house.knock(GOOD, b"")).startswith(b"HTTP/1.1 200")


async def test_a_connection_on_which_nothing_is_said_is_closed() -> None:
    async with open_house() as house:
        assert status_and_error(await house.knock(b""))[0] == 408


async def test_a_body_that_comes_byte_by_byte_is_cut_off_and_whoever_reads_it_is_free() -> None:
    async with open_house() as house:
        assert status_and_error(await house.knock(POST, b"x")) == (408, "body: slower than 1,000 bytes a second")
        chunked = b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert status_and_error(await house.knock(chunked, b"1\r\nx\r\n"))[0] == 408
        assert house.ends == ["gone", "gone"]


async def test_a_body_that_keeps_its_pace_is_cut_off_in_the_end() -> None:
    async with open_house() as house:
        assert status_and_error(await house.knock(POST, b"x" * 100)) == (408, "body: took longer than 1 seconds")


async def test_a_body_after_its_answer_is_cut_off_as_well() -> None:
    async with open_house() as house:
        answer = await house.knock(POST.replace(b"/read", b"/refuse"), b"x")
        assert answer.startswith(b"HTTP/1.1 401")
        assert answer.count(b"HTTP/1.1") == 1


async def test_nobody_is_cut_off_for_what_takes_us_long() -> None:
    async with open_house() as house:
        body = b"x" * 1_000_000
        large = b"POST /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n" + body
        small = b"POST /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nxxxxx"
        answers = [asyncio.create_task(house.knock(one, b"", pause=30)) for one in (large, small)]
        # Three connections that are cut off one after the other: by then, ours have waited longer than any limit.
        for _ in range(4):
            await house.knock(b"GET")
        house.may_read.set()
        assert [answer.rpartition(b"\n")[2] for answer in await asyncio.gather(*answers)] == [b"1000000", b"5"]


@pytest.mark.parametrize("pieces", [1, 20])
async def test_a_head_that_is_too_large_is_refused(pieces: int) -> None:
    async with open_house() as house:
        head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 4000
        size = len(head) // pieces
        parts = [head[start : start + size] for start in range(0, len(head), size)]
        expected = (431, "head: larger than 2,000 bytes")
        assert status_and_error(await house.knock(*parts, b"x", pause=0.001)) == expected
        assert status_and_error(await house.knock(head + b"\r\n\r\n", b"")) == expected


async def test_one_connection_too_many_is_told_to_come_back() -> None:
    async with open_house() as house:
        held = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(5)]
        answer = await house.knock(GOOD, b"")
        assert status_and_error(answer) == (503, "too many connections; nothing was stored, send it again")
        assert b"retry-after: 1\r\n" in answer
        for _, writer in held:
            writer.close()
        for reader, _ in held:
            await reader.read()
        assert (await house.knock(GOOD, b"")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "junk",
    [b"\x16\x03\x01\x02\x00", b"nonsense\r\n\r\n", b"GET /healthz HTTP/9.9\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"]
    + [b"POST /read HTTP/1.1\r\nContent-Length: " + value + b"\r\n\r\n" for value in (b"-1", b"x", b"9" * 30)]
    + [b"POST /read HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]
    + [b"POST /read HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nabcde"],
)
async def test_what_is_no_http_is_refused(junk: bytes) -> None:
    async with open_house() as house:
        assert status_and_error(await house.knock(junk, b"")) == (
            400,
            "head or framing of the request: not HTTP/1.1 that can be read",
        )


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_behind_junk_no_request_is_answered(count: int) -> None:
    small = b"POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nxxxxx"
    async with open_house() as house:
        assert await house.knock(small * count + b"nonsense\r\n\r\n", b"") == b""
        house.may_read.set()
        assert (await house.knock(GOOD, b"")).startswith(b"HTTP/1.1 200")
        assert house.ends == ["gone"]


async def test_a_web_socket_is_not_opened() -> None:
    async with open_house() as house:
        upgrade = GOOD.replace(b"Connection: close", b"Connection: Upgrade, close\r\nUpgrade: websocket")
        assert (await house.knock(upgrade, b"")).startswith(b"HTTP/1.1 200")
