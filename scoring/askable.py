"""Which ceilings somebody can ask an exception to: those that hold for what they do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

import msgspec

from scoring.members import last_of_each_kind, personal_budgets
from scoring.program import Budget, Program, Scope

_NANOUSD = 1_000_000_000
_TIMES = {"k": 1_000, "m": 10**6, "million": 10**6}
_MOST_DOLLARS = 1_000_000_000
_MOST_TOKENS = 10**15


class Askable(msgspec.Struct, frozen=True):
    """A budget and whose it is, as exceptions name it: a person's id as text, or a team, use case or tier."""

    budget: Budget
    subject: str


class AmountError(ValueError):
    """What was written is no amount; the message says what is."""


def askable(
    program: Program, *, person_id: int, email: str, team: str, tier: str, met: Collection[str] = ()
) -> tuple[Askable, ...]:
    """The ceilings of a person, those that they have ``met`` (as reasons of their band name them) first.

    Ceilings of use cases are among them only where they were met: which ones somebody works on, nobody has to declare.
    """
    found = [Askable(budget, str(person_id)) for budget in personal_budgets(program, email=email, tier=tier)]
    found += [Askable(budget, team) for budget in _shared(program, Scope.TEAM, team)]
    found += [Askable(budget, tier) for budget in _shared(program, Scope.TIER, tier)]
    for budget in program.budgets:
        if budget.scope is Scope.USE_CASE:
            subjects = (about.removeprefix(f"{budget.name}/") for about in met if about.startswith(f"{budget.name}/"))
            found += [Askable(budget, subject) for subject in sorted(subjects) if budget.fits(subject)]
    return tuple(sorted(found, key=lambda one: about(one) not in met))


def about(one: Askable) -> str:
    """How reasons of bands name the ceiling."""
    return f"{one.budget.name}/{'' if one.budget.scope is Scope.PERSON else one.subject}"


def budget_named(program: Program, name: str) -> Budget | None:
    """The budget, or the ceiling of a tier, of that name; None = the program has none any more."""
    of_tiers = (tier.budget for tier in program.tiers)
    every = (*program.budgets, *(budget for budget in of_tiers if budget is not None))
    return next((budget for budget in every if budget.name == name), None)


def amount_of(text: str, *, is_in_dollars: bool) -> int:
    """Nano-dollars or tokens, as people write them: ``50``, ``$49.50``, ``2,000,000``, ``2 million``. Raises ``AmountError``."""
    wanted = 'an amount in dollars, like "50"' if is_in_dollars else 'a number of tokens, like "2,000,000"'
    match = re.fullmatch(r"\$?\s*([\d,_ ]*\d(?:\.\d+)?)\s*(k|m|million|dollars?|usd|tokens?)?", text.strip().lower())
    if match is None:
        raise AmountError(f"Please write {wanted}.")
    amount = Decimal(re.sub("[,_ ]", "", match[1])) * _TIMES.get(match[2], 1)
    most = _MOST_DOLLARS if is_in_dollars else _MOST_TOKENS
    whole = int(amount * _NANOUSD) if is_in_dollars else int(amount)
    if whole <= 0 or amount > most:
        raise AmountError(f"Please write {wanted}, above 0 and at most {most:,}.")
    return whole


def _shared(program: Program, scope: Scope, subject: str) -> Iterator[Budget]:
    if subject:
        fitting = (one for one in program.budgets if one.scope is scope and one.fits(subject))
        yield from last_of_each_kind(fitting)
