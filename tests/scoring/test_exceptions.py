"""Exceptions raise a ceiling while they hold, and never lower it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.exceptions import BudgetException, ExceptionState, may_follow, raised

exceptions = st.builds(
    BudgetException,
    id=st.integers(1, 9),
    budget=st.just("b"),
    subject=st.just("1"),
    amount=st.integers(1, 10**15),
    is_total=st.booleans(),
    from_us=st.just(0),
    until_us=st.just(10),
)


def exception(amount: int, *, is_total: bool = False) -> BudgetException:
    return BudgetException(1, "b", "1", amount, is_total, 0, 10)


def test_an_extra_comes_on_top_and_the_highest_new_ceiling_takes_its_place() -> None:
    assert raised(100, [exception(20), exception(5)]) == 125
    assert raised(100, [exception(150, is_total=True), exception(120, is_total=True)]) == 150
    assert raised(100, [exception(150, is_total=True), exception(20)]) == 170
    assert raised(100, [exception(50, is_total=True)]) == 100


def test_it_holds_from_its_beginning_until_before_its_end() -> None:
    one = BudgetException(1, "b", "1", 5, False, 10, 20)
    assert [one.holds(at_us) for at_us in (9, 10, 19, 20)] == [False, True, True, False]


@given(st.integers(1, 10**15), st.lists(exceptions, max_size=5), exceptions)
def test_no_exception_lowers_a_ceiling_and_each_more_helps_or_changes_nothing(
    limit: int, held: list[BudgetException], one: BudgetException
) -> None:
    assert limit <= raised(limit, held) <= raised(limit, [*held, one])


@pytest.mark.parametrize("final", [ExceptionState.DECLINED, ExceptionState.WITHDRAWN, ExceptionState.EXPIRED])
def test_what_is_over_stays_so(final: ExceptionState) -> None:
    assert not any(may_follow(final, other) for other in ExceptionState)


def test_what_was_asked_back_is_approved_only_after_an_answer() -> None:
    assert not may_follow(ExceptionState.ASKED_BACK, ExceptionState.APPROVED)
    assert may_follow(ExceptionState.ASKED_BACK, ExceptionState.ASKED)
