"""Everybody whose use counts towards a ceiling, with what bands need to know of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from scoring.evidence import Person
from scoring.program import Budget, BudgetPeriod, Program, Scope
from scoring.usage import Integers


class Member(msgspec.Struct, frozen=True):
    """A person, their safety tier, and the ceilings that hold for them alone."""

    person: Person
    tier: str = ""
    budgets: tuple[Budget, ...] = ()


class Roster(msgspec.Struct, frozen=True, eq=False):
    """Members by person id; ``ids`` are theirs, and their positions in it stand for them in columns."""

    members: tuple[Member, ...]
    ids: Integers

    def __len__(self) -> int:
        return len(self.members)

    def positions_of(self, person_ids: Integers) -> Integers:
        """Where each of ``person_ids`` stands; -1 for those who are not here."""
        if not len(self.ids):
            return np.full(len(person_ids), -1)
        found = np.minimum(np.searchsorted(self.ids, person_ids), len(self.ids) - 1)
        return np.where(self.ids[found] == person_ids, found, -1)


def roster_of(members: Iterable[Member]) -> Roster:
    ordered = tuple(sorted(members, key=lambda member: member.person.id))
    return Roster(ordered, np.fromiter((member.person.id for member in ordered), dtype=np.int64))


def personal_budgets(program: Program, *, email: str, tier: str) -> tuple[Budget, ...]:
    """The ceilings of one person: their tier's, then the budgets for people that fit; the last one of a kind holds."""
    of_tier = (one.budget for one in program.tiers if one.name == tier)
    of_person = (one for one in program.budgets if one.scope is Scope.PERSON and one.fits(email))
    return last_of_each_kind(budget for budget in (*of_tier, *of_person) if budget is not None)


def last_of_each_kind(budgets: Iterable[Budget]) -> tuple[Budget, ...]:
    """Of several for the same period, lane and unit, the last one."""
    held: dict[tuple[BudgetPeriod, object, bool], Budget] = {}
    for budget in budgets:
        held[budget.period, budget.lane, budget.is_in_dollars] = budget
    return tuple(held.values())
