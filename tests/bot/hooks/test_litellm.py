"""``POST /hooks/litellm`` stores what LiteLLM's captured deliveries say, to the nano-dollar, and none of their content."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.limits import EVENTS_BODY_BYTES, LARGE_BODIES, LARGE_BODIES_WAITING, LARGE_BODY_BYTES
from bot.litellm_callback.bandstand_callback import proof, signing_key, stripped
from bot.settings import HookSecrets
from db.engine import Store
from db.tables import identities, usage_days
from scoring.window import to_us
from tests.bot.hooks.doors import LITELLM_SECRET, Doors, canonical, litellm_record, open_doors, receipt
from tests.builders import MONDAY_NOON, MONDAY_NOON_US

SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "litellm"
CAPTURED_US = to_us(MONDAY_NOON.replace(month=11, day=23, hour=14))
ARRAY = (FIXTURES / "array_batch_1.body.json").read_bytes()
_ADA, _GRACE, _CI = "ada@acme.test", "grace@acme.test", "svc-ci"
_4O, _MINI, _SONNET = "openai/gpt-4o", "openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5-20250929"
_MASTER_KEY = "55dd3fb29fe32e1c520d334042b59ec9a275db114fb7fe1c36cddd235ab19bfc"
_UNKNOWN_KEY = "2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471"

# scenario: person, model, (input, output, cache read, cache write), nano-dollars, is an error
ARRAY_ROWS = {
    "mock-ada-user-email": (_ADA, _4O, (10, 20, 0, 0), 225_000, False),
    "mock-grace-claude": (_GRACE, _SONNET, (10, 20, 0, 0), 330_000, False),
    "svc-tags-in-metadata": (_CI, _MINI, (10, 20, 0, 0), 13_500, False),
    "tags-top-level": (_CI, _MINI, (10, 20, 0, 0), 13_500, False),
    "tags-header": (_GRACE, _MINI, (10, 20, 0, 0), 13_500, False),
    "session-trace-body": (_ADA, _4O, (10, 20, 0, 0), 225_000, False),
    "session-trace-headers": (_ADA, _4O, (10, 20, 0, 0), 225_000, False),
    "metadata-session-trace": (_ADA, _4O, (10, 20, 0, 0), 225_000, False),
    "spend-logs-metadata-header": (_GRACE, _MINI, (10, 20, 0, 0), 13_500, False),
    "end-user-header": ("anonymous-key", _MINI, (10, 20, 0, 0), 13_500, False),
    "anonymous-key": ("anonymous-key", _MINI, (10, 20, 0, 0), 13_500, False),
    "master-key": (_MASTER_KEY, _MINI, (10, 20, 0, 0), 13_500, False),
    "stream-mock": (_ADA, _4O, (8, 5, 0, 0), 70_000, False),
    "stream-fake-openai-include-usage": (_ADA, _4O, (105, 42, 105, 0), 813_750, False),
    "stream-fake-openai-no-usage": (_ADA, _4O, (5, 42, 5, 0), 438_750, False),
    "stream-client-abort": (_ADA, _4O, (9, 1, 0, 0), 32_500, False),
    "fake-openai-cached-tokens": (_GRACE, _4O, (304, 42, 304, 0), 1_560_000, False),
    "fake-anthropic-cache": (_ADA, _SONNET, (554, 57, 3400, 1200), 8_037_000, False),
    "fake-anthropic-stream": (_ADA, _SONNET, (37, 57, 3400, 1200), 6_486_000, False),
    "anthropic-native-v1-messages": (_ADA, _SONNET, (54, 57, 3400, 1200), 6_537_000, False),
    "anthropic-native-stream": (_GRACE, _SONNET, (33, 57, 3400, 1200), 6_474_000, False),
    "responses-api": (_GRACE, _4O, (36, 87, 0, 0), 768_000, False),
    "embeddings": (_CI, "openai/text-embedding-3-small", (5, 0, 0, 0), 100, False),
    "cache-1": (_GRACE, _4O, (6, 42, 6, 0), 442_500, False),
    "cache-2": (_GRACE, _4O, (6, 42, 6, 0), 0, False),
    "fail-mock-ratelimit": (_ADA, _4O, (0, 0, 0, 0), 0, True),
    "fail-upstream-500": (_ADA, _4O, (0, 0, 0, 0), 0, True),
    "fail-upstream-429": (_GRACE, _4O, (0, 0, 0, 0), 0, True),
    "fail-upstream-context-length": (_GRACE, _4O, (0, 0, 0, 0), 0, True),
    "fail-anthropic-529": (_GRACE, _SONNET, (0, 0, 0, 0), 0, True),
    "fail-unknown-model": (_ADA, "no-such-model", (0, 0, 0, 0), 0, True),
}


def summary(row: dict[str, Any]) -> tuple[Any, ...]:
    tokens = tuple(row[f"tokens_{name}"] for name in ("input", "output", "cache_read", "cache_write"))
    return row["external_id"], row["model"], tokens, row["cost_nanousd"], bool(row["is_error"])


async def test_every_captured_record_becomes_its_row(store: Store) -> None:
    index = json.loads((FIXTURES / "index.json").read_text())
    captured = json.loads(ARRAY)
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        assert (await doors.litellm(ARRAY)).json() == receipt(len(captured))
        rows = {row["time_us"]: row for row in doors.stored()}
    assert {entry["scenario"] for entry in index} == set(ARRAY_ROWS)
    for entry in index:
        record = captured[entry["index"]]
        row = rows[round(record["endTime"] * 1_000_000)]
        assert summary(row) == ARRAY_ROWS[entry["scenario"]], entry["scenario"]
        assert row["session"] == record["trace_id"]
        assert row["latency_ms"] == pytest.approx((record["endTime"] - record["startTime"]) * 1000, abs=0.001)
    (left_over,) = [row for row in rows.values() if row["external_id"] == _UNKNOWN_KEY]
    assert summary(left_over) == (_UNKNOWN_KEY, _4O, (0, 0, 0, 0), 0, True)


async def test_the_sums_of_a_delivery_are_its_own_to_the_nano_dollar(store: Store) -> None:
    captured = json.loads(ARRAY, parse_float=Decimal)
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        await doors.litellm(ARRAY)
    days = usage_days.c
    fresh_and_cached = days.tokens_input + days.tokens_cache_read + days.tokens_cache_write
    with store.read() as conn:
        sums = conn.execute(
            select(
                func.sum(days.calls),
                func.sum(fresh_and_cached),
                func.sum(days.tokens_output),
                func.sum(days.cost_nanousd),
                func.sum(days.unpriced_calls),
            )
        ).one()
    cost = sum(int((record["response_cost"] * 10**9).to_integral_value(ROUND_HALF_EVEN)) for record in captured)
    assert tuple(int(figure) for figure in sums) == (
        32,
        sum(record["prompt_tokens"] for record in captured),
        sum(record["completion_tokens"] for record in captured),
        cost,
        0,
    )


async def test_tags_are_those_that_people_set(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        await doors.litellm(ARRAY)
        tags = {row["tags"] for row in doors.stored()}
    assert {'["ci","nightly"]', '["top","level"]', '["hdr1","hdr2"]'} <= tags
    assert not any("User-Agent" in (text or "") for text in tags)


async def test_once_twice_or_in_overlapping_parts_a_delivery_gives_the_same_rows(
    sqlite_store: Store, postgresql_store: Store
) -> None:
    captured = json.loads(ARRAY)
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        await doors.litellm(ARRAY)
        once = canonical(doors.stored())
        assert (await doors.litellm(ARRAY)).json() == receipt(0, duplicates=32)
        assert canonical(doors.stored()) == once
    async with open_doors(postgresql_store, now_us=CAPTURED_US) as doors:
        answers = [await doors.litellm(captured[start:end]) for start, end in ((12, 32), (0, 16), (8, 24))]
        assert [answer.json()["accepted"] for answer in answers] == [20, 12, 0]
        assert {summary(row) for row in doors.stored()} == {summary(row) for row in json.loads(once)}
        assert len(doors.stored()) == 32


async def test_a_failed_attempt_and_its_fallback_are_two_events_one_of_them_an_error(store: Store) -> None:
    failed = (FIXTURES / "fallback_1_failed_attempt.body.json").read_bytes()
    answered = (FIXTURES / "fallback_2_success_same_call_id.body.json").read_bytes()
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        for body in (failed, answered, failed):
            await doors.litellm(body)
        rows = doors.stored()
    assert [summary(row) for row in rows] == [
        (_ADA, _4O, (0, 0, 0, 0), 0, True),
        (_ADA, _MINI, (10, 20, 0, 0), 13_500, False),
    ]
    assert rows[0]["session"] == rows[1]["session"] == "dc11407c-8b0d-4c69-acd8-cda67fa02746"


FORMS: dict[str, list[tuple[Any, ...]]] = {
    "single_plain.body.json": [(_ADA, _MINI, (10, 20, 0, 0), 13_500, False)],
    "single_redacted_with_session.body.json": [(_ADA, _MINI, (10, 20, 0, 0), 13_500, False)],
    "failure_budget_exceeded.body.json": [("tiny@acme.test", _4O, (0, 0, 0, 0), 0, True)],
    "fallback_1_failed_attempt.body.json": [(_ADA, _4O, (0, 0, 0, 0), 0, True)],
    "fallback_2_success_same_call_id.body.json": [(_ADA, _MINI, (10, 20, 0, 0), 13_500, False)],
    "batch.ndjson": [(_GRACE, _4O, (10, 20, 0, 0), 225_000, False)] * 4,
    "../claude_code/via_litellm_generic_api.json": [
        (_ADA, "anthropic/claude-opus-4-8", (1234, 210, 15_300, 2_100), 32_195_000, False)
    ]
    * 6,
}
ALERTS = sorted(path.name for kind in ("webhook", "slackhook") for path in FIXTURES.glob(f"{kind}_*.body.json"))


def test_every_captured_delivery_is_expected() -> None:
    bodies = {path.name for path in FIXTURES.iterdir()} - {path.name for path in FIXTURES.glob("*.headers.json")}
    others = {"index.json", "spend_log.json"}  # what the scenarios are, and what tests/bot/pull holds to them
    assert (
        bodies
        == {"array_batch_1.body.json", *FORMS, *ALERTS} - {"../claude_code/via_litellm_generic_api.json"} | others
    )


@pytest.mark.parametrize("file", ALERTS)
async def test_an_alert_is_no_usage_and_leaves_nothing_of_what_it_says(sqlite_store: Store, file: str) -> None:
    """LiteLLM's alerts have webhooks of their own; one that is pointed here by mistake tells of no call."""
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        assert (await doors.litellm((FIXTURES / file).read_bytes())).json() == receipt(0, rejected=1)
        assert (doors.stored(), doors.rejected()) == ([], [("litellm", "id", "missing")])


