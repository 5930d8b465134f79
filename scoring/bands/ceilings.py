"""Red: a ceiling is crossed, exceptions counted in. Yellow: its soft share is.

A ceiling of one's own speaks of oneself. A shared one (of a team, a use case or a tier) speaks of those alone whose own
part is at least an equal share among those who used it: whoever used little has nothing to change, and could not.
Everybody else learns nothing of it; the ceiling's owner and AI ops see the ceiling itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from scoring.amounts import counted, plain, said
from scoring.bands.band import Band, Reason, Rule
from scoring.budgets import (
    Ceiling,
    CeilingState,
    beyond_soft,
    ceilings,
    outlook,
    period_said,
    unpriced_note,
)
from scoring.exceptions import BudgetException
from scoring.members import Roster
from scoring.program import BudgetPeriod, Scope
from scoring.spending import Spending


def ceiling_reasons(
    spending: Sequence[Spending],
    roster: Roster,
    today: date,
    held: Mapping[tuple[str, str], Sequence[BudgetException]],
) -> Iterator[tuple[int, Reason]]:
    """Positions of members, each with a reason."""
    for one in spending:
        positions = beyond_soft(one)
        for position, ceiling in zip(positions, ceilings(one, roster, today, held, positions), strict=True):
            if ceiling.state is CeilingState.WITHIN:
                continue
            for member in _concerned(one, int(position), ceiling):
                yield member, _reason(ceiling, int(one.own[member]))


def _concerned(spending: Spending, position: int, ceiling: Ceiling) -> Sequence[int]:
    """The positions of those whom it concerns."""
    if spending.meter.subjects is None:
        return (position,)
    has_part = (spending.meter.subject_of == position) & (spending.own > 0)
    parts_of_members = int(spending.own[has_part].sum())
    found: list[int] = np.flatnonzero(has_part & (spending.own * ceiling.users >= parts_of_members)).tolist()
    return found


def _reason(ceiling: Ceiling, own: int) -> Reason:
    is_crossed = ceiling.state is CeilingState.CROSSED
    limit = ceiling.limit if is_crossed else ceiling.soft_limit
    notes = (
        _part(ceiling, own),
        "" if is_crossed else outlook(ceiling),
        unpriced_note(ceiling.unpriced_tokens),
    )
    return Reason(
        rule=Rule.CEILING if is_crossed else Rule.SOFT_LIMIT,
        band=Band.RED if is_crossed else Band.YELLOW,
        text=" ".join((_fact(ceiling), *(note for note in notes if note))),
        clears=_clears(ceiling),
        value=plain(ceiling.spent, is_in_dollars=ceiling.is_in_dollars),
        limit=plain(limit, is_in_dollars=ceiling.is_in_dollars),
        unit="USD" if ceiling.is_in_dollars else "tokens",
        events=ceiling.calls,
        about=f"{ceiling.budget}/{'' if ceiling.scope is Scope.PERSON else ceiling.subject}",
    )


def _fact(ceiling: Ceiling) -> str:
    spent, limit = (said(amount, is_in_dollars=ceiling.is_in_dollars) for amount in (ceiling.spent, ceiling.limit))
    whose = {
        Scope.PERSON: "You have",
        Scope.TEAM: f"Your team {ceiling.subject} has",
        Scope.USE_CASE: f'The use case "{ceiling.subject}" has',
        Scope.TIER: f'The tier "{ceiling.subject}" has',
    }[ceiling.scope]
    lane = "" if ceiling.lane is None else f" for {ceiling.lane}"
    with_exception = ", exceptions included" if ceiling.exceptions else ""
    over = "which is over" if ceiling.state is CeilingState.CROSSED else f"{_percent(ceiling)} of"
    return (
        f'{whose} used {spent}{lane} {period_said(ceiling)}, {over} the ceiling of {limit} ("{ceiling.budget}"'
        f"{with_exception}; {counted(ceiling.calls, 'call')})."
    )


def _part(ceiling: Ceiling, own: int) -> str:
    if ceiling.scope is Scope.PERSON:
        return ""
    people = "1 person" if ceiling.users == 1 else f"{ceiling.users:,} people"
    return f"Your own part is {said(own, is_in_dollars=ceiling.is_in_dollars)}; {people} had one."


def _percent(ceiling: Ceiling) -> str:
    return f"{int(ceiling.share * 100)} %"


def _clears(ceiling: Ceiling) -> str:
    begins = {BudgetPeriod.DAY: "day", BudgetPeriod.WEEK: "week", BudgetPeriod.MONTH: "month"}[ceiling.period]
    whom = f" ({ceiling.owner} decides)" if ceiling.owner else ""
    return (
        f"It clears when the next {begins} begins, after {ceiling.last_day:%-d %B}, or with an exception{whom}. "
        "A smaller model for routine steps and cached context make the rest go further."
    )
