"""Usage as columns: picked by person, day and lane, added up by day, and put together from portions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from scoring.events import Lane
from scoring.usage import (
    NO_SPENDING,
    NO_USAGE,
    DaySpending,
    DayUsage,
    UsageDay,
    columns_of,
    day_usage,
    together,
)

FIRST, SECOND, THIRD = (date(2026, 6, number) for number in (1, 2, 3))
DAY = FIRST.toordinal()
SANDBOX, PRODUCTION = 0, 1

# Person, day, lane, strength; calls, tokens, cost, unpriced tokens, errors, retries, output tokens.
ADA_SANDBOX = (1, DAY, SANDBOX, 0, 1, 2, 3, 4, 5, 6, 7)
ADA = (1, DAY, PRODUCTION, 0, 10, 20, 30, 40, 50, 60, 70)
ADA_ASSERTED = (1, DAY, PRODUCTION, 1, 100, 200, 300, 400, 500, 600, 700)
ADA_LATER = (1, DAY + 1, PRODUCTION, 1, 8, 8, 8, 8, 8, 8, 8)
BOB = (2, DAY + 1, PRODUCTION, 0, 9, 9, 9, 9, 9, 9, 9)
CAROL = (4, DAY + 2, SANDBOX, 0, 7, 7, 7, 7, 7, 7, 7)
ALL = [ADA_SANDBOX, ADA, ADA_ASSERTED, ADA_LATER, BOB, CAROL]


def rows(usage: DaySpending) -> list[tuple[int, ...]]:
    columns = [getattr(usage, name) for name in usage.__struct_fields__]
    return [tuple(map(int, row)) for row in zip(*columns, strict=True)]


def types(usage: DaySpending) -> dict[str, np.dtype[np.generic]]:
    return {name: getattr(usage, name).dtype for name in usage.__struct_fields__}


def spending(table: Sequence[tuple[int, ...]]) -> DaySpending:
    """The columns of ``table`` that say what calls took."""
    usage = columns_of(table)
    return DaySpending(*(getattr(usage, name) for name in DaySpending.__struct_fields__))


def test_rows_come_in_the_order_of_person_day_lane_and_strength() -> None:
    found = columns_of(reversed(ALL))
    assert rows(found) == ALL
    assert found.is_asserted.tolist() == [False, False, True, True, False, False]
    assert rows(columns_of([])) == []


def test_a_persons_day_is_a_row_with_all_it_says() -> None:
    found = day_usage(
        [
            UsageDay(2, SECOND, calls=9),
            UsageDay(1, FIRST, Lane.EXPLORATION, True, 1, 2, 3, 4, 5, 6, 7),
            UsageDay(2, SECOND, calls=8),
        ]
    )
    assert rows(found) == [
        (1, DAY, SANDBOX, 1, 1, 2, 3, 4, 5, 6, 7),
        (2, DAY + 1, PRODUCTION, 0, 9, 0, 0, 0, 0, 0, 0),
        (2, DAY + 1, PRODUCTION, 0, 8, 0, 0, 0, 0, 0, 0),
    ]


def test_strength_is_true_or_false_and_all_else_whole_numbers() -> None:
    expected = {name: np.dtype(bool if name == "is_asserted" else np.int64) for name in DayUsage.__struct_fields__}
    for usage in (
        columns_of(ALL),
        columns_of([]),
        NO_USAGE,
        together(DayUsage, []),
        together(DayUsage, [columns_of(ALL)]),
    ):
        assert types(usage) == expected
    assert types(NO_SPENDING) == {name: expected[name] for name in DaySpending.__struct_fields__}


def test_no_usage_has_no_rows() -> None:
    for none in (NO_USAGE, NO_SPENDING, together(DayUsage, []), together(DayUsage, [NO_USAGE, NO_USAGE])):
        assert (len(none), rows(none)) == (0, [])
    assert (type(NO_USAGE), type(NO_SPENDING)) == (DayUsage, DaySpending)
    assert rows(NO_USAGE.daily()) == []


@pytest.mark.parametrize(("person_id", "expected"), [(1, ALL[:4]), (2, [BOB]), (3, []), (4, [CAROL]), (5, [])])
def test_one_persons_rows(person_id: int, expected: list[tuple[int, ...]]) -> None:
    assert rows(columns_of(ALL).of(person_id)) == expected


def test_rows_by_mark_lane_and_day() -> None:
    usage = columns_of(ALL)
    assert rows(usage.where(usage.tokens > 20)) == [ADA_ASSERTED]
    assert rows(usage.in_lane(Lane.EXPLORATION)) == [ADA_SANDBOX, CAROL]
    assert rows(usage.in_lane(Lane.PRODUCTION)) == [ADA, ADA_ASSERTED, ADA_LATER, BOB]
    assert rows(usage.between(SECOND, THIRD)) == [ADA_LATER, BOB, CAROL]
    assert rows(usage.between(FIRST, SECOND)) == ALL[:5]
    assert isinstance(usage.of(1), DayUsage)


def test_a_day_is_added_up_whatever_its_lanes_and_strengths() -> None:
    whole = (1, DAY, SANDBOX, 0, 111, 222, 333, 444, 555, 666, 777)
    assert rows(columns_of(ALL).daily()) == [whole, ADA_LATER, BOB, CAROL]
    two = [(1, DAY, PRODUCTION, 0, *[1] * 7), (2, DAY, PRODUCTION, 0, *[2] * 7)]
    assert rows(columns_of(two).daily()) == two


def test_portions_are_put_together_in_order_and_the_same_key_added_up() -> None:
    first, second = columns_of([ADA, BOB, ADA_SANDBOX]), columns_of([CAROL, ADA_ASSERTED, ADA, ADA_LATER])
    twice = (*ADA[:4], *(2 * number for number in ADA[4:]))
    assert rows(together(DayUsage, [second, NO_USAGE, first])) == [
        ADA_SANDBOX,
        twice,
        ADA_ASSERTED,
        ADA_LATER,
        BOB,
        CAROL,
    ]


@pytest.mark.parametrize(
    "other", [(2, DAY, PRODUCTION, 0), (1, DAY + 1, PRODUCTION, 0), (1, DAY, SANDBOX, 0), (1, DAY, PRODUCTION, 1)]
)
def test_rows_that_differ_in_one_of_their_keys_stay_apart(other: tuple[int, ...]) -> None:
    one, two = (1, DAY, PRODUCTION, 0, *[1] * 7), (*other, *[2] * 7)
    assert rows(together(DayUsage, [columns_of([one]), columns_of([two])])) == sorted([one, two])


def test_what_calls_took_is_put_together_alike() -> None:
    parts = [spending([ADA, BOB]), spending([ADA])]
    found = together(DaySpending, parts)
    assert (type(found), rows(found)) == (DaySpending, [(*ADA[:4], 20, 40, 60, 80), BOB[:8]])