@pytest.mark.parametrize(("file", "rows"), FORMS.items())
@pytest.mark.parametrize("is_gzip", [False, True])
async def test_each_form_of_delivery_is_read(
    sqlite_store: Store, file: str, rows: list[tuple[Any, ...]], is_gzip: bool
) -> None:
    body = (FIXTURES / file).read_bytes()
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as doors:
        answer = await (doors.litellm(gzip.compress(body), content_encoding="gzip") if is_gzip else doors.litellm(body))
        assert answer.json() == receipt(len(rows))
        assert [summary(row) for row in doors.stored()] == rows


async def one_row(doors: Doors, **changes: object) -> dict[str, Any]:
    assert (await doors.litellm(litellm_record(**changes))).json() == receipt(1)
    return doors.stored()[0]


@pytest.mark.parametrize(
    ("metadata", "end_user", "subject"),
    [
        ({"user_api_key_user_email": "a@acme.test", "user_api_key_user_id": "a"}, "b@acme.test", "a@acme.test"),
        ({"user_api_key_user_id": "a"}, "b@acme.test", "a"),
        ({"user_api_key_user_id": "default_user_id"}, "b@acme.test", "b@acme.test"),
        ({"user_api_key_alias": "key"}, '{"device_id": "d"}', "key"),
        ({"user_api_key_hash": "hash"}, "somebody", "hash"),
        ({"user_api_key_user_id": "a\u0000", "user_api_key_alias": "x" * 301, "user_api_key_hash": "h"}, None, "h"),
        (None, 5, ""),
    ],
)
async def test_a_call_belongs_to_whom_litellm_knows_best(
    sqlite_store: Store, metadata: object, end_user: object, subject: str
) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await one_row(doors, metadata=metadata, end_user=end_user))["external_id"] == subject


