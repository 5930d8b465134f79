"""Adding up: to the nano-dollar, day by day, proved usage alone, in any order."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.budgets import Ceiling, CeilingState, beyond_soft, ceilings, exceptions_in_force
from scoring.events import Lane
from scoring.exceptions import BudgetException
from scoring.members import Roster, roster_of
from scoring.program import Budget, Program
from scoring.spending import add_up, add_up_all, meters_of, use_case_meters
from scoring.usage import LANES, UsageDay, day_usage
from tests.scoring.bands.people import DOLLAR, LATER, TODAY, member, roster, used

MONTH = Budget(name="month", dollars=10)


def standing(
    program: Program, people: Roster, usage: list[UsageDay], *held: BudgetException, today: date = TODAY
) -> dict[tuple[str, str], Ceiling]:
    found = add_up([day_usage(usage)], people, meters_of(program, people, today), today)
    every = [one for spending in found for one in ceilings(spending, people, today, exceptions_in_force(held, 5))]
    return {(one.budget, one.subject): one for one in every}


def test_a_ceiling_is_crossed_one_nano_dollar_above_it_and_not_at_it() -> None:
    program = Program(budgets=(MONTH,))
    people = roster(program, 1)
    for spent, state in (
        (8 * DOLLAR, CeilingState.WITHIN),
        (8 * DOLLAR + 1, CeilingState.SOFT),
        (10 * DOLLAR, CeilingState.SOFT),
        (10 * DOLLAR + 1, CeilingState.CROSSED),
    ):
        one = standing(program, people, [used(cost_nanousd=spent - 1), used(day=TODAY, cost_nanousd=1)])["month", "1"]
        assert (one.spent, one.state) == (spent, state)


def test_past_the_soft_share_is_beyond_it_and_not_at_it() -> None:
    program = Program(budgets=(MONTH,))
    people = roster(program, 2)
    usage = [used(1, cost_nanousd=8 * DOLLAR), used(2, cost_nanousd=8 * DOLLAR + 1)]
    (spending,) = add_up([day_usage(usage)], people, meters_of(program, people, TODAY), TODAY)
    assert beyond_soft(spending).tolist() == [1]


def test_whoever_used_a_single_nano_dollar_has_a_part_and_nobody_without_any() -> None:
    program = Program(budgets=(Budget(name="teams", scope="team", dollars=5),))
    people = roster(program, 3)
    found = standing(program, people, [used(1, cost_nanousd=1), used(2, cost_nanousd=0)])
    assert {key: one.users for key, one in found.items()} == {("teams", "red"): 1}


def test_large_sums_stay_exact() -> None:
    program = Program(budgets=(Budget(name="month", dollars=900_000_000),))
    cost = 2**53 + 1  # the first whole number that a float cannot hold
    people = roster(program, 1)
    usage = [used(cost_nanousd=cost), used(cost_nanousd=2)]
    assert standing(program, people, usage)["month", "1"].spent == cost + 2
    (spending,) = add_up([day_usage(usage)], people, meters_of(program, people, TODAY), TODAY)
    assert spending.own.tolist() == [cost + 2]


def test_days_weeks_and_months_begin_on_their_first_day() -> None:
    budgets = tuple(Budget(name=period, period=period, dollars=100) for period in ("day", "week", "month"))
    program = Program(budgets=budgets)
    people = roster(program, 1)
    wednesday = date(2026, 7, 1)
    usage = [used(day=wednesday - timedelta(days=ago), cost_nanousd=10**ago) for ago in range(9)]
    found = standing(program, people, usage, today=wednesday)
    assert {name: one.spent for (name, _), one in found.items()} == {"day": 1, "week": 111, "month": 1}


def test_lanes_and_units_are_told_apart_and_what_has_no_price_is_said() -> None:
    program = Program(
        budgets=(
            Budget(name="sandbox", dollars=1, lane="exploration"),
            Budget(name="tokens", tokens=100, lane="production"),
        )
    )
    people = roster(program, 1)
    usage = [
        used(lane=Lane.EXPLORATION, cost_nanousd=3, tokens=7, unpriced_tokens=4),
        used(cost_nanousd=5, tokens=60, unpriced_tokens=8),
    ]
    found = standing(program, people, usage)
    assert (found["sandbox", "1"].spent, found["sandbox", "1"].unpriced_tokens) == (3, 4)
    assert (found["tokens", "1"].spent, found["tokens", "1"].unpriced_tokens) == (60, 0)


def test_what_a_laptop_merely_says_is_shown_and_not_counted() -> None:
    program = Program(budgets=(MONTH,))
    one = standing(program, roster(program, 1), [used(is_asserted=True, cost_nanousd=99 * DOLLAR), used()])[
        "month", "1"
    ]
    assert (one.spent, one.not_counted, one.state) == (DOLLAR, 99 * DOLLAR, CeilingState.WITHIN)


def test_a_team_and_a_tier_spend_together() -> None:
    program = Program(
        budgets=(
            Budget(name="teams", scope="team", dollars=5),
            Budget(name="standard", scope="tier", who=("standard",), dollars=5),
        )
    )
    people = roster_of(
        [
            member(1, program, "standard", team="red"),
            member(2, program, "trusted", team="red"),
            member(3, program, "standard", team="blue"),
            member(4, program, team=""),
        ]
    )
    found = standing(program, people, [used(person_id) for person_id in (1, 1, 2, 3, 4)])
    spent = {key: (one.spent // DOLLAR, one.users) for key, one in found.items()}
    assert spent == {("teams", "red"): (3, 2), ("teams", "blue"): (1, 1), ("standard", "standard"): (3, 2)}


def test_everybody_has_a_place_and_strangers_have_none() -> None:
    people = roster_of([member(7, Program()), member(3, Program()), member(5, Program())])
    assert [one.person.id for one in people.members] == [3, 5, 7]
    assert people.positions_of(np.array([7, 3, 4, 9, 5])).tolist() == [2, 0, -1, -1, 1]
    assert roster_of([]).positions_of(np.array([7, 3])).tolist() == [-1, -1]
    assert people.ids.dtype == roster_of([]).ids.dtype == np.int64  # ids have more digits than a float holds


def test_in_an_empty_company_nothing_is_spent_but_by_machines() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", dollars=5),))
    meters = use_case_meters(program, roster_of([]), TODAY, ["b", "a"])
    assert list(meters) == ["a", "b"]
    (spending,) = add_up([day_usage([used(0)])], roster_of([]), meters["a"], TODAY)
    assert spending.spent.tolist() == [DOLLAR]


def test_a_use_case_counts_what_nobody_answers_to() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", who=("agent*",), dollars=5),))
    people = roster(program, 1)
    meters = use_case_meters(program, people, TODAY, ["agents", "research", ""])
    assert list(meters) == ["agents"]
    (spending,) = add_up([day_usage([used(1), used(0)])], people, meters["agents"], TODAY)
    assert spending.spent.tolist() == [2 * DOLLAR]
    assert spending.own.tolist() == [DOLLAR]


def test_an_exception_raises_the_ceiling_of_its_subject_alone_and_expires() -> None:
    program = Program(budgets=(MONTH,))
    people = roster(program, 2)
    usage = [used(person_id, cost_nanousd=11 * DOLLAR) for person_id in (1, 2)]
    holds = BudgetException(4, "month", "1", 5 * DOLLAR, False, 0, 6)
    over = BudgetException(5, "month", "2", 5 * DOLLAR, False, 0, 5)
    found = standing(program, people, usage, holds, over)
    assert (found["month", "1"].limit, found["month", "1"].exceptions) == (15 * DOLLAR, (4,))
    assert found["month", "1"].state is CeilingState.WITHIN
    assert found["month", "2"].state is CeilingState.CROSSED


rows = st.lists(
    st.builds(
        UsageDay,
        st.integers(1, 3),
        st.dates(TODAY - timedelta(days=70), LATER),
        st.sampled_from(LANES),
        st.booleans(),
        calls=st.integers(0, 5),
        tokens=st.integers(0, 10**9),
        output_tokens=st.integers(0, 10),
        cost_nanousd=st.integers(0, 10**15),
    ),
    max_size=40,
)


@given(rows, st.randoms(use_true_random=False))
def test_neither_order_nor_portions_change_a_sum(usage: list[UsageDay], rng: object) -> None:
    program = Program(budgets=(MONTH, Budget(name="team", scope="team", period="week", tokens=5)))
    people = roster(program)
    meters = meters_of(program, people, LATER)
    whole, habits = add_up_all([day_usage(usage)], people, meters, LATER)
    by_day = [day_usage(one for one in usage if one.day == day) for day in {one.day for one in usage}]
    rng.shuffle(by_day)  # type: ignore[attr-defined]
    portions, other_habits = add_up_all(by_day, people, meters, LATER)
    for one, other in zip([*whole, habits], [*portions, other_habits], strict=True):
        for name in one.__struct_fields__:
            if name != "meter":
                assert np.array_equal(getattr(one, name), getattr(other, name)), name
    first = sum(one.cost_nanousd for one in usage if not one.is_asserted and one.day.month == 6 and one.person_id == 1)
    assert whole[0].spent[0] == first
