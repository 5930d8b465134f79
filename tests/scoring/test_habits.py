"""Everybody's habits: nine weeks of cost, and what the last four of them were made of."""

from __future__ import annotations

from datetime import timedelta

from scoring.events import Lane
from scoring.members import Roster, roster_of
from scoring.program import Program
from scoring.spending import Habits, add_up_all
from scoring.usage import UsageDay, day_usage
from tests.scoring.bands.people import TODAY, roster, used

PEOPLE = roster(Program(), 2)


def habits(*usage: UsageDay, people: Roster = PEOPLE) -> dict[str, list[object]]:
    _, found = add_up_all([day_usage(usage)], people, (), TODAY)
    return {name: getattr(found, name).tolist() for name in Habits.__struct_fields__}


def ago(days: int, person_id: int = 1, **changes: object) -> UsageDay:
    return used(person_id, TODAY - timedelta(days=days), **changes)


def test_each_column_holds_what_it_says_of_each_member() -> None:
    found = habits(
        ago(0, cost_nanousd=1, calls=1, tokens=1, unpriced_tokens=1),
        ago(0, cost_nanousd=20, calls=20, tokens=20, unpriced_tokens=20, lane=Lane.EXPLORATION),
        ago(1, cost_nanousd=300, calls=300, tokens=300, unpriced_tokens=300, is_asserted=True),
        ago(1, cost_nanousd=4000, calls=4000, tokens=4000, unpriced_tokens=4000),
        ago(1, 2, cost_nanousd=5, calls=6, tokens=7, unpriced_tokens=8),
        ago(1, 9, cost_nanousd=10**6, calls=10**6, tokens=10**6, unpriced_tokens=10**6),
        ago(1, 9, cost_nanousd=10**6, tokens=10**6, is_asserted=True),
    )
    assert found == {
        "weeks": [[4021, *[0] * 8], [5, *[0] * 8]],
        "week_calls": [4021, 6],
        "active_days": [2, 1],
        "production_nanousd": [4001, 5],
        "production_calls": [4001, 6],
        "production_unpriced_tokens": [4001, 8],
        "unpriced_tokens": [4021, 8],
        "not_counted_nanousd": [300, 0],
        "not_counted_tokens": [300, 0],
    }


def test_a_week_is_seven_days_and_nine_of_them_are_looked_at() -> None:
    days = (-1, 0, 6, 7, 13, 14, 55, 56, 62, 63)
    found = habits(*(ago(day, cost_nanousd=2**number, calls=2**number) for number, day in enumerate(days)))
    assert found["weeks"] == [[2 + 4, 8 + 16, 32, 0, 0, 0, 0, 64, 128 + 256], [0] * 9]
    assert found["week_calls"] == [2 + 4, 0]


def test_the_last_28_days_say_how_somebody_works() -> None:
    found = habits(
        ago(27, cost_nanousd=1, calls=1, unpriced_tokens=1),
        ago(28, cost_nanousd=20, calls=20, unpriced_tokens=20),
        ago(27, 2, cost_nanousd=1, tokens=1, is_asserted=True),
        ago(28, 2, cost_nanousd=20, tokens=20, is_asserted=True),
    )
    recent = {name: column for name, column in found.items() if name not in ("weeks", "week_calls")}
    assert recent == {
        "active_days": [1, 0],
        "production_nanousd": [1, 0],
        "production_calls": [1, 0],
        "production_unpriced_tokens": [1, 0],
        "unpriced_tokens": [1, 0],
        "not_counted_nanousd": [0, 1],
        "not_counted_tokens": [0, 1],
    }


def test_a_day_is_active_where_something_came_of_a_call() -> None:
    def active_days(**changes: int) -> object:
        return habits(ago(1, **{"calls": 0, "errors": 0, "output_tokens": 0, **changes}))["active_days"][0]

    assert active_days(calls=1) == 1
    assert active_days(calls=2, errors=1) == 1
    assert active_days(output_tokens=1) == 1
    assert active_days(calls=1, errors=1, output_tokens=1) == 1
    assert active_days(calls=2, errors=2) == 0
    assert active_days() == 0
    assert habits(ago(1), ago(1, lane=Lane.EXPLORATION), ago(2))["active_days"] == [2, 0]


def test_large_sums_stay_exact() -> None:
    most = 2**53 + 1  # the first whole number that a float cannot hold
    large = {"cost_nanousd": most, "calls": most, "tokens": most, "unpriced_tokens": most}
    found = habits(ago(1, **large), ago(1, is_asserted=True, **large))
    assert found.pop("active_days") == [1, 0]
    assert found.pop("weeks") == [[most, *[0] * 8], [0] * 9]
    assert all(column == [most, 0] for column in found.values())


def test_a_company_of_nobody_has_no_habits() -> None:
    assert habits(ago(1), people=roster_of([])) == {name: [] for name in Habits.__struct_fields__}
