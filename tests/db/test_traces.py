"""The traces in which flags are seen: added up alike on both databases, up to the end of the window, of proved identities."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.directory import PersonRow, everyone, upsert_people
from db.engine import Store
from db.traces import read_traces
from scoring.events import Event, Lane, Tokens
from scoring.flags.traces import BusyDay, IdleSessions, Repeat, TaskDay, TaskUsage, Traces, task_usage
from scoring.program import Flags, Program
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage

BEN = "ben@acme.test"
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
PROGRAM = Program(flags=Flags(repeats=3, busy_hours=2))
SUNDAY, MONDAY = date(2026, 5, 31), date(2026, 6, 1)
EVENING_US = MONDAY_NOON_US - 18 * HOUR_US  # Sunday, 18 o'clock


def traces(store: Store, *events: Event, at_us: int = MONDAY_NOON_US) -> tuple[Traces, int]:
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test")], now_us=1)
        record(conn, *events)
        (ada,) = (one.id for one in everyone(conn) if one.email == "ada@acme.test")
    with store.read() as conn:
        return read_traces(conn, at_us, PROGRAM), ada


def calls(count: int, name: str = "c", time_us: int = EVENING_US, **said: Any) -> list[Event]:
    asserted = said.pop("is_asserted", False)
    source = "laptop" if asserted else "test"
    return [event(usage(**said), f"{name}{n}", source, time_us=time_us + n, is_asserted=asserted) for n in range(count)]


def rows_of(tasks: TaskUsage) -> list[tuple[int, ...]]:
    columns = (getattr(tasks, name).tolist() for name in tasks.__struct_fields__)
    return list(zip(*columns, strict=True))


def test_repeats_leave_out_failures_retries_and_the_call_that_follows_a_failure(store: Store) -> None:
    same = {"prompt_hash": "p"}
    found, ada = traces(
        store,
        *calls(5, "ok", **same, task="t"),
        *calls(1, "failed", **same, is_error=True, tokens=Tokens()),
        *calls(4, "again", **same, is_retry=True, tokens=Tokens()),
        *calls(2, "other", prompt_hash="q"),
        *calls(9, "none"),
        *calls(9, "said", prompt_hash="p", is_asserted=True),
        *calls(9, "late", time_us=MONDAY_NOON_US, prompt_hash="p"),
        *calls(9, "early", time_us=MONDAY_NOON_US - 29 * DAY_US, prompt_hash="p"),
    )
    assert found.repeats == (Repeat(ada, SUNDAY, calls=4, tokens=550, tasks=1, hours=1),)


def test_usage_by_task_tells_tasks_with_an_outcome_from_those_without(store: Store) -> None:
    found, ada = traces(
        store,
        *calls(2, "done", task="done"),
        *calls(1, "open", task="open"),
        *calls(1, "later", task="later"),
        *calls(3, "no task"),
        event(outcome(task="done"), "o1", time_us=MONDAY_NOON_US - 1),
        event(outcome(task="later"), "o2", time_us=MONDAY_NOON_US),
    )
    expected = [
        TaskDay(ada, SUNDAY, False, tokens=220, cost_nanousd=2_000_000),
        TaskDay(ada, SUNDAY, True, tokens=220, cost_nanousd=2_000_000),
    ]
    assert rows_of(found.tasks) == rows_of(task_usage(expected))
    assert found.tasks_seen == {(ada, "done")}


def test_tasks_are_seen_in_usage_shortly_before_the_window_and_in_what_a_laptop_says(store: Store) -> None:
    found, ada = traces(
        store,
        *calls(1, "a", time_us=MONDAY_NOON_US - 30 * DAY_US, task="early"),
        *calls(1, "b", task="said", is_asserted=True),
        event(outcome(task="early"), "o1"),
        event(outcome(task="said"), "o2"),
        at_us=MONDAY_NOON_US + 1,
    )
    assert found.tasks_seen == {(ada, "early"), (ada, "said")}


def test_usage_for_tasks_that_another_got_done_is_told_with_both(store: Store) -> None:
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email=BEN)], now_us=1)
    found, _ = traces(
        store,
        *(one for task in ("ben's", "both", "own", "said", "nobody's") for one in calls(2, task, task=task)),
        *calls(1, "try", task="tried", lane=Lane.EXPLORATION),
        *calls(1, "laptop", task="laptop", is_asserted=True),
        *calls(1, "early", MONDAY_NOON_US - 30 * DAY_US, task="early"),
        *(event(outcome(task=task), task, subject=BEN) for task in ("ben's", "both", "tried", "laptop", "early")),
        *(event(outcome(task=task), f"{task} too") for task in ("both", "own")),
        event(outcome(task="said"), "o said", subject=BEN, is_asserted=True, source="laptop"),
        event(outcome(task="nobody's"), "o nobody", subject="a stranger"),
        at_us=MONDAY_NOON_US + 1,
    )
    with store.read() as conn:
        ids = {one.email: one.id for one in everyone(conn)}
    assert found.tasks_of_others == {(ids["ada@acme.test"], ids[BEN], "ben's")}


def test_usage_in_the_exploration_lane_for_what_got_done_is_told(store: Store) -> None:
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email=BEN)], now_us=1)
    tried = {"lane": Lane.EXPLORATION}
    found, ada = traces(
        store,
        *calls(2, "own", task="own", **tried),
        *calls(1, "made", task="made"),
        *calls(1, "open", task="open", **tried),
        *calls(1, "ben's", task="ben's", **tried),
        *calls(1, "laptop", task="laptop", is_asserted=True, **tried),
        *calls(1, "early", MONDAY_NOON_US - 30 * DAY_US, task="early", **tried),
        *(event(outcome(task=task), f"o {task}") for task in ("own", "made", "laptop", "early")),
        event(outcome(task="ben's"), "o ben's", subject=BEN),
        at_us=MONDAY_NOON_US + 1,
    )
    assert found.tasks_explored == {(ada, "own")}


def test_long_sessions_are_those_of_four_hours_that_name_no_task(store: Store) -> None:
    found, ada = traces(
        store,
        *(one for n in (0, 5) for one in calls(1, f"long{n}", EVENING_US + n * HOUR_US, session="long")),
        *(one for n in (0, 3) for one in calls(1, f"short{n}", EVENING_US + n * HOUR_US, session="short")),
        *(one for n in (0, 5) for one in calls(1, f"tied{n}", EVENING_US + n * HOUR_US, session="tied", task="t")),
    )
    assert found.idle_sessions == (IdleSessions(ada, 1, 5.0, tokens=220, cost_nanousd=2_000_000),)


def test_busy_days_count_hours_and_those_with_several_sessions_at_once(store: Store) -> None:
    found, ada = traces(
        store,
        *calls(3, "a", EVENING_US, session="one"),
        *calls(1, "b", EVENING_US + HOUR_US, session="one"),
        *calls(1, "c", EVENING_US + HOUR_US, session="two"),
        *calls(1, "d", EVENING_US + 2 * HOUR_US, use_case="x"),
        *calls(1, "e", EVENING_US + 2 * HOUR_US, use_case="y"),
        *calls(4, "f", MONDAY_NOON_US - HOUR_US),
    )
    assert found.busy_days == (BusyDay(ada, SUNDAY, hours=3, crowded_hours=2, calls=7),)


def test_usage_by_day_covers_the_baseline_too_and_keeps_what_is_asserted_apart(store: Store) -> None:
    found, _ = traces(
        store,
        *calls(2, "a"),
        *calls(1, "b", is_asserted=True),
        *calls(1, "c", MONDAY_NOON_US - 80 * DAY_US),
        *calls(1, "d", MONDAY_NOON_US - 90 * DAY_US),
        *calls(1, "e", MONDAY_NOON_US - 1),
    )
    days = [date.fromordinal(day) for day in found.day_usage.days.tolist()]
    assert days == [date(2026, 3, 13), SUNDAY, SUNDAY, MONDAY]
    assert found.day_usage.calls.tolist() == [1, 2, 1, 1]
    assert found.day_usage.is_asserted.tolist() == [False, False, True, False]
