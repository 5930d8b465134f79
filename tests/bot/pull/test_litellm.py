"""The spend log and the callback tell of the same calls: each counts once, whichever comes first."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.faults import Fault
from bot.pull.spend_log import event_of_entry, read_entry
from scoring.window import to_us
from tests.bot.hooks.doors import litellm_record, open_doors
from tests.bot.pull.apis import CANARY, litellm_routes, moment, served, spend_row, trouble
from tests.bot.pull.pulls import Puller
from tests.builders import MONDAY_NOON, MONDAY_NOON_US

FIXTURES = Path(__file__).parents[2] / "fixtures" / "litellm"
CAPTURED: list[dict[str, Any]] = json.loads((FIXTURES / "array_batch_1.body.json").read_text())
TURNED_AWAY = next(one for one in CAPTURED if one["status"] == "failure" and not one["model_id"])
CAPTURED_US = to_us(MONDAY_NOON.replace(month=11, day=23, hour=14))
THAT_DAY = {"first": "2026-11-23", "last": "2026-11-23"}
MONDAY = {"first": "2026-06-01", "last": "2026-06-01"}


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A call by Ada, a second each, from 10:00 on."""
    start = MONDAY_NOON_US / 1e6 - 7200 + number
    base = litellm_record(id=f"chatcmpl-{number}", startTime=start, endTime=start + 0.5)
    metadata = {
        "user_api_key_hash": "hash",
        "user_api_key_alias": "ada-laptop",
        "user_api_key_user_id": "ada",
        "user_api_key_team_id": None,
        "user_api_key_user_email": "ada@acme.test",
        "spend_logs_metadata": None,
        "usage_object": {},
    }
    extra = {
        "model_group": "gpt-4o",
        "model_id": "1",
        "total_tokens": 100,
        "litellm_call_id": f"call-{number}",
        "metadata": metadata,
    }
    return base | extra | changes


async def by_webhook(puller: Puller, records: list[dict[str, Any]], now_us: int = CAPTURED_US) -> None:
    async with open_doors(puller.store, now_us=now_us) as doors:
        assert (await doors.litellm(records)).status_code == 200


def at(puller: Puller, now_us: int) -> Puller:
    puller.now_us = now_us
    return puller


@pytest.mark.parametrize("has_pages", [True, False])
async def test_what_the_callback_lost_comes_from_the_spend_log_and_the_rest_is_known(
    puller: Puller, has_pages: bool
) -> None:
    arrived = [TURNED_AWAY, *random.Random(7).sample([one for one in CAPTURED if one is not TURNED_AWAY], 17)]
    await by_webhook(puller, arrived)
    before = puller.usage()
    with served(litellm_routes([spend_row(one) for one in CAPTURED], has_pages=has_pages)) as (url, _):
        counts = await pulled(at(puller, CAPTURED_US), url)
        assert (counts["new"], counts["duplicate"], counts["no usage"]) == (14, 17, 1)
        assert not before - puller.usage()
        after = puller.usage()
        await by_webhook(puller, CAPTURED)
        assert puller.usage() == after
    assert len(puller.rows()) == 32


async def pulled(puller: Puller, url: str, **options: Any) -> dict[str, int]:
    return await asyncio.to_thread(puller.pull, "litellm", url, **(THAT_DAY | options))


async def test_it_is_the_same_whichever_comes_first(sqlite_puller: Puller, postgresql_puller: Puller) -> None:
    await by_webhook(postgresql_puller, CAPTURED)
    with served(litellm_routes([spend_row(one) for one in CAPTURED])) as (url, _):
        assert (await pulled(at(sqlite_puller, CAPTURED_US), url))["new"] == 31
        assert (await pulled(at(postgresql_puller, CAPTURED_US), url))["new"] == 0
    await by_webhook(sqlite_puller, CAPTURED)
    assert sqlite_puller.usage() == postgresql_puller.usage()


@pytest.mark.parametrize("is_webhook_first", [True, False])
async def test_what_a_real_proxy_logged_and_what_its_callback_sent_are_the_same_calls(
    puller: Puller, is_webhook_first: bool
) -> None:
    """Taken from LiteLLM 1.106.2: chat, stream, messages, responses, embeddings, cache, fallback and failures."""
    given = json.loads((FIXTURES / "spend_log.json").read_text())
    evening_us = CAPTURED_US + 7 * 3600 * 1_000_000
    with served(litellm_routes(given["rows"])) as (url, _):
        if is_webhook_first:
            await by_webhook(puller, given["records"], evening_us)
        counts = await pulled(at(puller, evening_us), url)
        assert (counts["new"], counts["no usage"]) == (0 if is_webhook_first else 11, 1)
        await by_webhook(puller, given["records"], evening_us)
    assert len(puller.rows()) == len(given["records"]) == 13
    billed = 225_000 + 225_000 + 39_000 + 200 + 768_000
    listed = 13_830_000  # of the one that LiteLLM named no cost for
    assert sum(row["cost_nanousd"] for row in puller.rows()) == billed + listed


