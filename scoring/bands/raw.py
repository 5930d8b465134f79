"""Everybody's raw band at a moment: all rules together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.bands.band import RawBand, Reason, banded
from scoring.bands.ceilings import ceiling_reasons
from scoring.bands.open_flags import flag_reasons
from scoring.bands.spikes import spike_reasons
from scoring.bands.value import value_reasons
from scoring.bands.violations import violation_reasons
from scoring.bands.work import Work
from scoring.budgets import exceptions_in_force
from scoring.exceptions import BudgetException
from scoring.flag import Flag
from scoring.members import Roster
from scoring.program import Program
from scoring.spending import Habits, Spending


class BandEvidence(msgspec.Struct, frozen=True, eq=False):
    """All that bands look at, as it was before ``at_us``; ``today`` is the local day that it ends on."""

    at_us: int
    today: date
    roster: Roster
    spending: tuple[Spending, ...]
    habits: Habits
    work: Mapping[int, Work]
    flags: tuple[Flag, ...] = ()
    exceptions: tuple[BudgetException, ...] = ()


def raw_bands(evidence: BandEvidence, program: Program) -> tuple[RawBand, ...]:
    """The bands of all who take part, by person id."""
    reasons: dict[int, list[Reason]] = {}
    for position, reason in _reasons(evidence, program):
        reasons.setdefault(position, []).append(reason)
    is_enough_seen = evidence.habits.active_days >= program.bands.min_active_days
    return tuple(
        banded(member.person.id, tuple(reasons.get(position, ())), is_enough_seen=bool(is_enough_seen[position]))
        for position, member in enumerate(evidence.roster.members)
        if member.person.is_in_cohort
    )


def has_own_exception(evidence: BandEvidence) -> NDArray[np.bool_]:
    """Whose use an exception of their own foresees, by position."""
    subjects = {one.subject for one in evidence.exceptions if one.holds(evidence.at_us)}
    names = (str(member.person.id) for member in evidence.roster.members)
    return np.fromiter((name in subjects for name in names), dtype=bool)


def _reasons(evidence: BandEvidence, program: Program) -> Iterator[tuple[int, Reason]]:
    """Positions of members, each with a reason."""
    roster = evidence.roster
    held = exceptions_in_force(evidence.exceptions, evidence.at_us)
    yield from ceiling_reasons(evidence.spending, roster, evidence.today, held)
    yield from spike_reasons(evidence.habits, program.bands, has_own_exception(evidence))
    yield from value_reasons(evidence.habits, roster, evidence.work, program)
    place = {member.person.id: position for position, member in enumerate(roster.members)}
    for person_id, reason in flag_reasons(evidence.flags):
        if person_id in place:
            yield place[person_id], reason
    for person_id, work in evidence.work.items():
        for reason in violation_reasons(work):
            if person_id in place:
                yield place[person_id], reason
