"""Days summed up for flags tell what their events tell, to the last digit, whatever comes, changes or goes afterwards."""

from __future__ import annotations

from datetime import date

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select, text, update

from db.day_changes import changes_of
from db.day_usage import read_day_usage, sum_up_usage
from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.erasure import erase
from db.programs import record_program
from db.rebuild import rebuild
from db.repricing import changed_prices, reprice
from db.tables import day_changes, repeat_days, session_days, task_days, trace_days, usage_columns, usage_days
from db.trace_days import TABLES, keep_sums, out_of_date, sum_up
from db.traces import days_of_traces, read_traces
from db.trail import COMMAND_LINE
from db.usage_columns import days_in_columns, keep_columns
from scoring.events import Claim, CostKind, Event, Signal, Usage
from scoring.flags.traces import TaskUsage, Traces
from scoring.program import Flags, Program
from scoring.usage import DaySpending, DayUsage
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US, event, outcome, record, undone, usage

HOUR_US = 3_600_000_000
PROGRAM = Program(flags=Flags.model_validate({"repeats": 2, "busy_hours": 2, "window": "3d"}))
SUNDAY, MONDAY = date(2026, 5, 31), date(2026, 6, 1)
EVENING_US = MONDAY_NOON_US - 18 * HOUR_US  # Sunday, 18 o'clock
ADA, BEN = "ada@acme.test", "ben@acme.test"


def hire(conn: Connection) -> None:
    upsert_people(conn, [PersonRow(email=ADA), PersonRow(email=BEN)], now_us=1)


def sum_up_all(conn: Connection, at_us: int = MONDAY_NOON_US, program: Program = PROGRAM) -> int:
    """Sums up what is to do of the days before Monday; how many there were for flags."""
    over = [day for day in days_of_traces(at_us, program) if day < MONDAY]
    for day in {*over} - {*days_in_columns(conn, over)}:
        sum_up_usage_anew(conn, day)
    return sum(keep_sums(conn, sum_up(conn, day, program.flags)) for day in out_of_date(conn, over, program.flags))


def sum_up_usage_anew(conn: Connection, day: date) -> None:
    keep_columns(conn, day, changes_of(conn, (day,)).get(day, 0), sum_up_usage(conn, day))


def summed(conn: Connection) -> int:
    return sum(conn.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES)


def told(found: Traces) -> tuple[object, ...]:
    tasks, usage = (numbers(columns) for columns in (found.tasks, found.day_usage))
    seen = found.tasks_seen, found.tasks_of_others, found.tasks_explored
    return found.repeats, tasks, found.idle_sessions, found.busy_days, seen, usage


def numbers(columns: TaskUsage | DaySpending) -> list[object]:
    return [getattr(columns, name).tolist() for name in columns.__struct_fields__]


def all_told(conn: Connection, at_us: int, program: Program) -> tuple[object, ...]:
    week = window_before(at_us, 7, program.zone)
    return *told(read_traces(conn, at_us, program)), numbers(read_day_usage(conn, week, DayUsage))


def assert_same(conn: Connection, at_us: int = MONDAY_NOON_US, program: Program = PROGRAM) -> None:
    """What is read by way of the sums is what the roll-ups and events alone tell."""
    found = all_told(conn, at_us, program)
    with conn.begin_nested() as savepoint:
        conn.execute(delete(trace_days))
        conn.execute(delete(usage_columns))
        from_events = all_told(conn, at_us, program)
        savepoint.rollback()
    assert found == from_events


def busy_evening(name: str = "e") -> list[Event]:
    """Five hours of the same prompt for one task, in one session without one."""
    calls = [usage(prompt_hash="p", task="t"), usage(session="s", prompt_hash="p")]
    return [
        event(one, f"{name}{hour}-{number}", time_us=EVENING_US + hour * HOUR_US)
        for hour in range(5)
        for number, one in enumerate(calls)
    ]


_calls = st.builds(
    lambda **said: usage(**said),
    task=st.sampled_from([None, "t", "u"]),
    session=st.sampled_from([None, "s", "r"]),
    prompt_hash=st.sampled_from([None, "p"]),
    is_error=st.booleans(),
    cost_nanousd=st.sampled_from([None, 1_000_000, 3]),
)
_facts = st.one_of(_calls, st.builds(lambda task: outcome(task=task), st.sampled_from(["t", "u"])))


@st.composite
def _event(draw: st.DrawFn) -> Event:
    """Of one of two people in six days; what signals tell of one scope may give way to each other."""
    fact = draw(_facts)
    time_us = MONDAY_NOON_US - draw(st.integers(0, 24 * 6)) * HOUR_US
    one = event(fact, str(draw(st.integers(0, 30))), subject=draw(st.sampled_from([ADA, BEN])), time_us=time_us)
    signal = draw(st.sampled_from([None, Signal.DELTA, Signal.LOG, Signal.BILLED]))
    if signal is None or not isinstance(fact, Usage):
        return one
    return msgspec.structs.replace(one, claim=Claim(draw(st.sampled_from(["a", "b"])), signal))