def test_content_is_dropped_while_decoding(sqlite_puller: Puller) -> None:
    with served(litellm_routes([spend_row(one) for one in CAPTURED], has_pages=False)) as (url, _):
        at(sqlite_puller, CAPTURED_US).pull("litellm", url, **THAT_DAY)
    with sqlite_puller.store.read() as conn:
        for table in inspect(conn).get_table_names():
            assert CANARY not in str(conn.execute(text(f"SELECT * FROM {table}")).all())
    assert CANARY not in sqlite_puller.said


def test_pages_are_read_to_the_end_whatever_their_size(sqlite_puller: Puller) -> None:
    rows = [spend_row(record(number % 40) | {"id": f"c-{number}"}) for number in range(450)]
    with served(litellm_routes(rows, most_a_page=100)) as (url, _):
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 450


def test_an_hour_of_more_rows_than_are_counted_is_asked_for_in_pieces(sqlite_puller: Puller) -> None:
    rows = [spend_row(record(number % 900) | {"id": f"c-{number}"}) for number in range(12_000)]
    with served(litellm_routes(rows)) as (url, _):
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 12_000


def test_an_old_proxy_that_cuts_a_day_off_is_told_so(sqlite_puller: Puller) -> None:
    rows = [spend_row(record(number % 900) | {"id": f"c-{number}"}) for number in range(10_001)]
    with (
        served(litellm_routes(rows, has_pages=False)) as (url, _),
        pytest.raises(Fault, match="only part of 2026-06-01"),
    ):
        sqlite_puller.pull("litellm", url, **MONDAY)


def test_an_interrupted_pull_goes_on_where_it_was(sqlite_puller: Puller) -> None:
    rows = [spend_row(record(-3600 * hour)) for hour in range(10)]  # 01:00 to 10:00
    sqlite_puller.now_us += 48 * 3600 * 1_000_000
    with served(litellm_routes(rows)) as (url, troubles):
        troubles.after(5, trouble(409))
        with pytest.raises(Fault, match="LiteLLM answers 409"):
            sqlite_puller.pull("litellm", url, **MONDAY)
        so_far = len(sqlite_puller.rows())
        assert 0 < so_far < 10
        troubles.asked.clear()
        counts = sqlite_puller.pull("litellm", url, **MONDAY)
        assert counts["new"] == 10 - so_far
        assert "2026-06-01+00%3A00" not in "".join(troubles.asked)
        troubles.asked.clear()
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 0
        assert troubles.asked == []
        assert sqlite_puller.pull("litellm", url, **MONDAY, again=True)["duplicate"] == 10
        assert troubles.count("/spend/logs/v2") == 24
    assert len(sqlite_puller.rows()) == 10


def test_a_day_that_is_not_over_is_asked_for_until_it_is(sqlite_puller: Puller) -> None:
    rows = [spend_row(record(0))]
    with served(litellm_routes(rows)) as (url, _):
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 1
        rows += [spend_row(record(-1)), spend_row(record(3600))]  # one of them began before what was asked for already
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 2
        sqlite_puller.now_us += 24 * 3600 * 1_000_000
        assert sqlite_puller.pull("litellm", url, **MONDAY)["duplicate"] == 3


def test_limits_and_passing_troubles_are_waited_for(sqlite_puller: Puller) -> None:
    with served(litellm_routes([spend_row(record(0))])) as (url, troubles):
        troubles.after(2, trouble(429, retry_after="7"), trouble(503), trouble(500), trouble(502, retry_after="3"))
        assert sqlite_puller.pull("litellm", url, **MONDAY)["new"] == 1
    assert sqlite_puller.waits == [7, 2, 4, 3]


def test_what_keeps_failing_ends_with_a_line_that_says_so(sqlite_puller: Puller) -> None:
    with served(litellm_routes([])) as (url, troubles):
        troubles.after(0, *[trouble(503)] * 6)
        with pytest.raises(Fault, match=r"LiteLLM answers 503, 6 times over; .* goes on from there"):
            sqlite_puller.pull("litellm", url, **MONDAY)
    with pytest.raises(Fault, match=r"LiteLLM cannot be reached \(ConnectError\)"):
        sqlite_puller.pull("litellm", url, **MONDAY)


def test_a_key_that_is_refused_names_the_setting(sqlite_puller: Puller) -> None:
    with served(litellm_routes([])) as (url, _):
        settings = sqlite_puller.settings(litellm_url=url, litellm_key="another")
        with pytest.raises(Fault, match=r"LiteLLM refuses the key \(401\); see BANDSTAND_PULL__LITELLM_KEY"):
            sqlite_puller.pull_with(settings, "litellm", **MONDAY)


