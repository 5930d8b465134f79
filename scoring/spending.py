"""Who used how much: everything that bands and ceilings look at, added up in one pass over usage by day.

Proved usage alone is counted. What rests on asserted identities is added up beside it, to be shown as not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
import numpy as np

from scoring.calendar import period_around
from scoring.events import Lane
from scoring.members import Roster, last_of_each_kind
from scoring.program import Budget, Program, Scope
from scoring.usage import LANES, DayUsage, Integers

WEEKS = 9
"""The last seven days, and the eight weeks before them."""
DAYS = WEEKS * 7
"""How far back is looked: nine weeks, which hold any month so far."""
RECENT_DAYS = 28
_NOWHERE = -1  # the subject of what counts nowhere


class Meter(msgspec.Struct, frozen=True, eq=False):
    """A budget in the period around a day, and whose use it counts.

    ``subject_of`` holds for each member the position of their subject, -1 for none. ``subjects`` are the names of teams,
    tiers or use cases; None = each member is a subject, at their own position.
    """

    budget: Budget
    first_day: date
    last_day: date
    subject_of: Integers
    subjects: tuple[str, ...] | None = None

    @property
    def subject_count(self) -> int:
        return len(self.subject_of) if self.subjects is None else len(self.subjects)


class Spending(msgspec.Struct, frozen=True, eq=False):
    """What a meter shows, by subject, in nano-dollars or tokens.

    ``before_today`` and ``today`` add up to what was spent; ``busiest_day`` is the most of any finished day.
    ``not_counted`` rests on asserted identities; ``unpriced_tokens`` (of proved usage) have no price and so no part in
    dollars. ``own`` is each member's part in it, ``own_calls`` the calls behind that.
    """

    meter: Meter
    before_today: Integers
    today: Integers
    busiest_day: Integers
    not_counted: Integers
    unpriced_tokens: Integers
    calls: Integers
    own: Integers
    own_calls: Integers

    @property
    def spent(self) -> Integers:
        return self.before_today + self.today


class Habits(msgspec.Struct, frozen=True, eq=False):
    """Each member's proved use, by position in the roster.

    ``weeks`` are the costs of nine weeks, the last seven days first, ``week_calls`` the calls of the latter. The others
    are of the last 28 days: days with a call, production's cost, calls and unpriced tokens, and what was not counted.
    """

    weeks: Integers  # members × WEEKS
    week_calls: Integers
    active_days: Integers
    production_nanousd: Integers
    production_calls: Integers
    production_unpriced_tokens: Integers
    unpriced_tokens: Integers
    not_counted_nanousd: Integers
    not_counted_tokens: Integers


def meters_of(program: Program, roster: Roster, today: date) -> tuple[Meter, ...]:
    """A meter for every ceiling that holds for somebody, but for those of use cases (``use_case_meters``)."""
    personal: dict[str, tuple[Budget, list[int]]] = {}
    for position, member in enumerate(roster.members):
        for budget in member.budgets:
            personal.setdefault(budget.name, (budget, []))[1].append(position)
    meters = [
        _meter(budget, today, _marked(len(roster), np.array(positions))) for budget, positions in personal.values()
    ]
    for scope, names in (
        (Scope.TEAM, [member.person.team for member in roster.members]),
        (Scope.TIER, [member.tier for member in roster.members]),
    ):
        for budget, subjects in _subjects_by_budget(program, scope, sorted(set(names) - {""})):
            place = {name: position for position, name in enumerate(subjects)}
            meters.append(_meter(budget, today, np.array([place.get(name, -1) for name in names]), subjects))
    return tuple(meters)


def use_case_meters(program: Program, roster: Roster, today: date, use_cases: Iterable[str]) -> dict[str, list[Meter]]:
    """The meters of each of ``use_cases`` that has a ceiling. Everybody's use counts there, nobody's too."""
    meters: dict[str, list[Meter]] = {}
    for budget, subjects in _subjects_by_budget(program, Scope.USE_CASE, sorted(set(use_cases) - {""})):
        for subject in subjects:
            everyone = np.zeros(len(roster), dtype=np.int64)
            meters.setdefault(subject, []).append(_meter(budget, today, everyone, (subject,)))
    return meters


def add_up(chunks: Iterable[DayUsage], roster: Roster, meters: Sequence[Meter], today: date) -> list[Spending]:
    """What each meter shows once all ``chunks`` are through; a day lies in one chunk as a whole."""
    spending, _ = add_up_all(chunks, roster, meters, today)
    return spending


def add_up_all(
    chunks: Iterable[DayUsage], roster: Roster, meters: Sequence[Meter], today: date
) -> tuple[list[Spending], Habits]:
    """``add_up``, and everybody's habits, from one pass; chunks may be forgotten once they are through."""
    spending = [_empty(meter, len(roster)) for meter in meters]
    habits = _no_habits(len(roster))
    for chunk in chunks:
        for day in np.unique(chunk.days):
            usage = chunk.where(chunk.days == day)
            members = roster.positions_of(usage.person_ids)
            _add_habits(habits, usage, members, (today - date.fromordinal(int(day))).days)
            for one in spending:
                _add_day(one, usage, members, date.fromordinal(int(day)), today)
    return spending, habits


