"""What somebody got done in the window, and before it: oneself is the closest yardstick there is."""

from __future__ import annotations

import msgspec

from scoring.events import Lane, Outcome
from scoring.evidence import Happening
from scoring.flags.facts import FlagFacts

_LEAST_DAYS, _LEAST_OUTCOMES = 10, 8  # to know oneself by
_LEAST_USD = 1e-4


class Past(msgspec.Struct, frozen=True):
    """A person's outcomes before the window: how many, how many a day with usage, and what one took."""

    outcomes: int
    a_day: float
    usd_each: float


def past_of(facts: FlagFacts, person_id: int) -> Past | None:
    """None where too little is known of it."""
    mine = facts.production.of(person_id)
    mine = mine.where(mine.days < facts.first_day.toordinal())
    spent, outcomes = float(facts.spent(mine).sum()), claims(facts, person_id, before=True)
    if len(mine) < _LEAST_DAYS or len(outcomes) < _LEAST_OUTCOMES or spent <= 0:
        return None
    return Past(len(outcomes), len(outcomes) / len(mine), max(_LEAST_USD, spent / len(outcomes)))


def claims(facts: FlagFacts, person_id: int, *, before: bool = False) -> list[Happening]:
    """A person's production outcomes in the window (or ``before`` it) that are not refused or taken back, the last of each
    task."""
    latest: dict[object, Happening] = {}
    start_us = facts.evidence.window.start_us
    for one in facts.happenings.get(person_id, ()):
        fact = one.fact
        if not isinstance(fact, Outcome) or fact.lane is not Lane.PRODUCTION or (one.time_us < start_us) is not before:
            continue
        if one.reverses_key is None and fact.is_accepted is not False and one.key not in facts.taken_back:
            latest[fact.task or one.key] = one
    return list(latest.values())
