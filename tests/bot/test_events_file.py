"""A file of events is read line by line, as the door reads a body, and a fault names its line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.events_file import EventsFileError, read_events
from tests.bot.hooks.doors import cloud_event
from tests.builders import MONDAY_NOON_US


def lines(count: int) -> bytes:
    return b"".join(json.dumps(cloud_event(id=str(number))).encode() + b"\n" for number in range(count))


def written(folder: Path, content: bytes, name: str = "events.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def ids(path: Path) -> list[str]:
    return [event.id for chunk in read_events(path, MONDAY_NOON_US) for event in chunk.events]


@pytest.mark.parametrize("is_gzip", [False, True])
def test_every_line_is_an_event(tmp_path: Path, is_gzip: bool) -> None:
    content = gzip.compress(lines(3)) if is_gzip else lines(3)
    assert ids(written(tmp_path, content, "events.jsonl.gz" if is_gzip else "events.jsonl")) == ["0", "1", "2"]


def test_empty_lines_a_mark_at_the_start_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(2).replace(b"\n", b"\r\n\r\n   \n").rstrip()
    assert ids(written(tmp_path, content)) == ["0", "1"]


def test_an_empty_file_has_no_events(tmp_path: Path) -> None:
    assert ids(written(tmp_path, b"")) == []


def test_chunks_say_how_much_of_the_file_they_took(tmp_path: Path) -> None:
    path = written(tmp_path, lines(25))
    chunks = list(read_events(path, MONDAY_NOON_US, most_events=10))
    assert [len(chunk.events) for chunk in chunks] == [10, 10, 5]
    assert chunks[0].bytes_read < chunks[1].bytes_read < chunks[2].bytes_read == path.stat().st_size


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"nonsense\n", "not JSON"),
        (b'{"id": "5"', "not JSON: input data was truncated"),
        (
            json.dumps(cloud_event({"model": "m", "tokens": {"input": "x"}})).encode(),
            "data.tokens.input: expected `int`",
        ),
        (json.dumps(cloud_event({"model": "m\0"})).encode(), "data.model: holds the character U+0000"),
        (b"[]", "expected `object`, got `array`"),
        (b" " * (1 << 20) + b" ", "longer than 1,048,576 bytes"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_fault_names_its_line_and_place(tmp_path: Path, line: bytes, fault: str) -> None:
    with pytest.raises(EventsFileError, match=r"^line 4: ") as raised:
        ids(written(tmp_path, lines(2) + b"\n" + line))
    assert str(raised.value).removeprefix("line 4: ").startswith(fault)


def test_a_gzip_file_that_is_cut_off_or_damaged_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(lines(2))
    for content in (whole[:-12], whole[:20], whole[:-8] + b"\0" * 8):
        with pytest.raises(EventsFileError, match=r"^line \d: the gzip stream is cut off or damaged"):
            ids(written(tmp_path, content))


def test_a_line_that_inflates_beyond_measure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EventsFileError, match="line 1: longer than"):
        ids(written(tmp_path, gzip.compress(bytes(50 << 20))))
