"""Reading a request's body within limits: size as sent, size inflated, and time."""

from __future__ import annotations

import asyncio
import zlib

from starlette.requests import Request

from bot.hooks.answers import Refusal

_SECONDS = 30
_MOST_INFLATION = 200  # times its size as sent; real telemetry stays under 30
_STEP = 1 << 20


async def read_body(request: Request, limit: int) -> bytes:
    """The body, inflated where it came as gzip.

    Raises ``Refusal``: 408 when the sender is slow, 413 beyond ``limit`` bytes before or after inflating, 415 for
    another encoding, 400 for gzip that cannot be read.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            raw = await _read(request, limit)
    except TimeoutError as error:
        raise Refusal(408, f"the body took longer than {_SECONDS} seconds", {"Connection": "close"}) from error
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise Refusal(415, "content-encoding: only gzip is understood")
    return await asyncio.to_thread(_inflate, raw, min(limit, max(_STEP, len(raw) * _MOST_INFLATION)))


async def _read(request: Request, limit: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:19]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _inflate(raw: bytes, limit: int) -> bytes:
    """All members of a gzip stream, in steps, so that a bomb is noticed before it goes off."""
    parts: list[bytes] = []
    size = 0
    rest = raw
    while rest:
        member = zlib.decompressobj(wbits=31)
        data = rest
        while not member.eof:
            try:
                part = member.decompress(data, _STEP)
            except zlib.error as error:
                raise Refusal(400, "body: not readable as gzip") from error
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            parts.append(part)
            data = member.unconsumed_tail
            if not part and not data and not member.eof:
                raise Refusal(400, "body: the gzip stream is cut off")
        rest = member.unused_data
    if not raw:
        raise Refusal(400, "body: empty, though announced as gzip")
    return b"".join(parts)


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"body: larger than {limit:,} bytes", {"Connection": "close"})
