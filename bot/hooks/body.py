"""Reading a request's body within limits: size as sent, size inflated, and time."""

from __future__ import annotations

import asyncio
import zlib

from starlette.datastructures import Headers
from starlette.requests import Request

from bot.hooks.answers import Refusal

_SECONDS = 60
_MOST_INFLATION = 200  # times its size as sent; real telemetry stays under 30
_LEAST = 1 << 20  # bytes that any body may inflate to
_MOST_MEMBERS = 1000
_STEP = 1 << 16


def content_type(headers: Headers) -> str:
    """The media type alone, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def announced_bytes(headers: Headers) -> int | None:
    """What Content-Length says; None where the body comes in chunks or the header is no number."""
    announced = headers.get("content-length", "")
    return int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 19 else None


async def read_raw(request: Request, limit: int) -> bytes:
    """The body as it was sent.

    Raises ``Refusal``: 413 beyond ``limit`` bytes, 408 when the sender is slow.
    """
    if (announced_bytes(request.headers) or 0) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                parts.append(part)
    except TimeoutError as error:
        raise Refusal(408, f"body: took longer than {_SECONDS} seconds", {"Connection": "close"}) from error
    return b"".join(parts)


async def inflated(raw: bytes, headers: Headers, limit: int) -> bytes:
    """``raw`` without its Content-Encoding.

    Raises ``Refusal``: 413 beyond ``limit`` bytes or an absurd ratio, 415 for an encoding other than gzip, 400 for
    gzip that cannot be read.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise Refusal(415, "content-encoding: only gzip is understood")
    return await asyncio.to_thread(_inflate, raw, min(limit, max(_LEAST, len(raw) * _MOST_INFLATION)))


def _inflate(raw: bytes, limit: int) -> bytes:
    """All members of a gzip stream, in steps, so that a bomb is noticed before it goes off."""
    view = memoryview(raw)
    parts: list[bytes] = []
    size = position = 0
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            given = view[position : position + _STEP]
            try:
                part = member.decompress(given, _STEP)
            except zlib.error as error:
                raise Refusal(400, "body: not readable as gzip") from error
            if not part and not given:
                raise Refusal(400, "body: the gzip stream is cut off")
            position += len(given) - len(member.unconsumed_tail) - len(member.unused_data)
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            parts.append(part)
        if position == len(raw):
            return b"".join(parts)
    raise Refusal(400, f"body: more than {_MOST_MEMBERS} gzip members")


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"body: larger than {limit:,} bytes")
