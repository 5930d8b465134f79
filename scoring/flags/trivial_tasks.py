"""Swarms of tiny outcomes: far more a day than peers have, or oneself had before, each with a fraction of the effort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, log
from statistics import median

import msgspec
import numpy as np

from scoring.comparison import yardsticks
from scoring.events import Outcome
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts, is_comparable
from scoring.flags.flagged import flagged_happenings
from scoring.flags.past import claims, past_of
from scoring.peers import Group
from scoring.wording import percent

_LEAST_OUTCOMES = 12
_LEAST_DISTANCE = 2.5  # robust standard deviations on a log scale
_LEAST_SPREAD = 0.3  # natural logarithm
_TINY = 0.3  # of a peer's outcome in the middle, in cost and time together
_MORE, _SMALLER = 1.6, 0.55  # than before: both are needed
_PAST_FACTOR = 1.75  # of ``trivial_ratio``: how many times as many, times how many times smaller
_LEAST_CYCLE_HOURS = 0.05
_HOUR_US = 3.6e9
_LEAST_USD = 1e-4


class _Swarm(msgspec.Struct, frozen=True):
    """A person's outcomes in the window, one a task: how many a day they had any, and what one takes in the middle."""

    person_id: int
    outcomes: tuple[Happening, ...]
    a_day: float
    usd_each: float
    cycle_hours: float | None


def trivial_tasks(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever has ``flags.trivial_ratio`` times as many outcomes a day as peers, each of less than a third of the size; or
    clearly more than they had before, and each so much smaller that both together go as far: cutting every task in ``m``
    makes ``m`` times as many, each ``m`` times smaller."""
    for group in facts.groups:
        swarms = [found for one in group.peers if (found := _swarm(facts, one)) is not None]
        flags = {flag.person_id: flag for flag in _far(facts, group, swarms)}
        for swarm in swarms:
            flag = flags.get(swarm.person_id)
            if flag is None and swarm.person_id in group.members:
                flag = _against_past(facts, swarm)
            if flag is not None:
                yield flag


def _swarm(facts: FlagFacts, person_id: int) -> _Swarm | None:
    outcomes = claims(facts, person_id)
    if not outcomes:
        return None
    days = {facts.day_of(one.time_us) for one in outcomes}
    cycles = [
        (one.time_us - one.fact.started_us) / _HOUR_US
        for one in outcomes
        if isinstance(one.fact, Outcome) and one.fact.started_us is not None
    ]
    return _Swarm(
        person_id,
        tuple(outcomes),
        a_day=len(outcomes) / len(days),
        usd_each=facts.spent_in_window.get(person_id, 0.0) / len(outcomes),
        cycle_hours=max(_LEAST_CYCLE_HOURS, median(cycles)) if len(cycles) >= len(outcomes) / 2 else None,
    )


def _against_past(facts: FlagFacts, swarm: _Swarm) -> Flag | None:
    if len(swarm.outcomes) < _LEAST_OUTCOMES:
        return None
    past = past_of(facts, swarm.person_id)
    days = len(facts.production.of(swarm.person_id).between(facts.first_day, facts.evidence.window.days[-1]))
    if past is None or not days:
        return None
    ratio, size = len(swarm.outcomes) / days / past.a_day, swarm.usd_each / past.usd_each
    if ratio < _MORE or size > _SMALLER:
        return None
    together = ratio / max(size, _LEAST_USD)
    limit = _PAST_FACTOR * facts.rules.trivial_ratio
    if together < limit:
        return None
    return flagged_happenings(
        swarm.person_id,
        FlagKind.TRIVIAL_TASKS,
        swarm.outcomes,
        together / limit,
        evidence={
            "outcomes": len(swarm.outcomes),
            "outcomes_before": past.outcomes,
            "times_before": round(ratio, 1),
            "size_against_before": round(size, 2),
            "more_and_smaller": round(together, 1),
            "limit_times": round(limit, 2),
        },
        text=f"{len(swarm.outcomes)} outcomes, {ratio:.1f} times as many on a day of work as before; each took "
        f"{percent(size)} of what one took then.",
    )


def _far(facts: FlagFacts, group: Group, swarms: Sequence[_Swarm]) -> Iterator[Flag]:
    if not is_comparable(swarms):
        return
    logs = np.log([one.a_day for one in swarms])
    found = yardsticks(logs, np.ones(len(swarms), dtype=bool))
    for place, swarm in enumerate(swarms):
        ratio = swarm.a_day / exp(found.medians[place])
        distance = (logs[place] - found.medians[place]) / max(_LEAST_SPREAD, found.spreads[place])
        strength = ratio / facts.rules.trivial_ratio
        if swarm.person_id not in group.members or len(swarm.outcomes) < _LEAST_OUTCOMES:
            continue
        if strength < 1 or distance < _LEAST_DISTANCE:
            continue
        size = _size(swarm, [one for one in swarms if one is not swarm])  # goes through all peers: for few alone
        if size is None or size > _TINY:
            continue
        yield flagged_happenings(
            swarm.person_id,
            FlagKind.TRIVIAL_TASKS,
            swarm.outcomes,
            strength,
            evidence={
                "outcomes": len(swarm.outcomes),
                "outcomes_a_day": round(swarm.a_day, 1),
                "peers_outcomes_a_day": round(exp(found.medians[place]), 1),
                "times_peers": round(ratio, 1),
                "size_against_peers": round(size, 2),
                "limit_times": facts.rules.trivial_ratio,
            },
            text=f"{len(swarm.outcomes)} outcomes, {swarm.a_day:.1f} on a day with any, {ratio:.1f} times as many as "
            f"peers have; each took {percent(size)} of what one takes a peer.",
        )


def _size(swarm: _Swarm, peers: Sequence[_Swarm]) -> float | None:
    """What an outcome takes in cost and in time against the peer in the middle, the two multiplied and rooted; by one of
    them where the other is not known. Much less cost speaks alone: starts are easily made up. None = neither is known."""
    costs = [one.usd_each for one in peers if one.usd_each > 0]
    cycles = [one.cycle_hours for one in peers if one.cycle_hours is not None]
    by_cost = None if len(costs) < len(peers) / 2 else max(swarm.usd_each, _LEAST_USD) / max(median(costs), _LEAST_USD)
    known = [] if by_cost is None else [by_cost]
    if swarm.cycle_hours is not None and len(cycles) >= len(peers) / 2:
        known.append(swarm.cycle_hours / max(_LEAST_CYCLE_HOURS, median(cycles)))
    if not known:
        return None
    together = exp(sum(map(log, known)) / len(known))
    return together if by_cost is None else min(together, by_cost * 1.5)
