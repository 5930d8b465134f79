"""Ceilings: who may use how much in a day, a week or a month."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from scoring.events import Lane
from scoring.program.section import Patterns, Section

_NANOUSD = 1_000_000_000
TIER_NAME = "tier "
"""How the names of ceilings begin that tiers set."""


class Scope(StrEnum):
    """Whose use a ceiling limits: each person's own, or that of a team, a use case or a tier together."""

    PERSON = "person"
    TEAM = "team"
    USE_CASE = "use_case"
    TIER = "tier"


class BudgetPeriod(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


Dollars = Annotated[Decimal, Field(gt=0, le=1_000_000_000, allow_inf_nan=False, decimal_places=9)]
TokenCount = Annotated[int, Field(gt=0, le=10**15)]
SoftShare = Annotated[Decimal, Field(gt=0, le=1, allow_inf_nan=False)]


def _email(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError(f'"{text}" is not an e-mail address; write one like "finance@acme.example"')
    return text


Email = Annotated[str, AfterValidator(_email)]


def says_one_amount(dollars: Decimal | None, tokens: int | None) -> None:
    """Raises ``ValueError`` where a ceiling says both amounts."""
    if dollars is not None and tokens is not None:
        raise ValueError("a ceiling is in dollars or in tokens; leave one out (two ceilings need two budgets)")


class Budget(Section):
    """A ceiling for each subject (person, team, use case or tier) that a pattern of ``who`` fits.

    Of several with the same scope, period, lane and unit that fit a subject, the last one holds.
    ``soft`` is the share of the ceiling at which a word of caution is due.
    """

    name: str = Field(min_length=1, max_length=80)
    scope: Scope = Scope.PERSON
    who: Patterns = ("*",)
    period: BudgetPeriod = BudgetPeriod.MONTH
    dollars: Dollars | None = None
    tokens: TokenCount | None = None
    lane: Lane | None = None
    soft: SoftShare = Decimal("0.8")
    owner: Email = ""

    @model_validator(mode="after")
    def _says_how_much(self) -> Budget:
        says_one_amount(self.dollars, self.tokens)
        if self.dollars is None and self.tokens is None:
            raise ValueError("a budget needs an amount: dollars = 200 or tokens = 50_000_000")
        return self

    @property
    def is_in_dollars(self) -> bool:
        return self.dollars is not None

    @property
    def limit(self) -> int:
        """In nano-dollars, or in tokens."""
        return self.tokens or 0 if self.dollars is None else int(self.dollars * _NANOUSD)

    def fits(self, subject: str) -> bool:
        """Does it hold for a person's e-mail address, a team, a use case or a tier of this name?"""
        return any(fnmatchcase(subject.casefold(), pattern.casefold()) for pattern in self.who)


def _named_apart(budgets: tuple[Budget, ...]) -> tuple[Budget, ...]:
    names = [budget.name for budget in budgets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f'two budgets are named "{twice}"; exceptions go by the name, so give each its own')
    taken = next((name for name in names if name.startswith(TIER_NAME)), None)
    if taken is not None:
        raise ValueError(f'"{taken}" would be the ceiling of a tier; choose a name that does not begin with "tier "')
    return budgets


Budgets = Annotated[tuple[Budget, ...], AfterValidator(_named_apart)]
