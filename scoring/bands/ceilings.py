"""Red: a ceiling is crossed, exceptions counted in. Yellow: its soft share is.

A ceiling of one's own speaks of oneself. A shared one (of a team, a use case or a tier) speaks of those alone whose own
part is above an equal share of it among all who used it: whoever used little has nothing to change. It says that part
and no total, which in a small team would tell what a colleague spent. Everybody else learns nothing of it; the
ceiling's owner and AI ops see the ceiling itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from scoring.amounts import plain, said
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
from scoring.program import Scope
from scoring.spending import Spending
from scoring.wording import counted


def ceiling_reasons(
    spending: Sequence[Spending],
    roster: Roster,
    today: date,
    held: Mapping[tuple[str, str], Sequence[BudgetException]],
) -> Iterator[tuple[int, Reason]]:
    """Positions of members, each with a reason."""
    for one in spending:
        positions = beyond_soft(one)
        for position, ceiling in zip(positions.tolist(), ceilings(one, roster, today, held, positions), strict=True):
            if ceiling.state is CeilingState.WITHIN:
                continue
            if ceiling.scope is Scope.PERSON:
                yield position, _own(ceiling)
                continue
            is_above = (one.meter.subject_of == position) & (one.own * ceiling.users > _limit(ceiling))
            for member in np.flatnonzero(is_above).tolist():
                yield member, _part(ceiling, int(one.own[member]), int(one.own_calls[member]))


def excepted(exceptions: Iterable[BudgetException]) -> Callable[[int, Reason], bool]:
    """Tells whether a person's reason is a ceiling that one of ``exceptions`` lifts."""
    lifted = {(one.budget, one.subject) for one in exceptions}
    shared = {f"{budget}/{subject}" for budget, subject in lifted}

    def is_excepted(person_id: int, reason: Reason) -> bool:
        if reason.rule not in (Rule.CEILING, Rule.SOFT_LIMIT):
            return False
        own = reason.about.removesuffix("/")
        return reason.about in shared or (own != reason.about and (own, str(person_id)) in lifted)

    return is_excepted


def equal_share(ceiling: Ceiling, amount: int) -> int:
    """What each of those who used a shared ceiling has of ``amount`` if all have the same."""
    return amount // max(1, ceiling.users)


def _own(ceiling: Ceiling) -> Reason:
    spent, limit = (said(amount, is_in_dollars=ceiling.is_in_dollars) for amount in (ceiling.spent, ceiling.limit))
    over = "which is over" if _is_crossed(ceiling) else f"{int(ceiling.share * 100)} % of"
    fact = (
        f"You have used {spent}{_lane(ceiling)} {period_said(ceiling)}, {over} the ceiling of {limit} "
        f'("{ceiling.budget}"{", exceptions included" if ceiling.exceptions else ""}; {counted(ceiling.calls, "call")}).'
    )
    notes = (outlook(ceiling), unpriced_note(ceiling.unpriced_tokens))
    return _reason(ceiling, " ".join((fact, *filter(None, notes))), ceiling.spent, _limit(ceiling), ceiling.calls)


def _part(ceiling: Ceiling, own: int, calls: int) -> Reason:
    fair = equal_share(ceiling, _limit(ceiling))
    part, share, limit = (said(one, is_in_dollars=ceiling.is_in_dollars) for one in (own, fair, ceiling.limit))
    whose = {Scope.TEAM: "Your team", Scope.USE_CASE: "The use case", Scope.TIER: "The tier"}[ceiling.scope]
    crossed = "crossed its ceiling" if _is_crossed(ceiling) else "nearly used up its ceiling"
    users = "1 person" if ceiling.users == 1 else f"{ceiling.users:,} people"
    fact = (
        f"{whose} {ceiling.subject} has {crossed} of {limit}{_lane(ceiling)} {period_said(ceiling)} "
        f'("{ceiling.budget}"). Your own part is {part}; an equal share among the {users} who used it is {share}.'
    )
    return _reason(ceiling, f"{fact} {outlook(ceiling)}".strip(), own, fair, calls)


def _reason(ceiling: Ceiling, text: str, value: int, limit: int, events: int) -> Reason:
    whom = f" ({ceiling.owner} decides)" if ceiling.owner else ""
    return Reason(
        rule=Rule.CEILING if _is_crossed(ceiling) else Rule.SOFT_LIMIT,
        band=Band.RED if _is_crossed(ceiling) else Band.YELLOW,
        text=text,
        clears=(
            f"It clears when the next {ceiling.period.value} begins, after {ceiling.last_day:%-d %B}, "
            f"or with an exception{whom}."
        ),
        advice=(
            "Give routine steps to a smaller model and reuse cached context, so that the rest goes further; "
            "ask for an exception where the work needs more."
        ),
        value=plain(value, is_in_dollars=ceiling.is_in_dollars),
        limit=plain(limit, is_in_dollars=ceiling.is_in_dollars),
        unit="USD" if ceiling.is_in_dollars else "tokens",
        events=events,
        about=f"{ceiling.budget}/{'' if ceiling.scope is Scope.PERSON else ceiling.subject}",
    )


def _is_crossed(ceiling: Ceiling) -> bool:
    return ceiling.state is CeilingState.CROSSED


def _limit(ceiling: Ceiling) -> int:
    """What was crossed: the ceiling, or its soft share."""
    return ceiling.limit if _is_crossed(ceiling) else ceiling.soft_limit


def _lane(ceiling: Ceiling) -> str:
    return "" if ceiling.lane is None else f" for {ceiling.lane}"