async def test_whom_a_caller_names_is_asserted_and_weakens_nobody(store: Store) -> None:
    """Whoever holds a key without an owner can name anybody; what Ada's own key proves stays proved."""
    async with open_doors(store) as doors:
        await doors.litellm(litellm_record(id="own"))
        await doors.litellm(
            litellm_record(id="named", end_user="ada@acme.test", metadata={"user_api_key_alias": "app"})
        )
    with store.read() as conn:
        names = identities.c
        rows = conn.execute(select(names.source, names.external_id, names.is_asserted).order_by(names.source)).all()
    assert [tuple(row) for row in rows] == [
        ("litellm", "ada@acme.test", False),
        ("litellm-end-user", "ada@acme.test", True),
    ]


async def test_tags_and_admin_metadata_tie_a_call_to_its_work(sqlite_store: Store) -> None:
    tags = ["task:OPS-7", "use_case: support ", "lane:exploration", "blue", "task:"]
    metadata = {"spend_logs_metadata": {"task": "OPS-8", "use_case": 5, "notes": {"any": "thing"}}}
    async with open_doors(sqlite_store) as doors:
        row = await one_row(doors, request_tags=tags, metadata=metadata)
    assert (row["task"], row["use_case"], row["lane"], row["tags"]) == (
        "OPS-8",
        "support",
        "exploration",
        '["blue","task:"]',
    )


