"""Reading a request's body within limits: size as sent, and size inflated. Slow senders are the server's affair."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from starlette.datastructures import Headers
from starlette.requests import Request

from bot.hooks.answers import Refusal
from bot.hooks.large import room_of
from bot.limits import GZIP_MEMBERS, INFLATION, INFLATION_FREE_BYTES, LARGE_BODY_BYTES, LARGE_GZIP_BYTES

_STEP = 1 << 16


def content_type(headers: Headers) -> str:
    """The media type alone, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def announced_bytes(headers: Headers) -> int | None:
    """What Content-Length says; None where the body comes in chunks or the header is no number."""
    announced = headers.get("content-length", "")
    return int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 19 else None


async def read_raw(request: Request, limit: int) -> bytes:
    """The body as it was sent. Raises ``Refusal`` (413) beyond ``limit`` bytes, ``Busy`` where too many are large."""
    return b"".join([part async for part in raw_parts(request, limit)])


async def raw_parts(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body as it was sent and while it arrives. Raises as ``read_raw`` does."""
    if (announced_bytes(request.headers) or 0) > limit:
        raise _too_large(limit)
    small = LARGE_GZIP_BYTES if "content-encoding" in request.headers else LARGE_BODY_BYTES
    room = room_of(request)
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        if size > small and room is not None:
            await room.enter()
        yield part


async def inflated(raw: bytes, headers: Headers, limit: int) -> bytes:
    """``raw`` without its Content-Encoding.

    Raises ``Refusal``: 413 beyond ``limit`` bytes or an absurd ratio, 415 for an encoding other than gzip, 400 for
    gzip that cannot be read.
    """
    if not is_gzip(headers):
        return raw
    return await asyncio.to_thread(_inflate, raw, limit)


def is_gzip(headers: Headers) -> bool:
    """Has the body to be inflated? Raises ``Refusal`` (415) for an encoding other than gzip."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise Refusal(415, "content-encoding: only gzip is understood")
    return encoding.endswith("gzip")


class Inflater:
    """All members of a gzip stream, in steps, so that a bomb is noticed before it goes off."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given = self._made = self._members = 0
        self._member = zlib.decompressobj(wbits=31)

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """What ``raw`` inflates to. Raises ``Refusal``: 413 beyond the limit or an absurd ratio, 400 if it is no gzip."""
        view = memoryview(raw)
        for start in range(0, len(raw), _STEP):
            yield from self._inflate(view[start : start + _STEP])

    def end(self) -> None:
        """Raises ``Refusal`` (400) where the stream is cut off."""
        if not self._member.eof:
            raise Refusal(400, "body: the gzip stream is cut off")

    def _inflate(self, raw: bytes | memoryview) -> Iterator[bytes]:
        self._given += len(raw)
        most = min(self._limit, max(INFLATION_FREE_BYTES, self._given * INFLATION))
        part = b""
        while raw or len(part) == _STEP:  # a full part may have more behind it that needs no further input
            if self._member.eof:
                self._begin_member()
            try:
                part = self._member.decompress(raw, _STEP)
            except zlib.error as error:
                raise Refusal(400, "body: not readable as gzip") from error
            raw = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self._made += len(part)
            if self._made > most:
                raise _too_large(most)
            yield part
            if self._member.eof and not raw:
                return

    def _begin_member(self) -> None:
        self._members += 1
        if self._members == GZIP_MEMBERS:
            raise Refusal(400, f"body: more than {GZIP_MEMBERS} gzip members")
        self._member = zlib.decompressobj(wbits=31)


def _inflate(raw: bytes, limit: int) -> bytes:
    inflater = Inflater(limit)
    body = b"".join(inflater.feed(raw))
    inflater.end()
    return body


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"body: larger than {limit:,} bytes")
