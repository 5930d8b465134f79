"""Safety tiers: who may use which lanes and models, with which budget."""

from __future__ import annotations

from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from scoring.events import Lane
from scoring.program.budgets import TIER_NAME, Budget, BudgetPeriod, Dollars, SoftShare, TokenCount, says_one_amount
from scoring.program.section import Patterns, Section


class Tier(Section):
    """What people of a ``tier`` (as the directory names it) may use; models by their normalised names.

    ``dollars`` or ``tokens`` is a ceiling for each person of the tier. Use outside it is a violation of ``severity``.
    """

    name: str = Field(min_length=1, max_length=80)
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)] = tuple(Lane)
    models: Patterns = ("*",)
    dollars: Dollars | None = None
    tokens: TokenCount | None = None
    period: BudgetPeriod = BudgetPeriod.MONTH
    soft: SoftShare = Decimal("0.8")
    severity: Literal["low", "medium", "high"] = "medium"

    @model_validator(mode="after")
    def _says_one_amount(self) -> Tier:
        says_one_amount(self.dollars, self.tokens)
        return self

    @property
    def budget(self) -> Budget | None:
        """Each person's ceiling; None = the tier sets none."""
        if self.dollars is None and self.tokens is None:
            return None
        return Budget(
            name=f"{TIER_NAME}{self.name}", period=self.period, dollars=self.dollars, tokens=self.tokens, soft=self.soft
        )

    def allows(self, lane: Lane, model: str) -> bool:
        """May its people use ``model`` (a normalised name) in ``lane``?"""
        return lane in self.lanes and any(fnmatchcase(model, pattern.lower()) for pattern in self.models)


def _named_apart(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    names = [tier.name for tier in tiers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f'the tier "{twice}" is there twice; put its rules into one')
    return tiers


Tiers = Annotated[tuple[Tier, ...], AfterValidator(_named_apart)]