def _add_day(spending: Spending, usage: DayUsage, members: Integers, day: date, today: date) -> None:
    meter, budget = spending.meter, spending.meter.budget
    if not meter.first_day <= day <= meter.last_day:
        return
    is_member = members >= 0
    nobodys = 0 if budget.scope is Scope.USE_CASE else _NOWHERE
    subjects = np.full(len(members), nobodys)
    subjects[is_member] = meter.subject_of[members[is_member]]
    counts = subjects >= 0
    if budget.lane is not None:
        counts &= usage.lanes == LANES.index(budget.lane)
    amounts = usage.cost_nanousd if budget.is_in_dollars else usage.tokens
    proved = counts & ~usage.is_asserted
    asserted = counts & usage.is_asserted
    total = np.zeros(meter.subject_count, dtype=np.int64)
    np.add.at(total, subjects[proved], amounts[proved])
    np.add.at(spending.not_counted, subjects[asserted], amounts[asserted])
    np.add.at(spending.unpriced_tokens, subjects[proved], usage.unpriced_tokens[proved])
    np.add.at(spending.calls, subjects[proved], usage.calls[proved])
    own = proved & is_member
    np.add.at(spending.own, members[own], amounts[own])
    np.add.at(spending.own_calls, members[own], usage.calls[own])
    if day >= today:
        spending.today[:] += total
        return
    spending.before_today[:] += total
    np.maximum(spending.busiest_day, total, out=spending.busiest_day)


def _add_habits(habits: Habits, usage: DayUsage, members: Integers, days_ago: int) -> None:
    if not 0 <= days_ago < DAYS:
        return
    known = members >= 0
    proved = known & ~usage.is_asserted
    np.add.at(habits.weeks[:, days_ago // 7], members[proved], usage.cost_nanousd[proved])
    if days_ago < 7:
        np.add.at(habits.week_calls, members[proved], usage.calls[proved])
    if days_ago >= RECENT_DAYS:
        return
    is_active = np.zeros(len(habits.active_days), dtype=bool)
    # Metrics know no calls, and a day of nothing but failures is none of use.
    is_active[members[proved & ((usage.calls > usage.errors) | (usage.output_tokens > 0))]] = True
    habits.active_days[is_active] += 1
    production = proved & (usage.lanes == LANES.index(Lane.PRODUCTION))
    asserted = known & usage.is_asserted
    for column, rows, amounts in (
        (habits.production_nanousd, production, usage.cost_nanousd),
        (habits.production_calls, production, usage.calls),
        (habits.production_unpriced_tokens, production, usage.unpriced_tokens),
        (habits.unpriced_tokens, proved, usage.unpriced_tokens),
        (habits.not_counted_nanousd, asserted, usage.cost_nanousd),
        (habits.not_counted_tokens, asserted, usage.tokens),
    ):
        np.add.at(column, members[rows], amounts[rows])


def _subjects_by_budget(program: Program, scope: Scope, names: Sequence[str]) -> list[tuple[Budget, tuple[str, ...]]]:
    """The budgets of ``scope``, each with those of ``names`` for which it holds; the last one of a kind does."""
    mine = [budget for budget in program.budgets if budget.scope is scope]
    held = {name: last_of_each_kind(budget for budget in mine if budget.fits(name)) for name in names}
    found = [(budget, tuple(name for name in names if budget in held[name])) for budget in mine]
    return [(budget, subjects) for budget, subjects in found if subjects]


def _meter(budget: Budget, today: date, subject_of: Integers, subjects: tuple[str, ...] | None = None) -> Meter:
    return Meter(budget, *period_around(today, budget.period), subject_of, subjects)


def _marked(count: int, positions: Integers) -> Integers:
    marked = np.full(count, -1)
    marked[positions] = positions
    return marked


def _empty(meter: Meter, members: int) -> Spending:
    columns = {name: np.zeros(meter.subject_count, dtype=np.int64) for name in Spending.__struct_fields__[1:]}
    by_member = {name: np.zeros(members, dtype=np.int64) for name in ("own", "own_calls")}
    return Spending(meter, **{**columns, **by_member})


def _no_habits(members: int) -> Habits:
    others = (np.zeros(members, dtype=np.int64) for _ in Habits.__struct_fields__[1:])
    return Habits(np.zeros((members, WEEKS), dtype=np.int64), *others)