@pytest.mark.parametrize(
    ("changes", "cost", "kind"),
    [
        ({"response_cost": 0.00022500000000000002}, 225_000, "billed"),
        ({"response_cost": 0, "cache_hit": True}, 0, "billed"),
        ({"response_cost": None, "status": "failure"}, 0, "billed"),
        ({"response_cost": 0.0, "prompt_tokens": 0, "completion_tokens": 0}, 0, "billed"),
        ({"response_cost": 0.0}, 325_000, "listed"),
        ({"response_cost": None}, 325_000, "listed"),
        ({"response_cost": None, "model": "our-own-model"}, None, None),
    ],
)
async def test_a_cost_of_nothing_means_unknown_unless_nothing_was_done(
    sqlite_store: Store, changes: dict[str, object], cost: int | None, kind: str | None
) -> None:
    async with open_doors(sqlite_store) as doors:
        row = await one_row(doors, **changes)
    assert (row["cost_nanousd"], row["cost_kind"]) == (cost, kind)


@pytest.mark.parametrize("nothing", ["NaN", "Infinity", "-Infinity"])
async def test_what_python_writes_for_no_number_costs_nobody_their_record(store: Store, nothing: str) -> None:
    """Probabilities of an answer may be -Infinity, which is no JSON; LiteLLM writes them all the same."""
    text = f'a quoted \\" {nothing} stays'
    body = json.dumps([litellm_record(id="a", response={"logprobs": ["HERE"], "text": text}, response_cost="HERE")])
    async with open_doors(store) as doors:
        assert (await doors.litellm(body.replace('"HERE"', nothing).encode())).json() == receipt(1)
        (row,) = doors.stored()
    assert (row["tokens_input"], row["cost_nanousd"], row["cost_kind"]) == (90, 325_000, "listed")


async def test_an_answer_without_an_id_is_known_by_its_call(store: Store) -> None:
    """Images, for one, have an answer with an id that is null."""
    nameless = [litellm_record(id=None, litellm_call_id=f"call-{number}") for number in range(2)]
    async with open_doors(store) as doors:
        assert (await doors.litellm(nameless)).json() == receipt(2)
        assert (await doors.litellm([nameless[0] | {"id": "None"}])).json() == receipt(0, duplicates=1)
        assert (await doors.litellm(litellm_record(id="", litellm_call_id=None))).json() == receipt(0, rejected=1)
        assert (await doors.litellm(litellm_record(id=5))).json() == receipt(1)


@pytest.mark.parametrize(
    ("cache_hit", "cost"),
    [(True, 0), ("True", 0), ("true", 0), (False, None), ("False", None), ("None", None), ("", None), (None, None)],
)
async def test_an_answer_from_the_cache_is_free_however_that_is_said(
    sqlite_store: Store, cache_hit: object, cost: int | None
) -> None:
    async with open_doors(sqlite_store) as doors:
        row = await one_row(doors, cache_hit=cache_hit, response_cost=0, model="our-own-model", litellm_call_id="c")
    assert row["cost_nanousd"] == cost