@given(batches=st.lists(st.lists(_event(), max_size=8), max_size=4), ago=st.integers(0, 100))
@settings(
    max_examples=settings.default.max_examples // 3,  # each of them is many days
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_for_any_moment_they_tell_what_the_events_tell(store: Store, batches: list[list[Event]], ago: int) -> None:
    with undone(store) as conn:
        hire(conn)
        for batch in batches:
            record(conn, *batch)
            sum_up_all(conn)
            assert_same(conn)
        record(conn, *busy_evening("late"))
        assert_same(conn)
        sum_up_all(conn)
        assert_same(conn, MONDAY_NOON_US - ago * HOUR_US)


def test_a_day_is_summed_up_once_and_once_more_when_something_comes_late(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening())
        days = sum_up_all(conn)
        assert days == len(days_of_traces(MONDAY_NOON_US, PROGRAM)) - 1
        assert sum_up_all(conn) == 0
        record(conn, *busy_evening())  # known already
        record(conn, event(usage(), "today"))
        assert sum_up_all(conn) == 0
        record(conn, event(usage(), "late", time_us=EVENING_US))
        assert sum_up_all(conn) == 1


def test_what_is_summed_up_is_not_read_from_the_events_again(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening(), event(outcome(task="t"), "o", time_us=EVENING_US))
        before = told(read_traces(conn, MONDAY_NOON_US, PROGRAM))
        sum_up_all(conn)
        assert summed(conn) == 4
        conn.execute(text("DELETE FROM events WHERE type = 'usage'"))
        conn.execute(text("DELETE FROM usage_days"))
        assert told(read_traces(conn, MONDAY_NOON_US, PROGRAM)) == before
        assert all(before)


def test_a_moment_within_a_day_is_read_from_its_events(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening())
        sum_up_all(conn)
        assert_same(conn, EVENING_US + 2 * HOUR_US + 1)
        (repeat,) = read_traces(conn, EVENING_US + 2 * HOUR_US + 1, PROGRAM).repeats
        assert repeat.calls == 6


def test_a_program_that_asks_for_less_is_served_from_the_events_until_it_is_in_force(store: Store) -> None:
    strict = Program(flags=Flags.model_validate({"window": "3d"}))
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening())
        sum_up_all(conn, program=strict)
        assert_same(conn)
        assert read_traces(conn, MONDAY_NOON_US, PROGRAM).repeats
        assert sum_up_all(conn) > 0
        assert sum_up_all(conn, program=strict) == 0
        assert_same(conn, program=strict)


def test_usage_that_another_signal_takes_the_place_of_is_gone(store: Store) -> None:
    def signal(id: str, by: Signal, **said: str) -> Event:
        fact = usage(**said, session="s")
        return Event("test", id, ADA, EVENING_US, fact, claim=Claim("scope", by))

    with undone(store) as conn:
        hire(conn)
        record(conn, signal("log", Signal.LOG, task="weak"), signal("log2", Signal.LOG, task="weak"))
        sum_up_all(conn)
        record(conn, signal("billed", Signal.BILLED, task="strong"))  # the same counts, under another task
        assert_same(conn)
        sum_up_all(conn)
        assert set(conn.scalars(select(task_days.c.task))) == {"strong"}
        assert_same(conn)


def test_new_prices_are_followed(store: Store) -> None:
    def price(fact: Usage, _time_us: int) -> Usage:
        return usage(cost_nanousd=7, cost_kind=CostKind.LISTED)

    with undone(store) as conn:
        hire(conn)
        record(conn, event(usage(task="t", cost_nanousd=None, cost_kind=None), time_us=EVENING_US))
        sum_up_all(conn)
        reprice(conn, list(changed_prices(conn, SUNDAY, price, 10)), "prices", MONDAY_NOON_US)
        tasks = read_traces(conn, MONDAY_NOON_US, PROGRAM).tasks
        assert (tasks.cost_nanousd.tolist(), tasks.unpriced_tokens.tolist()) == ([7], [0])
        assert sum_up_all(conn) == 1
        assert_same(conn)


def test_whoever_is_erased_leaves_no_words_and_the_day_is_summed_up_anew(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening())
        stale = sum_up(conn, SUNDAY, PROGRAM.flags)
        sum_up_all(conn)
        erase(conn, ADA, actor=COMMAND_LINE, now_us=MONDAY_NOON_US)
        for table in (task_days, session_days, repeat_days):
            assert conn.scalar(select(func.count()).select_from(table)) == 0
        assert conn.scalar(select(func.count()).where(usage_columns.c.day == SUNDAY)) == 0
        assert not keep_sums(conn, stale)  # who began to sum up before does not bring them back
        assert summed(conn) == 0
        assert sum_up_all(conn) == 1
        assert_same(conn)


def test_a_rebuild_finds_them_right_and_puts_right_what_is_not(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, *busy_evening())
        sum_up_all(conn)
        assert rebuild(conn).changed == 0
        conn.execute(update(task_days).values(tokens=1))
        conn.execute(update(usage_days).values(calls=1))
        sum_up_usage_anew(conn, SUNDAY)
        assert rebuild(conn).changed == 4  # each wrong row, and the right one
        assert rebuild(conn).changed == 0
        assert_same(conn)


def test_a_day_that_goes_on_in_another_time_zone_is_not_over(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        record(conn, event(usage(task="t"), "1", time_us=MONDAY_NOON_US - 3 * HOUR_US), zone="Pacific/Kiritimati")
        sum_up_usage_anew(conn, MONDAY)  # it is Tuesday there
        keep_sums(conn, sum_up(conn, MONDAY, PROGRAM.flags))
        record_program(conn, "", "in UTC", MONDAY_NOON_US)
        record(conn, event(usage(task="t"), "2"))
        tuesday_us = MONDAY_NOON_US + 24 * HOUR_US
        assert_same(conn, tuesday_us)
        assert read_traces(conn, tuesday_us, PROGRAM).day_usage.calls.tolist() == [2]


def test_changes_are_counted_however_many_parts_they_are_counted_in(store: Store) -> None:
    with undone(store) as conn:
        hire(conn)
        for number in range(40):
            record(conn, event(usage(), str(number), time_us=EVENING_US))
        rows = conn.execute(select(day_changes.c.day, func.sum(day_changes.c.changes)).group_by(day_changes.c.day))
        assert [(day, int(changes)) for day, changes in rows] == [(SUNDAY, 40)]