def test_rows_that_cannot_be_counted_are_kept_aside_and_those_that_are_no_calls_left_out(sqlite_puller: Puller) -> None:
    nothing = {"response_cost": 0, "prompt_tokens": 0, "completion_tokens": 0}
    turned_away = spend_row(record(1, status="failure", model_id="", **nothing))
    cached = spend_row(record(2, id="chatcmpl-0_cache_hit1", cache_hit=True, response_cost=0)) | {
        "litellm_call_id": None
    }
    cached["metadata"].pop("litellm_call_id")
    odd = spend_row(record(3)) | {"prompt_tokens": -1}
    with served(litellm_routes([spend_row(record(0)), turned_away, cached, odd])) as (url, _):
        counts = sqlite_puller.pull("litellm", url, **MONDAY)
    assert counts == {"new": 1, "duplicate": 0, "unattributed": 1, "kept aside": 2, "no usage": 1}


def test_rows_as_older_proxies_write_them_are_read(sqlite_puller: Puller) -> None:
    row = spend_row(record(0)) | {"status": None, "session_id": None, "litellm_call_id": None}
    row["metadata"] = json.dumps(
        row["metadata"] | {"usage_object": None, "additional_usage_values": {"cache_read_input_tokens": 40}}
    )
    row |= {"request_tags": '["task:OPS-7","blue"]', "startTime": moment(MONDAY_NOON_US / 1e6 - 60).rstrip("Z")}
    with served(litellm_routes([row])) as (url, _):
        sqlite_puller.pull("litellm", url, **MONDAY)
    (stored,) = sqlite_puller.rows()
    assert (stored["external_id"], stored["task"], stored["tags"]) == ("ada@acme.test", "OPS-7", '["blue"]')
    assert (stored["tokens_input"], stored["tokens_cache_read"], stored["cost_nanousd"]) == (50, 40, 10_000_000)


def test_times_of_rows_may_be_seconds() -> None:
    rows = [spend_row(record(number)) for number in range(2)]
    rows[1] |= {"startTime": record(1)["startTime"], "endTime": record(1)["endTime"]}
    written, counted = (event_of_entry(read_entry(json.dumps(row).encode()), {}) for row in rows)
    assert counted.time_us - written.time_us == 1_000_000


async def test_a_key_that_may_not_list_users_leaves_their_ids(sqlite_puller: Puller) -> None:
    with served([route for route in litellm_routes([spend_row(record(0))]) if route.path != "/user/list"]) as (url, _):
        await pulled(sqlite_puller, url, **MONDAY)
    assert [row["external_id"] for row in sqlite_puller.rows()] == ["ada"]


FAILED = {"status": "failure", "id": "call-1", "response_cost": 0, "prompt_tokens": 0, "completion_tokens": 0}
CACHED = {"cache_hit": True, "response_cost": 0}
BATCH = {"call_type": "aretrieve_batch", "id": "batch_1"}
NO_COST = {"response_cost": 0, "prompt_tokens": 0, "completion_tokens": 0}


@pytest.mark.parametrize(
    ("records", "logged", "calls"),
    [
        # two attempts at two models, of which the last is logged, and what answered in the end
        (
            [record(1, **FAILED), record(5, **FAILED, model="openai/o3"), record(6, litellm_call_id="call-1")],
            [record(5, **FAILED, model="openai/o3"), record(6, litellm_call_id="call-1")],
            3,
        ),
        # the same answer from the cache to two calls
        (
            [
                record(1),
                record(2, **CACHED, id="chatcmpl-1_cache_hit17.5"),
                record(3, **CACHED, id="chatcmpl-1_cache_hit18.5"),
            ],
            [
                record(1),
                record(2, **CACHED, id="chatcmpl-1_cache_hit17.75"),
                record(3, **CACHED, id="chatcmpl-1_cache_hit18.5_cache_hit18.75"),
            ],
            3,
        ),
        # answers that have no id
        ([record(1, id="None"), record(2, id="None")], [record(1, id="None")], 2),
        # a batch that is looked at before and after it is done
        (
            [record(1, **BATCH, **NO_COST), record(2, **BATCH), record(3, **BATCH)],
            [record(2, **BATCH)],
            2,
        ),
    ],
    ids=["failures", "cache", "no-id", "batch"],
)
@pytest.mark.parametrize("is_webhook_first", [True, False])
async def test_calls_that_share_ids_are_told_apart_in_both(
    sqlite_puller: Puller,
    records: list[dict[str, Any]],
    logged: list[dict[str, Any]],
    calls: int,
    is_webhook_first: bool,
) -> None:
    with served(litellm_routes([spend_row(one) for one in logged])) as (url, _):
        if is_webhook_first:
            await by_webhook(sqlite_puller, records, MONDAY_NOON_US)
        counts = await pulled(sqlite_puller, url, **MONDAY)
        assert counts["new"] == (0 if is_webhook_first else len(logged))
        await by_webhook(sqlite_puller, records, MONDAY_NOON_US)
    assert len(sqlite_puller.rows()) == calls