@pytest.mark.parametrize(
    ("call_type", "changes", "tokens", "cost"),
    [
        ("aembedding", {"prompt_tokens": 8, "completion_tokens": 0, "response_cost": 1.6e-07}, (8, 0, 0, 0), 160),
        ("aimage_generation", {"prompt_tokens": 0, "completion_tokens": None}, (0, 0, 0, 0), 10_000_000),
        ("arerank", {"prompt_tokens": None, "completion_tokens": None, "response_cost": 0.002}, (0,) * 4, 2_000_000),
        ("anthropic_messages", {"stream": True, "completionStartTime": None}, (90, 10, 0, 0), 10_000_000),
        ("atranscription", {"metadata": None, "request_tags": None}, (90, 10, 0, 0), 10_000_000),
    ],
)
async def test_calls_of_every_kind_count(
    sqlite_store: Store, call_type: str, changes: dict[str, object], tokens: tuple[int, ...], cost: int
) -> None:
    async with open_doors(sqlite_store) as doors:
        assert summary(await one_row(doors, call_type=call_type, **changes))[2:] == (tokens, cost, False)


async def test_good_records_are_stored_and_bad_ones_kept_aside_without_their_values(store: Store) -> None:
    seconds = MONDAY_NOON_US / 1_000_000
    batch = [
        litellm_record(id="good"),
        litellm_record(id="a", prompt_tokens="SECRET"),
        litellm_record(id="b", status="SECRET"),
        litellm_record(id=None, call_type=None),
        {"SECRET": 1},
        "SECRET",
        litellm_record(id="c", endTime=seconds + 90_000),
        litellm_record(id="d", response_cost=-1),
        litellm_record(id="e\u0000SECRET"),
        litellm_record(id="also good"),
    ]
    async with open_doors(store) as doors:
        assert (await doors.litellm(batch)).json() == receipt(2, rejected=8)
        assert doors.rejected() == [
            ("litellm", "[1].prompt_tokens", "expected `int | float | null`, got `str`"),
            ("litellm", "[2].status", 'needs to be "failure" or "success"'),
            ("litellm", "[3].id", "missing"),
            ("litellm", "[4].id", "missing"),
            ("litellm", "[5]", "expected `object`, got `str`"),
            ("litellm", "[6].endTime", "more than a day ahead of now (2026-06-01T12:00Z)"),
            ("litellm", "[7].response_cost", "an amount from 0 to 1,000,000 dollars is needed"),
            ("litellm", "[8].id", "holds the character U+0000, which is not text"),
        ]


async def test_a_line_that_is_cut_off_costs_none_of_the_others(sqlite_store: Store) -> None:
    lines = [json.dumps(litellm_record(id=str(number))) for number in range(3)]
    async with open_doors(sqlite_store) as doors:
        answer = await doors.litellm("\n".join([*lines, "", lines[0][:-9]]).encode())
        assert answer.json() == receipt(3, rejected=1)
        assert doors.rejected() == [("litellm", "line 5", "not JSON: input data was truncated")]


async def test_half_a_character_in_a_prompt_costs_nobody_their_record(store: Store) -> None:
    halved = json.dumps(litellm_record(id="a", messages="x")).replace('"x"', '"cut \\ud83d"')
    bytewise = json.dumps(litellm_record(id="b", trace_id="y")).encode().replace(b'"y"', b'"\xff"')
    body = b"[" + b",".join([halved.encode(), bytewise, json.dumps(litellm_record(id="c")).encode()]) + b"]"
    async with open_doors(store) as doors:
        assert (await doors.litellm(body)).json() == receipt(3)
        assert sorted(str(row["session"]) for row in doors.stored()) == ["None", "session-1", "session-1"]


