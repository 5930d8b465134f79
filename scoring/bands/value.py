"""Yellow: accepted work costs many times what it costs peers who do the same kind of work.

The figure is the cost of all production use (failures and refused work included) for each accepted, quality-weighted task
of the last 28 days, held against the others' median on a logarithmic scale. The limit is ``low_value_factor`` times that
median, or 2.5 robust standard deviations above it where peers differ more; and with few tasks it is further off, as
a figure from n tasks weighs n / (n + k) (``scoring.comparison.shrinkage``). Only the priced, proved part of a cost is
counted, so what is unknown never makes a warning. Where about half of the peers have nothing accepted, there is no cost
to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, log

import msgspec
import numpy as np

from scoring.amounts import in_dollars, plain
from scoring.bands.band import Band, Reason, Rule
from scoring.bands.work import Work
from scoring.budgets import unpriced_note
from scoring.comparison import yardsticks
from scoring.members import Roster
from scoring.peers import Group, peer_groups
from scoring.program import Program
from scoring.spending import Habits
from scoring.wording import counted

_MOST_SPREADS = 2.5
_LEAST_QUALITY = 0.01  # keeps the cost of accepted work finite, however poor
_NOTHING_ACCEPTED_NANOUSD = 10**18
_BEYOND_COMPARE = log(_NOTHING_ACCEPTED_NANOUSD)


class Value(msgspec.Struct, frozen=True):
    """What an accepted task costs a person and the one in the middle of their ``peers``, in nano-dollars."""

    position: int
    per_task: int
    typical: int
    limit: int
    work: Work
    peers: str

    @property
    def is_low(self) -> bool:
        return self.per_task > self.limit


def values(habits: Habits, roster: Roster, work: Mapping[int, Work], program: Program) -> Iterator[Value]:
    """The figures of all with enough evidence and peers to be compared with."""
    rules = program.boards.outcome
    comparable = [
        member.person
        for position, member in enumerate(roster.members)
        if member.person.is_in_cohort
        and habits.production_nanousd[position] > 0
        and (mine := work.get(member.person.id)) is not None
        and mine.deliveries >= program.bands.min_tasks
    ]
    for group in peer_groups(comparable, rules):
        if len(group.peers) >= rules.smallest_peer_group:
            yield from _in_group(group, habits, roster, work, program)


def value_reasons(
    habits: Habits, roster: Roster, work: Mapping[int, Work], program: Program
) -> Iterator[tuple[int, Reason]]:
    """Positions of members, each with a reason."""
    for one in values(habits, roster, work, program):
        if one.is_low:
            yield one.position, _reason(one, habits)


def _in_group(
    group: Group, habits: Habits, roster: Roster, work: Mapping[int, Work], program: Program
) -> Iterator[Value]:
    positions = roster.positions_of(np.array(group.peers))
    known = [quality for peer in group.peers if (quality := work[peer].quality) is not None]
    usual_quality = float(np.median(known)) if known else 1.0
    costs = [
        _per_task(int(habits.production_nanousd[position]), work[peer], usual_quality)
        for position, peer in zip(positions, group.peers, strict=True)
    ]
    scaled = np.log(costs)
    compare = yardsticks(scaled, np.ones(len(scaled), dtype=bool))
    factor = log(program.bands.low_value_factor)
    prior = program.boards.outcome.prior_samples
    for position, peer, cost, median, spread in zip(
        positions, group.peers, costs, compare.medians, compare.spreads, strict=True
    ):
        caution = 1 + prior / work[peer].deliveries
        limit = float(median) + caution * max(factor, _MOST_SPREADS * float(spread))
        if peer in group.members and limit < _BEYOND_COMPARE:
            yield Value(int(position), cost, round(exp(median)), round(exp(limit)), work[peer], group.label)


def _per_task(cost_nanousd: int, work: Work, usual_quality: float) -> int:
    quality = usual_quality if work.quality is None else work.quality
    worth = work.accepted * max(quality, _LEAST_QUALITY)
    return max(1, round(cost_nanousd / worth)) if worth > 0 else max(_NOTHING_ACCEPTED_NANOUSD, cost_nanousd)


def _reason(value: Value, habits: Habits) -> Reason:
    work = value.work
    total = in_dollars(int(habits.production_nanousd[value.position]))
    behind = f"{total} for {counted(work.deliveries, 'task')} in 28 days, {work.accepted:g} of them accepted"
    each = f"Each accepted task costs you {in_dollars(value.per_task)}" if work.accepted else "Nothing was accepted yet"
    note = unpriced_note(int(habits.production_unpriced_tokens[value.position]))
    return Reason(
        rule=Rule.LOW_VALUE,
        band=Band.YELLOW,
        text=(
            f"{each}, quality counted in ({behind}). {value.peers}: {in_dollars(value.typical)} in the middle; "
            f"with {counted(work.deliveries, 'task')} the limit is {in_dollars(value.limit)}. {note}"
        ).strip(),
        clears=f"It clears when that is {in_dollars(value.limit)} or less.",
        advice=(
            "Stop runs that lead nowhere, give routine steps to a smaller model, and have work reviewed early so that "
            "more of it is accepted."
        ),
        value=plain(value.per_task, is_in_dollars=True),
        limit=plain(value.limit, is_in_dollars=True),
        unit="USD per accepted task",
        events=int(habits.production_calls[value.position]) + work.deliveries,
    )
