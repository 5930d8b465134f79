"""Usage by day: the same from roll-ups and from the cut day, and what is asserted stays apart."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from db.day_usage import read_day_usage
from db.directory import PersonRow, everyone, upsert_people
from db.engine import Store
from scoring.events import Lane, Tokens
from scoring.usage import DayUsage, UsageDay, day_usage
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US, event, record, usage

DAY_US = 24 * 3600 * 1_000_000
WINDOW = window_before(MONDAY_NOON_US, 2, ZoneInfo("UTC"))
LONGER = window_before(MONDAY_NOON_US, 7, ZoneInfo("UTC"))


def rows(columns: DayUsage) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(columns, name).tolist() for name in columns.__struct_fields__), strict=True))


def test_days_lanes_and_strengths_are_told_apart_up_to_the_end_of_the_window(store: Store) -> None:
    played = usage(lane=Lane.EXPLORATION, tokens=Tokens(1, 2, 3, 4), cost_nanousd=None)
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test")], now_us=1)
        record(conn, event(usage(is_error=True), "1", time_us=MONDAY_NOON_US - 3 * DAY_US))
        record(conn, event(usage(), "2", time_us=MONDAY_NOON_US - DAY_US), event(usage(), "3"))  # 3 is after the end
        record(conn, event(played, "4", time_us=MONDAY_NOON_US - 1))
        record(conn, event(usage(), "5", source="laptop", time_us=MONDAY_NOON_US - 1, is_asserted=True))
        record(conn, event(usage(), "6", subject="nobody@acme.test", time_us=MONDAY_NOON_US - 1))
        ada = everyone(conn)[0].id
    with store.read() as conn:
        found, longer = read_day_usage(conn, WINDOW, DayUsage), read_day_usage(conn, LONGER, DayUsage)
    sunday, monday = date(2026, 5, 31), date(2026, 6, 1)
    expected = [
        UsageDay(ada, sunday, calls=1, tokens=110, output_tokens=10, cost_nanousd=1_000_000),
        UsageDay(ada, monday, is_asserted=True, calls=1, tokens=110, output_tokens=10, cost_nanousd=1_000_000),
        UsageDay(ada, monday, Lane.EXPLORATION, calls=1, tokens=10, output_tokens=2, unpriced_tokens=10),
    ]
    friday = UsageDay(ada, date(2026, 5, 29), calls=1, errors=1, tokens=110, output_tokens=10, cost_nanousd=1_000_000)
    assert rows(found) == rows(day_usage(expected))
    assert rows(longer) == rows(day_usage([*expected, friday]))


def test_one_persons_rows_are_found_among_others() -> None:
    columns = day_usage(UsageDay(person_id, date(2026, 6, day)) for day in (2, 1) for person_id in (3, 1, 7))
    assert rows(columns.of(3)) == rows(day_usage([UsageDay(3, date(2026, 6, 1)), UsageDay(3, date(2026, 6, 2))]))
    assert len(columns.of(2)) == 0
    assert np.all(columns.between(date(2026, 6, 2), date(2026, 6, 2)).person_ids == [1, 3, 7])
