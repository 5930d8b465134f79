"""Which ceilings somebody can ask an exception to, and how people write amounts."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.amounts import said
from scoring.askable import AmountError, about, amount_of, askable, budget_named
from scoring.program import Budget, Program, Scope, Tier

PROGRAM = Program(
    budgets=(
        Budget(name="own", dollars=20),
        Budget(name="lawyers", who=("*@law.test",), dollars=5),
        Budget(name="team", scope=Scope.TEAM, who=("Data*",), tokens=10**6),
        Budget(name="agents", scope=Scope.USE_CASE, who=("agent*",), dollars=9),
        Budget(name="trusted", scope=Scope.TIER, who=("trusted",), dollars=900),
    ),
    tiers=(Tier(name="trusted", dollars=50),),
)


def names(**changes: object) -> list[str]:
    given = {"person_id": 7, "email": "ada@acme.test", "team": "Data", "tier": "trusted", **changes}
    return [about(one) for one in askable(PROGRAM, **given)]  # type: ignore[arg-type]


def test_the_ceilings_that_hold_for_somebody_can_be_asked_about() -> None:
    assert names() == ["own/", "team/Data", "trusted/trusted"]
    assert names(email="leo@law.test", team="Law", tier="") == ["lawyers/"]


def test_the_ceiling_of_ones_tier_can_be_asked_about_beside_ones_own_of_another_kind() -> None:
    program = Program(budgets=(Budget(name="own", dollars=20),), tiers=(Tier(name="trusted", tokens=10**6),))
    found = askable(program, person_id=7, email="ada@acme.test", team="Data", tier="trusted")
    assert [(about(one), one.subject) for one in found] == [("tier trusted/", "7"), ("own/", "7")]


def test_a_ceiling_is_asked_about_for_the_person_or_the_team_or_the_tier_it_holds_for() -> None:
    every = askable(PROGRAM, person_id=7, email="ada@acme.test", team="Data", tier="trusted")
    assert [one.subject for one in every] == ["7", "Data", "trusted"]


def test_of_use_cases_those_that_were_met_and_what_was_met_comes_first() -> None:
    assert names(met={"agents/agent-x", "team/Data", "gone/agent-x"})[:2] == ["team/Data", "agents/agent-x"]


def test_a_tier_s_ceiling_has_a_name_too() -> None:
    of_tier = budget_named(PROGRAM, "tier trusted")
    assert of_tier is not None
    assert of_tier.limit == 50 * 10**9
    assert budget_named(PROGRAM, "gone") is None


@pytest.mark.parametrize(
    ("text", "in_dollars", "amount"),
    [
        ("50", True, 50 * 10**9),
        ("$ 49.50", True, 49_500_000_000),
        ("1,200 dollars", True, 1_200 * 10**9),
        ("2,000,000", False, 2_000_000),
        ("2 million", False, 2_000_000),
        ("1.5m tokens", False, None),
        ("2m", False, 2_000_000),
        ("500k", False, 500_000),
        ("0", True, None),
        ("-5", True, None),
        ("a lot", True, None),
        ("", False, None),
        ("1e9", False, None),
        ("9" * 30, True, None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, in_dollars: bool, amount: int | None) -> None:
    if amount is None:
        with pytest.raises(AmountError, match="Please write"):
            amount_of(text, is_in_dollars=in_dollars)
    else:
        assert amount_of(text, is_in_dollars=in_dollars) == amount


@pytest.mark.parametrize(
    ("text", "in_dollars", "message"),
    [
        ("a lot", True, 'Please write an amount in dollars, like "50".'),
        ("a lot", False, 'Please write a number of tokens, like "2,000,000".'),
        ("0", True, 'Please write an amount in dollars, like "50", above 0 and at most 1,000,000,000.'),
        ("0.4", False, 'Please write a number of tokens, like "2,000,000", above 0 and at most 1,000,000,000,000,000.'),
        ("1,000,000,000.01", True, 'Please write an amount in dollars, like "50", above 0 and at most 1,000,000,000.'),
    ],
)
def test_what_is_no_amount_is_told_what_is(text: str, in_dollars: bool, message: str) -> None:
    with pytest.raises(AmountError, match=f"^{re.escape(message)}$"):
        amount_of(text, is_in_dollars=in_dollars)


def test_the_most_that_can_be_asked_for_can_be_asked_for() -> None:
    assert amount_of("1,000,000,000", is_in_dollars=True) == 10**18
    assert amount_of("1_000_000_000_000_000", is_in_dollars=False) == 10**15
    assert amount_of("1", is_in_dollars=False) == 1
    assert amount_of("0.000000001", is_in_dollars=True) == 1


@given(st.integers(1, 10**11))
def test_what_we_say_can_be_written_back(amount: int) -> None:
    assert amount_of(said(amount, is_in_dollars=False), is_in_dollars=False) == amount
    cents = amount * 10**7
    assert amount_of(said(cents, is_in_dollars=True), is_in_dollars=True) == cents or cents < 10**8


@given(st.text(max_size=40))
def test_whatever_is_written_it_is_an_amount_or_refused(text: str) -> None:
    with suppress(AmountError):
        assert amount_of(text, is_in_dollars=True) > 0
