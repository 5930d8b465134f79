"""However many signals tell of a session, each call counts once, and the rest stays to be seen."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.engine import Store
from db.tables import usage_days
from tests.bot.hooks.doors import Doors, open_doors
from tests.bot.hooks.otlp.claude_code import CAPTURED_US, FILES, TURN, TURN_NANOUSD, bytes_of, encoding_of, kind_of

VIA_LITELLM = Path(__file__).parents[3] / "fixtures/claude_code/via_litellm_generic_api.json"


async def send(doors: Doors, files: list[str]) -> None:
    for file in files:
        answer = await doors.otlp(kind_of(file).value, bytes_of(file), encoding_of(file).value)
        assert answer.is_success


def of(folder: str, *kinds: str) -> list[str]:
    return [file for file in FILES if file.startswith(f"{folder}/") and (not kinds or kind_of(file).value in kinds)]


def counted(store: Store) -> tuple[int, ...]:
    """Tokens by class and nano-dollars of all days."""
    columns = usage_days.c
    names = ("tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write", "cost_nanousd")
    with store.read() as conn:
        row = conn.execute(select(*(func.coalesce(func.sum(columns[name]), 0) for name in names))).one()
    return tuple(int(value) for value in row)


def calls(number: int) -> tuple[int, ...]:
    each = (TURN.input, TURN.output, TURN.cache_read, TURN.cache_write, TURN_NANOUSD)
    return tuple(number * value for value in each)


@pytest.mark.parametrize(
    ("folder", "number"),
    [
        ("plain_protobuf", 1),
        ("plain_json", 1),
        ("plain_protobuf_gzip_cumulative", 1),
        ("overload_then_ok_protobuf", 1),
        ("tools_protobuf", 6),
        ("tools_json_verbose_user_email", 6),
        ("tools_traces_protobuf", 6),
        ("long_session_delta_protobuf", 5),
        ("via_litellm_otlp_json", 6),
    ],
)
async def test_a_session_counts_once_by_whatever_signals_and_in_any_order(
    sqlite_store: Store, folder: str, number: int
) -> None:
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        await send(doors, of(folder, "metrics"))
        assert counted(sqlite_store) == calls(number)
        files = of(folder) * 2
        random.Random(folder).shuffle(files)
        await send(doors, files)
        assert counted(sqlite_store) == calls(number)


async def test_all_sessions_together(store: Store) -> None:
    captured = [file for file in FILES if not file.startswith("SDK_MADE")]
    random.Random(7).shuffle(captured)
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        await send(doors, captured)
        await send(doors, captured)
    assert counted(store) == calls(33)


async def test_spans_alone_are_priced_from_the_list(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        await send(doors, of("tools_traces_protobuf", "traces"))
        assert {(row["cost_nanousd"], row["cost_kind"]) for row in doors.stored()} == {(TURN_NANOUSD, "listed")}
    assert counted(sqlite_store) == calls(6)


@pytest.mark.parametrize("is_gateway_first", [True, False])
async def test_what_went_through_litellm_counts_as_litellm_billed_it(store: Store, is_gateway_first: bool) -> None:
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        if is_gateway_first:
            assert (await doors.litellm(VIA_LITELLM.read_bytes())).is_success
        await send(doors, of("via_litellm_otlp_json"))
        if not is_gateway_first:
            assert (await doors.litellm(VIA_LITELLM.read_bytes())).is_success
        billed = [row for row in doors.stored() if row["source"] == "litellm"]
        by_agent = [row for row in doors.stored() if row["source"] == "claude-code"]
    names = ("tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write", "cost_nanousd")
    assert counted(store) == tuple(sum(row[name] or 0 for row in billed) for name in names)
    assert all(row["is_shadowed"] for row in by_agent)
    assert len(by_agent) == 7
