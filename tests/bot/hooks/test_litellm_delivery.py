"""A delivery is read the same however it is cut into parts, and what is cut off or odd costs itself alone."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.hooks.answers import Refusal
from bot.hooks.litellm_delivery import Delivery, DeliveryReader, read_delivery
from bot.hooks.records import ArrayRecords
from bot.limits import EVENTS, JSON_BRACKETS
from db.engine import Store
from scoring.window import to_us
from tests.bot.hooks.doors import litellm_record, open_doors, receipt
from tests.builders import MONDAY_NOON, MONDAY_NOON_US

FIXTURES = Path(__file__).parents[2] / "fixtures" / "litellm"
CAPTURED_US = to_us(MONDAY_NOON.replace(month=11, day=23, hour=14))

_HARD_TEXT = st.text(st.sampled_from('a"\\[]{},:\n\u65e5 '), max_size=12)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | _HARD_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_HARD_TEXT, inner, max_size=4),
    max_leaves=20,
)


def in_parts(body: bytes, sizes: list[int], now_us: int = MONDAY_NOON_US) -> Delivery | str:
    """What is read of ``body`` in parts of these sizes, over and over; the refusal where there is one."""
    reader, start, turn = DeliveryReader(now_us), 0, 0
    try:
        while start < len(body):
            size = sizes[turn % len(sizes)]
            reader.feed(body[start : start + size])
            start, turn = start + size, turn + 1
        return reader.end()
    except Refusal as refusal:
        return refusal.text


@pytest.mark.parametrize("file", ["array_batch_1.body.json", "batch.ndjson", "single_plain.body.json"])
def test_captured_deliveries_are_read_the_same_in_parts(file: str) -> None:
    body = (FIXTURES / file).read_bytes()
    whole = read_delivery(body, CAPTURED_US)
    assert whole.events
    assert not whole.rejected
    for size in (1, 7, 4096, 65_536):
        assert in_parts(body, [size], CAPTURED_US) == whole


@given(st.lists(_json, max_size=6), st.sampled_from([None, 1]), st.lists(st.integers(1, 9), min_size=1, max_size=5))
@example(["\\", '"', '\\"', "[", {"]": "{"}], None, [1])
def test_the_elements_of_any_array_come_out_as_they_went_in(
    elements: list[object], indent: int | None, sizes: list[int]
) -> None:
    text = json.dumps(elements, ensure_ascii=False, indent=indent).encode()[1:]
    records, found, start, turn = ArrayRecords(JSON_BRACKETS), [], 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        found += records.feed(text[start : start + size])
        start, turn = start + size, turn + 1
    found += records.end()
    assert records.fault is None
    assert [json.loads(record) for _, record in found] == elements
    assert [number for number, _ in found] == list(range(len(elements)))


@given(st.binary(max_size=60) | st.text(st.sampled_from('[]{}",\\ \n1a:'), max_size=60).map(str.encode))
def test_any_bytes_are_read_the_same_in_parts(junk: bytes) -> None:
    good = json.dumps(litellm_record()).encode()
    for body in (junk, b"[" + junk, b"{" + junk, good + b"\n" + junk, b"[" + good + b"," + junk):
        whole = in_parts(body, [len(body) or 1])
        assert in_parts(body, [1]) == whole
        assert in_parts(body, [5, 2]) == whole


@pytest.mark.parametrize("form", ["array", "lines"])
def test_wherever_a_delivery_is_cut_off_the_whole_records_before_are_read(form: str) -> None:
    chance = random.Random(3)
    records = [json.dumps(litellm_record(id=str(number), messages='"}],[{\\')) for number in range(5)]
    body = ("[" + ", ".join(records) + "]" if form == "array" else "\n".join(records)).encode()
    ends = [body.index(record.encode()) + len(record) for record in records]
    for end in chance.sample(range(1, len(body)), 300):
        read = in_parts(body[:end], [chance.randint(1, 300)])
        whole = sum(one <= end for one in ends)
        if isinstance(read, str):
            assert whole == 0
            assert read.startswith("body: not JSON: input data was truncated")
        else:
            assert [event.id for event in read.events] == [str(number) for number in range(whole)]
            assert [one.reason[:10] for one in read.rejected] in ([], ["not JSON: "])


async def test_a_delivery_that_is_cut_off_costs_the_record_in_which_it_is_cut(store: Store) -> None:
    body = json.dumps([litellm_record(id=str(number)) for number in range(3)]).encode()
    async with open_doors(store) as doors:
        assert (await doors.litellm(body[:-30])).json() == receipt(2, rejected=1)
        assert doors.rejected() == [("litellm", "[2]", "not JSON: input data was truncated")]
        assert (await doors.litellm(body[:-1])).json() == receipt(1, duplicates=2, rejected=1)
        assert (await doors.litellm(body + b"]")).json() == receipt(0, duplicates=3, rejected=1)
        assert doors.rejected()[1:] == [
            ("litellm", "body", "not JSON: input data was truncated"),
            ("litellm", "body", "not JSON: trailing characters"),
        ]


async def test_a_record_that_is_no_json_costs_none_of_the_others(sqlite_store: Store) -> None:
    good = [json.dumps(litellm_record(id=str(number))) for number in range(2)]
    async with open_doors(sqlite_store) as doors:
        body = f'[{good[0]}, {{"id": nonsense}}, , {good[1]}]'.encode()
        assert (await doors.litellm(body)).json() == receipt(2, rejected=2)
        assert doors.rejected() == [
            ("litellm", "[1]", "not JSON: invalid character (byte 11)"),
            ("litellm", "[2]", "not JSON: input data was truncated"),
        ]


async def test_a_first_line_that_is_cut_off_costs_none_of_the_others(sqlite_store: Store) -> None:
    lines = [json.dumps(litellm_record(id=str(number))) for number in range(3)]
    async with open_doors(sqlite_store) as doors:
        answer = await doors.litellm("\n".join([lines[0][:-9], *lines[1:]]).encode())
        assert answer.json() == receipt(2, rejected=1)
        assert doors.rejected() == [("litellm", "line 1", "not JSON: input data was truncated")]


async def test_one_record_over_many_lines_is_one_record(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        body = json.dumps(litellm_record(messages=[{"a": 1}]), indent=0).encode()
        assert (await doors.litellm(body)).json() == receipt(1)


async def test_a_sender_that_goes_away_leaves_nothing_behind(sqlite_store: Store) -> None:
    good = json.dumps(litellm_record()).encode()

    async def broken_off() -> AsyncIterator[bytes]:
        yield b"[" + good + b","
        raise ConnectionError

    async with open_doors(sqlite_store) as doors:
        with pytest.raises(ConnectionError):
            await doors.litellm(broken_off())
        packed = gzip.compress(b"[" + good + b"]")
        assert (await doors.litellm(packed[:-9], content_encoding="gzip")).status_code == 400
        assert doors.stored() == []


async def test_a_delivery_holds_so_many_records_and_no_more(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        for body in (b"[" + b"{}," * EVENTS + b"{}]", b"{}\n" * (EVENTS + 1)):
            answer = await doors.litellm(body)
            assert (answer.status_code, answer.json()) == (413, {"error": "body: more than 10,000 records"})
        assert doors.rejected() == []


async def test_a_record_of_nothing_but_brackets_is_given_up(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        answer = await doors.litellm(b"[[" + b"[]," * JSON_BRACKETS)
        assert (answer.status_code, answer.json()["error"]) == (413, "body: more than 2,000,000 objects and arrays")