async def test_nobody_escapes_being_counted_by_odd_fields_of_their_own(store: Store) -> None:
    odd: dict[str, object] = {
        "request_tags": ["\x00", "x" * 5000, *(str(number) for number in range(100))],
        "end_user": {"a": 1},
        "trace_id": "s\x00",
        "session_id": 7,
        "model": "m\u202e" * 500,
        "metadata": {"spend_logs_metadata": [1], "user_api_key_alias": "key"},
    }
    async with open_doors(store) as doors:
        row = await one_row(doors, **odd)
    assert (row["external_id"], row["model"], row["session"]) == ("key", "unknown", None)
    assert len(json.loads(row["tags"])) == 64


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "body: "),
        (b"   ", "body: "),
        (b"null", "body: "),
        (b'"text"', "body: "),
        (b"[1, 2]", "[0]: "),
        (b'[{"id": "a"}', "body: not JSON"),
        (b'{"id": ', "body: not JSON"),
        (b'{"id": \n"a"', "body: not JSON"),
        (b'{"id": "a"}\n'.decode().encode("utf-16"), "body: "),
        (b"[" * 200_000, "body: not JSON: input data was truncated"),
        (b'{"messages":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "body: nested too deeply"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_where_no_record_can_be_found_is_400(sqlite_store: Store, body: bytes, place: str) -> None:
    async with open_doors(sqlite_store) as doors:
        answer = await doors.litellm(body)
        assert (answer.status_code, doors.stored()) == (400, [])
    assert answer.json()["error"].startswith(place)


async def test_an_empty_delivery_is_fine(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await doors.litellm([])).json() == receipt(0)


async def test_so_many_large_deliveries_are_read_at_once_and_small_ones_pass_by(sqlite_store: Store) -> None:
    at_half: list[int] = []
    may_end = asyncio.Event()

    async def in_chunks(number: int) -> AsyncIterator[bytes]:
        yield json.dumps([litellm_record(id=f"large {number}", messages="x" * LARGE_BODY_BYTES)]).encode()
        at_half.append(number)
        await may_end.wait()
        yield b"  "

    async with open_doors(sqlite_store) as doors:
        large = [asyncio.create_task(doors.litellm(in_chunks(number))) for number in range(LARGE_BODIES + 2)]
        assert (await doors.litellm(litellm_record(id="small"))).json() == receipt(1)
        assert len(at_half) == LARGE_BODIES
        may_end.set()
        assert [answer.json() for answer in await asyncio.gather(*large)] == [receipt(1)] * (LARGE_BODIES + 2)


async def test_one_that_would_have_to_wait_behind_too_many_large_ones_is_told_to_come_back(sqlite_store: Store) -> None:
    may_end = asyncio.Event()

    async def in_chunks() -> AsyncIterator[bytes]:
        yield json.dumps([litellm_record(messages="x" * LARGE_BODY_BYTES)]).encode()
        await may_end.wait()

    async with open_doors(sqlite_store) as doors:
        count = LARGE_BODIES + LARGE_BODIES_WAITING
        under_way = [asyncio.create_task(doors.litellm(in_chunks())) for _ in range(count)]
        assert (await doors.litellm(litellm_record(id="small"))).json() == receipt(1)
        answer = await doors.litellm(in_chunks())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        may_end.set()
        assert {answer.status_code for answer in await asyncio.gather(*under_way)} == {200}


def signed(body: bytes, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers of our callback."""
    return {"content-type": "application/x-ndjson", **proof(signing_key(secret), body, MONDAY_NOON_US // 1_000_000)}


async def test_what_our_callback_signs_is_taken_and_counts_once_with_what_generic_api_sends(store: Store) -> None:
    records = [litellm_record(id=f"call-{number}", messages="content") for number in range(3)]
    body = b"\n".join(json.dumps(stripped(record)).encode() for record in records)
    async with open_doors(store, secrets=HookSecrets(litellm=(LITELLM_SECRET, SIGNING_SECRET))) as doors:
        answer = await doors.client.post("/hooks/litellm", content=body, headers=signed(body))
        assert answer.json() == receipt(3)
        assert (await doors.litellm(records)).json() == receipt(0, duplicates=3)
        again = await doors.client.post("/hooks/litellm", content=body, headers=signed(body, LITELLM_SECRET))
        assert again.json() == receipt(0, duplicates=3)


async def test_a_body_that_is_not_as_it_was_signed_is_401(sqlite_store: Store) -> None:
    body = json.dumps(litellm_record()).encode()
    async with open_doors(sqlite_store, secrets=HookSecrets(litellm=(SIGNING_SECRET,))) as doors:
        changed = body.replace(b"gpt-4o", b"gpt-4x")
        answers = [
            await doors.client.post("/hooks/litellm", content=changed, headers=signed(body)),
            await doors.client.post("/hooks/litellm", content=body, headers=signed(body, "another")),
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        assert doors.stored() == []


async def test_a_signed_body_is_held_whole_and_so_may_not_be_as_large(sqlite_store: Store) -> None:
    body = b"x" * (EVENTS_BODY_BYTES + 1)
    async with open_doors(sqlite_store, secrets=HookSecrets(litellm=(SIGNING_SECRET,))) as doors:
        answer = await doors.client.post("/hooks/litellm", content=body, headers=signed(body))
        assert answer.status_code == 413
