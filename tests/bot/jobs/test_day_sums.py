"""Days that are over are summed up for flags, each once; the others wait, and so does a day that has only just ended."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from bot.jobs.day_sums import DAY_SUMS
from bot.jobs.runner import run_by_hand
from db.engine import Store
from db.tables import task_days, trace_days
from scoring.program import Program
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage

HOUR_US = 3_600_000_000
MIDNIGHT_US = MONDAY_NOON_US - 12 * HOUR_US


async def sum_up(store: Store, now_us: int) -> tuple[str, ...]:
    return (await run_by_hand(DAY_SUMS, job_context(store, Program(), now_us), now_us)).lines


async def test_days_that_are_over_are_summed_up_once_and_today_is_not(store: Store) -> None:
    with store.write() as conn:
        record(conn, event(usage(task="t"), "1", time_us=MONDAY_NOON_US - 24 * HOUR_US))
        record(conn, event(usage(task="t"), "2"))
    assert await sum_up(store, MONDAY_NOON_US + 1) == ("83 days summed up.",)
    assert await sum_up(store, MONDAY_NOON_US + HOUR_US) == ("0 days summed up.",)
    with store.read() as conn:
        assert conn.scalar(select(func.max(trace_days.c.day))) == date(2026, 5, 31)
        assert conn.scalars(select(task_days.c.day)).all() == [date(2026, 5, 31)]


async def test_a_day_rests_an_hour_before_it_is_summed_up(store: Store) -> None:
    await sum_up(store, MIDNIGHT_US + HOUR_US - 1)
    with store.read() as conn:
        assert conn.scalar(select(func.max(trace_days.c.day))) == date(2026, 5, 30)
    assert await sum_up(store, MIDNIGHT_US + HOUR_US) == ("1 day summed up.",)
