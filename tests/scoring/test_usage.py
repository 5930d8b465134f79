"""Usage as columns: rows in order of person, day, lane and strength, added up where they are of one of these."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from scoring.events import Lane
from scoring.usage import LANES, DaySpending, DayUsage, UsageDay, day_usage, together

FIRST, SECOND = date(2026, 6, 1), date(2026, 6, 2)


def row(person_id: int = 1, day: date = FIRST, lane: Lane = Lane.PRODUCTION, **changes: int) -> UsageDay:
    return UsageDay(person_id, day, lane, **{"calls": 1, "tokens": 10, "cost_nanousd": 100, **changes})


def spending(*rows: UsageDay) -> DaySpending:
    """The columns that sums of spending have."""
    every = day_usage(rows)
    return DaySpending(*(getattr(every, name) for name in DaySpending.__struct_fields__))


def rows_of(columns: DaySpending) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(columns, name).tolist() for name in columns.__struct_fields__), strict=True))


ALL = row(
    3,
    SECOND,
    Lane.EXPLORATION,
    calls=1,
    tokens=2,
    cost_nanousd=3,
    unpriced_tokens=4,
    errors=5,
    retries=6,
    output_tokens=7,
)
IN_COLUMNS = (3, SECOND.toordinal(), LANES.index(Lane.EXPLORATION), False, 1, 2, 3, 4, 5, 6, 7)


def test_a_row_has_all_of_a_day_of_usage() -> None:
    assert rows_of(day_usage([ALL])) == [IN_COLUMNS]
    asserted = UsageDay(1, FIRST, Lane.PRODUCTION, True, calls=1)
    assert rows_of(day_usage([asserted]))[0][3] is True


def test_rows_come_in_order_whatever_the_order_they_are_given_in() -> None:
    rows = [
        row(1, FIRST, Lane.EXPLORATION),
        row(1, FIRST, Lane.PRODUCTION),
        UsageDay(1, FIRST, Lane.PRODUCTION, True, calls=1, tokens=10, cost_nanousd=100),
        row(1, SECOND, Lane.EXPLORATION),
        row(2, FIRST, Lane.EXPLORATION),
    ]
    in_order = rows_of(day_usage(rows))
    assert [one[:4] for one in in_order] == [
        (person_id, day.toordinal(), LANES.index(lane), is_asserted)
        for person_id, day, lane, is_asserted in (
            (1, FIRST, Lane.EXPLORATION, False),
            (1, FIRST, Lane.PRODUCTION, False),
            (1, FIRST, Lane.PRODUCTION, True),
            (1, SECOND, Lane.EXPLORATION, False),
            (2, FIRST, Lane.EXPLORATION, False),
        )
    ]
    assert rows_of(day_usage(rows[::-1])) == in_order


@pytest.mark.parametrize(
    "other",
    [
        row(2, tokens=20),
        row(day=SECOND, tokens=20),
        row(lane=Lane.EXPLORATION, tokens=20),
        UsageDay(1, FIRST, Lane.PRODUCTION, True, calls=1, tokens=20),
    ],
    ids=["person", "day", "lane", "strength"],
)
def test_rows_of_one_person_day_lane_and_strength_are_added_up_and_others_stay_apart(other: UsageDay) -> None:
    parts = [
        spending(row(tokens=5, cost_nanousd=7), other),
        spending(row(calls=2, tokens=6, cost_nanousd=8)),
        spending(),
    ]
    found = together(DaySpending, parts)
    assert {one[4:] for one in rows_of(found)} == {(3, 11, 15, 0), rows_of(spending(other))[0][4:]}
    assert [one[:4] for one in rows_of(found)] == sorted(one[:4] for one in rows_of(found))
    assert rows_of(together(DaySpending, parts[::-1])) == rows_of(found)


def test_every_count_is_added_up() -> None:
    found = together(DayUsage, [day_usage([ALL]), day_usage([ALL])])
    assert rows_of(found) == [(*IN_COLUMNS[:4], 2, 4, 6, 8, 10, 12, 14)]


@pytest.mark.parametrize("parts", [[], [day_usage(()), day_usage(())]])
def test_of_nothing_there_are_columns_without_rows(parts: list[DayUsage]) -> None:
    for columns in (DaySpending, DayUsage):
        nothing = together(columns, parts)
        assert isinstance(nothing, columns)
        types = [getattr(nothing, name).dtype for name in columns.__struct_fields__]
        assert types == [np.bool_ if name == "is_asserted" else np.int64 for name in columns.__struct_fields__]
        assert len(nothing) == 0


def test_rows_are_picked_by_person_number_lane_and_days() -> None:
    every = spending(row(1), row(2, lane=Lane.EXPLORATION), row(2, SECOND), row(4))
    assert rows_of(every.of(2)) == rows_of(every)[1:3]
    assert rows_of(every.of(3)) == []
    assert rows_of(every.rows(1, 3)) == rows_of(every)[1:3]
    assert rows_of(every.in_lane(Lane.EXPLORATION)) == rows_of(every)[1:2]
    assert rows_of(every.between(SECOND, SECOND)) == rows_of(every)[2:3]
    assert rows_of(every.between(FIRST, SECOND)) == rows_of(every)


def test_a_day_is_one_row_a_person_with_lanes_and_strengths_added_up() -> None:
    asserted = UsageDay(1, FIRST, Lane.PRODUCTION, True, calls=1, tokens=3)
    every = spending(row(1, lane=Lane.EXPLORATION), row(1), asserted, row(1, SECOND), row(2, SECOND, tokens=1))
    assert [(one[0], one[1], *one[4:6]) for one in rows_of(every.daily())] == [
        (1, FIRST.toordinal(), 3, 23),
        (1, SECOND.toordinal(), 1, 10),
        (2, SECOND.toordinal(), 1, 1),
    ]
    assert len(spending().daily()) == 0
