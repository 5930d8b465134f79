"""Ceilings as they stand: what was used of each, whether it is crossed, and when it will be at this pace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum

import msgspec
import numpy as np

from scoring.amounts import in_tokens
from scoring.events import Lane
from scoring.exceptions import BudgetException, raised
from scoring.members import Roster
from scoring.program import BudgetPeriod, Scope
from scoring.projection import Projection, project
from scoring.spending import Spending
from scoring.usage import Integers


class CeilingState(IntEnum):
    """Within, past the soft share, or past the ceiling itself."""

    WITHIN = 0
    SOFT = 1
    CROSSED = 2


class Ceiling(msgspec.Struct, frozen=True):
    """One budget of one subject in the current period. Amounts are in nano-dollars if ``is_in_dollars``, else tokens.

    ``limit`` includes the exceptions in force (their ids in ``exceptions``), ``usual_limit`` does not. ``spent`` is
    proved usage alone; ``not_counted`` rests on asserted identities, ``unpriced_tokens`` have no price and are not in
    a sum of dollars. ``users`` are those with a part in it.
    """

    budget: str
    scope: Scope
    subject: str
    period: BudgetPeriod
    first_day: date
    last_day: date
    lane: Lane | None
    is_in_dollars: bool
    limit: int
    usual_limit: int
    soft_limit: int
    spent: int
    not_counted: int
    unpriced_tokens: int
    calls: int
    users: int
    owner: str
    exceptions: tuple[int, ...]
    projection: Projection | None

    @property
    def state(self) -> CeilingState:
        if self.spent > self.limit:
            return CeilingState.CROSSED
        return CeilingState.SOFT if self.spent > self.soft_limit else CeilingState.WITHIN

    @property
    def share(self) -> float:
        """Of the ceiling that is used; above 1 where it is crossed."""
        return self.spent / self.limit


def exceptions_in_force(
    exceptions: Iterable[BudgetException], at_us: int
) -> dict[tuple[str, str], list[BudgetException]]:
    """Those that hold at ``at_us``, by budget and subject."""
    held: dict[tuple[str, str], list[BudgetException]] = {}
    for one in exceptions:
        if one.holds(at_us):
            held.setdefault((one.budget, one.subject), []).append(one)
    return held


def ceilings(
    spending: Spending,
    roster: Roster,
    today: date,
    held: Mapping[tuple[str, str], Sequence[BudgetException]],
    positions: Integers | None = None,
) -> Iterator[Ceiling]:
    """The ceilings that a meter watches; ``positions`` picks subjects."""
    meter, budget = spending.meter, spending.meter.budget
    users = _users(spending)
    for position in watched(spending) if positions is None else positions:
        subject = subject_name(spending, roster, int(position))
        exceptions = held.get((budget.name, subject), ())
        limit = raised(budget.limit, exceptions)
        yield Ceiling(
            budget=budget.name,
            scope=budget.scope,
            subject=subject,
            period=budget.period,
            first_day=meter.first_day,
            last_day=meter.last_day,
            lane=budget.lane,
            is_in_dollars=budget.is_in_dollars,
            limit=limit,
            usual_limit=budget.limit,
            soft_limit=int(limit * budget.soft),
            spent=int(spending.spent[position]),
            not_counted=int(spending.not_counted[position]),
            unpriced_tokens=int(spending.unpriced_tokens[position]) if budget.is_in_dollars else 0,
            calls=int(spending.calls[position]),
            users=int(users[position]),
            owner=budget.owner,
            exceptions=tuple(one.id for one in exceptions),
            projection=project(
                limit=limit,
                before_today=int(spending.before_today[position]),
                busiest_day=int(spending.busiest_day[position]),
                today_so_far=int(spending.today[position]),
                first=meter.first_day,
                today=today,
                last=meter.last_day,
            ),
        )


def watched(spending: Spending) -> Integers:
    """The positions of the subjects that the meter's budget holds for."""
    meter = spending.meter
    if meter.subjects is None:
        return np.flatnonzero(meter.subject_of >= 0)
    return np.arange(len(meter.subjects))


def beyond_soft(spending: Spending) -> Integers:
    """The positions of the subjects past the soft share of their usual limit: all that can have something to say."""
    budget = spending.meter.budget
    found = watched(spending)
    return found[spending.spent[found] > int(budget.limit * budget.soft)]


def subject_name(spending: Spending, roster: Roster, position: int) -> str:
    """The subject as exceptions name it: a person's id as text, or the name."""
    subjects = spending.meter.subjects
    return str(roster.members[position].person.id) if subjects is None else subjects[position]


def period_said(ceiling: Ceiling) -> str:
    """``on 5 June``, ``in the week from 1 June``, ``in June``."""
    day = ceiling.first_day
    if ceiling.period is BudgetPeriod.DAY:
        return f"on {day:%-d %B}"
    return f"in the week from {day:%-d %B}" if ceiling.period is BudgetPeriod.WEEK else f"in {day:%B}"


def outlook(ceiling: Ceiling) -> str:
    """What is to come at this pace, as a sentence; "" where nothing can be told, the ceiling holds or is crossed already."""
    projection = ceiling.projection
    if projection is None or projection.reached_on is None:
        return ""
    return f"At this pace the ceiling is reached on {projection.reached_on:%-d %B}."


def unpriced_note(tokens: int) -> str:
    """That a sum of dollars leaves out tokens without a price; "" where it leaves out none."""
    if not tokens:
        return ""
    verb = "has" if tokens == 1 else "have"
    return f"{in_tokens(tokens)} more {verb} no known price and {'is' if tokens == 1 else 'are'} not in this sum."


def _users(spending: Spending) -> Integers:
    """How many members have a part in each subject."""
    meter = spending.meter
    has_part = (spending.own > 0) & (meter.subject_of >= 0)
    return np.bincount(meter.subject_of[has_part], minlength=meter.subject_count)
