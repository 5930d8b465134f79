"""Budgets, tiers and bands in the program file: what they mean, and what is said of a mistake."""

from __future__ import annotations

import pytest

from scoring.events import Lane
from scoring.members import personal_budgets
from scoring.program import BudgetPeriod, Program
from scoring.program_file import ProgramError, parse_program

A_BUDGET = '[[budgets]]\nname = "Everybody"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (A_BUDGET, r"budgets\.0: a budget needs an amount: dollars = 200 or tokens = 50_000_000"),
        (A_BUDGET + "dollars = 1\ntokens = 1", r"budgets\.0: a ceiling is in dollars or in tokens; leave one out"),
        (A_BUDGET + "dollars = 1\n" + A_BUDGET + "tokens = 1", 'budgets: two budgets are named "Everybody"'),
        (A_BUDGET + "dollars = -1", r"budgets\.0\.dollars: input should be greater than 0"),
        (A_BUDGET + 'dollars = 1\nscope = "group"', r"budgets\.0\.scope: input should be 'person', 'team'"),
        (A_BUDGET + 'dollars = 1\nowner = "Ada"', r'budgets\.0\.owner: "Ada" is not an e-mail address; write one'),
        (A_BUDGET + "dollars = 1\nsoft = 1.2", r"budgets\.0\.soft: input should be less than or equal to 1"),
        ('[[budgets]]\nname = "tier gold"\ntokens = 1', r'budgets: "tier gold" would be the ceiling of a tier'),
        ('[[tiers]]\nname = "a"\n[[tiers]]\nname = "a"', 'tiers: the tier "a" is there twice'),
        ('[[tiers]]\nname = "a"\nlanes = []', r"tiers\.0\.lanes"),
        ("[bands]\nextreme_factor = 2", r"bands: extreme_factor \(2\) is below spike_factor \(4\)"),
        ("[bands]\nhold_days = -1", r"bands\.hold_days: input should be greater than or equal to 0"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        parse_program(text)


def test_dollars_are_exact_to_the_billionth() -> None:
    (budget,) = parse_program(A_BUDGET + "dollars = 0.1").budgets
    assert budget.limit == 100_000_000
    with pytest.raises(ProgramError, match=r"budgets\.0\.dollars"):
        parse_program(A_BUDGET + "dollars = 0.0000000001")


def limits(program: Program, email: str = "ada@acme.test", tier: str = "") -> list[tuple[str, int]]:
    return [(one.name, one.limit) for one in personal_budgets(program, email=email, tier=tier)]


def test_the_last_budget_of_a_kind_that_fits_holds() -> None:
    program = parse_program(
        '[[budgets]]\nname = "all"\ntokens = 10\n'
        '[[budgets]]\nname = "leads"\ntokens = 50\nwho = ["Ada@*"]\n'
        '[[budgets]]\nname = "a day"\ntokens = 5\nperiod = "day"\n'
    )
    assert limits(program) == [("leads", 50), ("a day", 5)]
    assert limits(program, "bea@acme.test") == [("all", 10), ("a day", 5)]


def test_a_tiers_own_ceiling_gives_way_to_a_budget_of_the_same_kind() -> None:
    tier = '[[tiers]]\nname = "standard"\ntokens = 7\n'
    assert limits(parse_program(tier), tier="standard") == [("tier standard", 7)]
    assert limits(parse_program(tier), tier="trusted") == []
    assert limits(parse_program(tier + '[[budgets]]\nname = "all"\ntokens = 10'), tier="standard") == [("all", 10)]


def test_without_budgets_nobody_has_a_ceiling_and_tiers_forbid_nothing() -> None:
    program = parse_program("")
    assert limits(program) == []
    assert program.tiers == ()


def test_a_tier_allows_everything_unless_it_says_otherwise() -> None:
    (tier,) = parse_program('[[tiers]]\nname = "standard"').tiers
    assert tier.allows(Lane.PRODUCTION, "any-model")
    assert tier.budget is None


def test_a_tiers_budget_is_monthly_unless_it_says_otherwise() -> None:
    (tier,) = parse_program('[[tiers]]\nname = "standard"\ndollars = 3').tiers
    assert tier.budget is not None
    assert tier.budget.period is BudgetPeriod.MONTH
