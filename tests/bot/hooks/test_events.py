"""``POST /hooks/events`` takes CloudEvents whole or not at all, and says where the first fault is."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from sqlalchemy import func, select

from bot.settings import HookSecrets
from db.engine import Store, open_store
from db.tables import usage_days
from tests.bot.hooks.doors import BATCH, SINGLE, cloud_event, litellm_record, open_doors, receipt


async def test_one_event_is_stored_with_its_person_tokens_and_cost(store: Store) -> None:
    data = {"model": "gpt-4o", "tokens": {"input": 90, "cache_read": 10}, "cost_usd": "0.0000000015", "task": "OPS-7"}
    async with open_doors(store) as doors:
        answer = await doors.events(cloud_event(data))
        (row,) = doors.stored()
    assert (answer.status_code, answer.json()) == (200, receipt(1))
    assert (row["external_id"], row["source"], row["task"], row["model"]) == (
        "ada@acme.test",
        "test",
        "OPS-7",
        "gpt-4o",
    )
    assert (row["tokens_input"], row["tokens_output"], row["tokens_cache_read"]) == (90, 0, 10)
    assert (row["cost_nanousd"], row["cost_kind"]) == (2, "billed")


async def test_a_batch_is_stored_and_its_replay_changes_nothing(store: Store) -> None:
    batch = [cloud_event(id=str(number)) for number in range(3)]
    async with open_doors(store) as doors:
        first = await doors.events(batch, BATCH)
        second = await doors.events([*batch[1:], cloud_event(id="3")], BATCH)
        assert len(doors.stored()) == 4
    assert (first.json(), second.json()) == (receipt(3), receipt(1, duplicates=2))
    with store.read() as conn:
        assert conn.scalar(select(func.sum(usage_days.c.calls))) == 4


async def test_the_same_event_twice_in_a_batch_counts_once(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        answer = await doors.events([cloud_event(), cloud_event()], BATCH)
        assert answer.json() == receipt(1, duplicates=1)


async def test_all_five_types_are_taken(store: Store) -> None:
    facts: dict[str, dict[str, object]] = {
        "usage": {"model": "gpt-4o"},
        "outcome": {"kind": "ticket_resolved", "started": "2026-06-01T11:00:00Z", "quality": 0.5, "lane": None},
        "policy": {"kind": "milestone", "name": "first-week"},
        "contribution": {"action": "shared", "asset": "a", "kind": "tool", "url": "https://wiki.acme.test/a"},
        "training": {"module": "basics", "action": "completed", "anything": {"else": ["is", "ignored"]}},
    }
    batch = [cloud_event(data, id=name, type=f"bandstand.{name}") for name, data in facts.items()]
    async with open_doors(store) as doors:
        assert (await doors.events(batch, BATCH)).json() == receipt(5)
        assert {row["type"] for row in doors.stored()} == set(facts)


async def test_binary_mode_reads_the_attributes_from_headers(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        answer = await doors.events(
            {"model": "gpt-4o"},
            "application/json",
            ce_specversion="1.0",
            ce_id='"say \\"1\\""',
            ce_source="tests",
            ce_type="bandstand.usage",
            ce_time="2026-06-01T14:00:00+02:00",
            ce_subject="J%C3%BCrgen%2541",
        )
        (row,) = doors.stored()
    assert answer.json() == receipt(1)
    assert (row["source"], row["external_id"], row["time_us"]) == ("tests", "Jürgen%41", 1_780_315_200_000_000)


@pytest.mark.parametrize(
    ("header", "value", "fault"),
    [
        ("ce_subject", "%C0%A0", "ce-subject: not percent-encoded UTF-8"),
        ("ce_time", "2026-06-01T12:00:00", "ce-time: a time like 2026-11-02T09:00:00Z is needed, with its offset"),
        ("ce_time", "2026-W23-1T12:00:00Z", "ce-time: a time like 2026-11-02T09:00:00Z is needed, with its offset"),
        ("ce_time", "", "ce-time: missing"),
        ("ce_specversion", "0.3", 'ce-specversion: needs to be "1.0"'),
        ("ce_type", "other", "type: unknown; there are bandstand.usage, "),
    ],
)
async def test_a_fault_in_a_header_is_named(sqlite_store: Store, header: str, value: str, fault: str) -> None:
    headers = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "s", "ce_type": "bandstand.usage"}
    headers |= {"ce_time": "2026-06-01T12:00:00Z", header: value}
    async with open_doors(sqlite_store) as doors:
        answer = await doors.events({"model": "gpt-4o"}, "application/json", **headers)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(fault)


@pytest.mark.parametrize("content_type", ["application/json", SINGLE, "Application/CloudEvents+JSON; charset=UTF-8"])
async def test_an_event_is_an_event_by_any_of_its_content_types(sqlite_store: Store, content_type: str) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await doors.events(cloud_event(), content_type)).json() == receipt(1)


async def test_an_array_as_plain_json_is_a_batch(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await doors.events([cloud_event()], "application/json")).json() == receipt(1)
        assert (await doors.events([], BATCH)).json() == receipt(0)


async def test_data_may_come_in_base64_and_the_body_in_gzip(sqlite_store: Store) -> None:
    event = cloud_event()
    event["data_base64"] = base64.b64encode(json.dumps(event.pop("data")).encode()).decode()
    async with open_doors(sqlite_store) as doors:
        answer = await doors.events(gzip.compress(json.dumps(event).encode()), content_encoding="gzip")
        assert (answer.json(), doors.stored()[0]["tokens_input"]) == (receipt(1), 90)


async def test_one_bad_event_keeps_its_whole_batch_out(store: Store) -> None:
    bad = cloud_event({"model": "gpt-4o", "tokens": {"input": "many"}}, id="bad")
    async with open_doors(store) as doors:
        answer = await doors.events([cloud_event(id="a"), cloud_event(id="b"), cloud_event(id="c"), bad], BATCH)
        assert (answer.status_code, doors.stored()) == (400, [])
    assert answer.json() == {"error": "[3].data.tokens.input: expected `int`, got `str`"}


async def test_more_events_than_a_request_may_hold_are_413(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        answer = await doors.events(json.dumps([cloud_event()] * 10_001).encode(), BATCH)
    assert answer.status_code == 413
    assert answer.json()["error"] == "body: 10,001 events; a request may hold 10,000"


async def test_a_full_queue_is_503_and_says_when_to_come_back(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, most_waiting=1) as doors:
        answer = await doors.events([cloud_event(id="1"), cloud_event(id="2")], BATCH)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_a_store_that_is_away_is_503() -> None:
    nobody = open_store("postgresql://127.0.0.1:1/nobody")
    async with open_doors(nobody) as doors:
        answers = [await doors.events(cloud_event()), await doors.litellm([litellm_record()])]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "1")] * 2


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/cloudevents+avro", "application/x-json"])
async def test_another_content_type_is_415(sqlite_store: Store, content_type: str) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await doors.events(cloud_event(), content_type)).status_code == 415


async def test_another_method_is_405(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await doors.client.get("/hooks/events")).status_code == 405
        assert (await doors.client.put("/hooks/litellm")).status_code == 405


async def test_the_webhook_handshake_is_answered(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, secrets=HookSecrets()) as doors:
        answer = await doors.client.options("/hooks/events", headers={"WebHook-Request-Origin": "sender.acme.test"})
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "sender.acme.test"
