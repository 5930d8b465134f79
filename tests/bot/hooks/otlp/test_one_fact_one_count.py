"""However many signals tell of a session, each call counts once, and the rest stays to be seen."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.hooks.otlp.answers import SignalKind
from bot.ingest_token import new_token
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.ingest_tokens import add_token
from db.tables import usage_days
from tests.bot.hooks.doors import Doors, litellm_record, open_doors
from tests.bot.hooks.otlp.claude_code import CAPTURED_US, FILES, TURN, TURN_NANOUSD, bytes_of, encoding_of, kind_of
from tests.bot.hooks.otlp.exports import counter, export, in_json, log_record, point, span

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
    assert counted(store) == calls(6)


def unlike_the_agents(end_user: str) -> dict[str, object]:
    """A record of Claude Code's call whose trace somebody else named."""
    return litellm_record(trace_id="a trace of their own", end_user=end_user, prompt_tokens=0, completion_tokens=7)


@pytest.mark.parametrize("session", [{"session.id": "5e55"}, {}])
@pytest.mark.parametrize(
    "end_user",
    [
        json.dumps({"device_id": "d3", "account_uuid": "", "session_id": "5e55"}),
        "user_d3_account__session_5e55",
    ],
)
@pytest.mark.parametrize("is_gateway_first", [True, False])
async def test_an_agents_call_through_litellm_counts_once_whatever_its_trace_is_called(
    sqlite_store: Store, session: dict[str, str], end_user: str, is_gateway_first: bool
) -> None:
    told = {"event.name": "api_request", "request_id": "r", "user.id": "d3", "output_tokens": 7, **session}
    body = in_json(export(SignalKind.LOGS, log_record(told)))
    async with open_doors(sqlite_store) as doors:
        for is_gateway in (is_gateway_first, not is_gateway_first):
            if is_gateway:
                assert (await doors.litellm(unlike_the_agents(end_user))).is_success
            else:
                assert (await doors.otlp("logs", body, "application/json")).is_success
        assert {row["source"]: row["is_shadowed"] for row in doors.stored()} == {"litellm": False, "claude-code": True}
    assert counted(sqlite_store)[1] == 7


async def test_two_who_name_nobody_are_kept_apart_by_their_tokens(sqlite_store: Store) -> None:
    """Ada's log event does not stand for Ben's metric."""
    tokens = []
    with sqlite_store.write() as conn:
        for email in ("ada@acme.test", "ben@acme.test"):
            upsert_people(conn, [PersonRow(email=email)], 1)
            person, token = person_by_email(conn, email), new_token()
            assert person is not None
            add_token(conn, id=token.id, door="otlp", person_id=person.id, name="laptop", hash=token.hash, now_us=1)
            tokens.append(f"Bearer {token.text}")
    log = export(SignalKind.LOGS, log_record({"event.name": "api_request", "request_id": "r", "output_tokens": 7}))
    metric = export(SignalKind.METRICS, counter("claude_code.token.usage", point(5, {"type": "output"})))
    async with open_doors(sqlite_store) as doors:
        await doors.otlp("metrics", in_json(metric), "application/json", authorization=tokens[1])
        await doors.otlp("logs", in_json(log), "application/json", authorization=tokens[0])
    assert counted(sqlite_store)[1] == 7 + 5


@pytest.mark.parametrize("service", ["personal-token", "github", "litellm-end-user", "codex"])
async def test_no_application_passes_itself_off_as_another_source(sqlite_store: Store, service: str) -> None:
    told = {"gen_ai.usage.input_tokens": 5, "enduser.id": "ada", "gen_ai.request.model": "m"}
    body = in_json(export(SignalKind.TRACES, span(told), service=service))
    async with open_doors(sqlite_store) as doors:
        assert (await doors.otlp("traces", body, "application/json")).is_success
        assert {row["source"] for row in doors.stored()} <= {"gen-ai"}
