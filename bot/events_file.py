"""Events from a file of JSON Lines, a CloudEvent a line, plain or gzip: what the door takes, line by line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from bot.hooks.cloudevents import decode_event
from bot.hooks.decoding import Fault
from scoring.events import Event

_MOST_BYTES_A_LINE = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventsFileError(ValueError):
    """The file cannot be taken; the message begins with the line, e.g. ``line 3: data.tokens.input: …``."""


class Chunk(msgspec.Struct, frozen=True):
    """Some events in the order of the file; ``bytes_read`` of the file, as it lies on disk, were needed so far."""

    events: list[Event]
    bytes_read: int


def read_events(path: Path, now_us: int, *, most_events: int = 5_000) -> Iterator[Chunk]:
    """The events of ``path`` (``.jsonl``, ``.jsonl.gz``), at most ``most_events`` at a time; empty lines are skipped.

    Raises ``EventsFileError`` at the first line that cannot be taken, ``OSError`` where the file cannot be opened.
    """
    with ExitStack() as opened:
        file = opened.enter_context(path.open("rb"))
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        lines = cast(BinaryIO, opened.enter_context(gzip.GzipFile(fileobj=file))) if is_gzip else file
        events: list[Event] = []
        for number, line in _numbered(lines):
            try:
                events.append(decode_event(line, now_us))
            except Fault as fault:
                text = fault.text if fault.place == "body" else str(fault)
                raise EventsFileError(f"line {number}: {text}") from fault
            if len(events) == most_events:
                yield Chunk(events, file.tell())
                events = []
        yield Chunk(events, file.tell())


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line that is not empty, with its number from 1."""
    number = 0
    while line := _next_line(lines, number + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if line.strip():
            yield number, line


def _next_line(lines: BinaryIO, number: int) -> bytes:
    try:
        line = lines.readline(_MOST_BYTES_A_LINE + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise EventsFileError(f"line {number}: the gzip stream is cut off or damaged") from error
    if len(line) > _MOST_BYTES_A_LINE:
        raise EventsFileError(f"line {number}: longer than {_MOST_BYTES_A_LINE:,} bytes")
    return line
