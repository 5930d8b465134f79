"""The ledger: each event once for ever, its roll-ups always what the events say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select

from db.engine import Store
from db.identities import resolve
from db.ledger import Calendar, append
from db.rebuild import rebuild
from db.tables import activity_days, event_keys, events, identities, usage_days
from scoring.events import Contribution, Event, Lane, Policy, Tokens, Training
from tests.builders import MONDAY_NOON_US, event, outcome, usage

_HOUR_US = 3_600_000_000


def put(store: Store, *batch: Event, zone: str = "UTC") -> list[bool]:
    def identify(conn: Connection, names: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        return resolve(conn, names, now_us=0)

    calendar = Calendar(ZoneInfo(zone), as_text=store.is_sqlite)
    with store.write() as conn:
        return append(conn, batch, calendar=calendar, identify=identify, received_us=1)


def rollups(store: Store) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both roll-up tables, by names instead of identity numbers, which depend on who came first."""
    with store.read() as conn:
        return tuple(
            sorted(
                tuple(row)
                for row in conn.execute(
                    select(
                        identities.c.source,
                        identities.c.external_id,
                        *(column for column in table.columns if column.name != "identity_id"),
                    ).join(identities, identities.c.id == table.c.identity_id)
                )
            )
            for table in (usage_days, activity_days)
        )


def test_an_event_is_stored_as_it_was_told(store: Store) -> None:
    call = usage(
        model="anthropic/Claude-Opus-4-8[1m]",
        tokens=Tokens(input=1, output=2, cache_read=3, cache_write=4),
        lane=Lane.EXPLORATION,
        use_case="code review",
        session="s",
        task="T-1",
        is_error=True,
        is_retry=True,
        latency_ms=12.5,
        prompt_hash="abc",
        tags=("one", "two"),
    )
    assert put(store, event(call)) == [True]
    with store.read() as conn:
        row = conn.execute(select(events)).mappings().one()
        day = conn.execute(select(usage_days)).mappings().one()
    assert (row["type"], row["lane"], row["model"], row["task"]) == ("usage", "exploration", call.model, "T-1")
    assert (row["tokens_input"], row["tokens_output"], row["tokens_cache_read"], row["tokens_cache_write"]) == (
        1,
        2,
        3,
        4,
    )
    assert (row["cost_nanousd"], row["latency_ms"], row["tags"]) == (1_000_000, 12.5, '["one","two"]')
    assert (row["is_error"], row["is_retry"], row["time_us"], row["received_us"]) == (True, True, MONDAY_NOON_US, 1)
    assert (day["model"], day["calls"], day["errors"], day["retries"]) == ("claude-opus-4-8", 1, 1, 1)


@pytest.mark.parametrize(
    "fact",
    [
        outcome(
            task="T", edit_distance=0.25, quality=0.5, errors=2, is_escalated=True, minutes_saved=30.5, reverses="0"
        ),
        Policy(kind="violation", name="secret in prompt", severity="high"),
        Contribution(action="shared", asset="A", kind="tool", title="Linter", url="https://wiki.test/a"),
        Training(module="prompting-101", action="completed"),
    ],
)
def test_every_kind_of_fact_is_stored_and_rolled_up(store: Store, fact: Any) -> None:
    put(store, event(fact))
    with store.read() as conn:
        assert conn.scalar(select(events.c.type)) == type(fact).__name__.lower()
        assert conn.scalar(select(activity_days.c.events)) == 1
        assert rebuild_changes(store) == 0


@pytest.mark.parametrize(
    "again",
    [
        event(usage()),
        event(usage(cost_nanousd=5)),
        event(usage(), subject="grace@acme.test"),
        event(usage(), time_us=MONDAY_NOON_US + 48 * _HOUR_US),
        event(outcome()),
    ],
    ids=["same", "other cost", "other person", "other day", "other type"],
)
def test_the_same_source_and_id_again_changes_nothing(store: Store, again: Event) -> None:
    put(store, event(usage()))
    before = rollups(store)
    assert put(store, again) == [False]
    assert rollups(store) == before
    with store.read() as conn:
        assert conn.scalar(select(func.count()).select_from(events)) == 1


def test_a_copy_within_one_batch_counts_once(store: Store) -> None:
    assert put(store, event(usage()), event(usage()), event(usage(), id="2")) == [True, False, True]


def test_the_same_id_from_another_source_is_another_event(store: Store) -> None:
    put(store, event(usage()))
    assert put(store, event(usage(), source="other")) == [True]


def test_a_day_is_the_programs(store: Store) -> None:
    put(store, event(usage(), time_us=MONDAY_NOON_US + 11 * _HOUR_US), zone="Europe/Berlin")
    with store.read() as conn:
        assert str(conn.scalar(select(usage_days.c.day))) == "2026-06-02"


def test_unpriced_calls_are_counted_apart_and_never_as_free(store: Store) -> None:
    put(store, event(usage(cost_nanousd=None)), event(usage(), id="2"))
    with store.read() as conn:
        row = conn.execute(select(usage_days)).mappings().one()
    assert (row["calls"], row["unpriced_calls"], row["unpriced_tokens"], row["cost_nanousd"]) == (2, 1, 110, 1_000_000)


def rebuild_changes(store: Store) -> int:
    with store.write() as conn:
        return rebuild(conn).changed


def test_rebuild_mends_damaged_rollups(store: Store) -> None:
    put(
        store,
        event(usage()),
        event(outcome(), id="2"),
        event(usage(model="x"), id="3", time_us=MONDAY_NOON_US - 30 * _HOUR_US),
    )
    before = rollups(store)
    with store.write() as conn:
        conn.execute(usage_days.update().values(calls=7))
        conn.execute(delete(activity_days))
    assert rebuild_changes(store) == 5
    assert rollups(store) == before
    assert rebuild_changes(store) == 0


_facts = st.one_of(
    st.builds(
        usage,
        model=st.sampled_from(["gpt-4o", "openai/gpt-4o", "claude-opus-4-8[1m]"]),
        cost_nanousd=st.none() | st.integers(0, 10**12),
        lane=st.sampled_from(Lane),
        is_error=st.booleans(),
        is_retry=st.booleans(),
    ),
    st.builds(outcome, is_accepted=st.sampled_from([None, True, False]), errors=st.none() | st.integers(0, 5)),
    st.just(Policy(kind="milestone", name="x")),
    st.just(Training(module="m", action="completed")),
)
_events = st.lists(
    st.builds(
        event,
        fact=_facts,
        id=st.sampled_from("abcdef"),
        subject=st.sampled_from(["ada@acme.test", "grace", ""]),
        time_us=st.integers(MONDAY_NOON_US - 3 * 24 * _HOUR_US, MONDAY_NOON_US),
    ),
    max_size=12,
    unique_by=lambda e: e.id,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=_events, data=st.data())
def test_order_copies_and_batching_do_not_matter(store: Store, batch: list[Event], data: st.DataObject) -> None:
    clear(store)
    put(store, *batch)
    expected = rollups(store)
    clear(store)
    deliveries = data.draw(st.lists(st.sampled_from(batch), max_size=20)) if batch else []
    for delivery in data.draw(st.permutations([*batch, *deliveries])):
        put(store, delivery)
    assert rollups(store) == expected
    assert rebuild_changes(store) == 0


def clear(store: Store) -> None:
    with store.write() as conn:
        for table in (events, event_keys, usage_days, activity_days):
            conn.execute(delete(table))
