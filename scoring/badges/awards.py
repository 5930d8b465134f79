"""Who earns which badge at which level in a period, who will once something is settled, and how far others have come."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scoring.badges.facts import BadgeFacts
from scoring.badges.measures import Figure, take
from scoring.flag import FlagState
from scoring.program.badges import LEVELS, Badge, Level


class Progress(msgspec.Struct, frozen=True):
    """How far a person has come with a badge in a period.

    ``level`` is the one that the figures reach (None = none yet); ``next_level`` the one after it and ``next_step`` from
    where on it is reached. ``withheld`` says why it is not awarded although reached; "" = it is.
    ``text`` says the figure in a sentence. The same for every program that says the same.
    """

    person_id: int
    badge: str
    period: str
    value: float
    samples: int
    level: Level | None
    next_level: Level | None
    next_step: float | None
    withheld: str
    text: str
    program_version: str

    @property
    def is_earned(self) -> bool:
        return self.level is not None and not self.withheld


_QUARANTINED = "An open flag is being looked at; once it is settled you get what was due."
_CONFIRMED = "A flag on this period was confirmed, so it earns no badge."
_ON_HOLD = "A serious policy violation is open; once it is settled you get what was due."


def progress(badge: Badge, facts: BadgeFacts) -> tuple[Progress, ...]:
    """Everybody's progress with ``badge`` who takes part and of whom there is a figure, by person."""
    flagged = {one.person_id for one in facts.flags if one.state is FlagState.OPEN}
    confirmed = set(_confirmed_in(facts))
    players = {one.id for one in facts.evidence.people if one.is_in_cohort and not one.is_opted_out}

    def withheld(person_id: int, figure: Figure) -> str:
        if figure.samples < badge.min_samples:
            return f"It takes {badge.min_samples} to judge by, and there are {figure.samples} so far."
        if person_id in confirmed:
            return _CONFIRMED
        if person_id in flagged:
            return _QUARANTINED
        return _ON_HOLD if person_id in facts.on_hold else ""

    return tuple(
        _progress(badge, facts, person_id, figure, withheld(person_id, figure))
        for person_id, figure in sorted(take(badge, facts).items())
        if person_id in players
    )


def _confirmed_in(facts: BadgeFacts) -> Iterator[int]:
    window = facts.evidence.window
    for flag in facts.flags:
        if flag.state is FlagState.CONFIRMED and flag.from_us < window.end_us and flag.to_us >= window.start_us:
            yield flag.person_id


def _progress(badge: Badge, facts: BadgeFacts, person_id: int, figure: Figure, withheld: str) -> Progress:
    level = badge.levels.reached(figure.value)
    above = LEVELS if level is None else LEVELS[LEVELS.index(level) + 1 :]
    upcoming = next((one for one in above if badge.levels.step(one) is not None), None)
    return Progress(
        person_id=person_id,
        badge=badge.name,
        period=facts.stretch.name,
        value=round(figure.value, 4),
        samples=figure.samples,
        level=level,
        next_level=upcoming,
        next_step=None if upcoming is None else badge.levels.step(upcoming),
        withheld=withheld,
        text=figure.text,
        program_version=facts.program_version,
    )
