"""Usage far beyond what peers need for the same work, most of it for nothing that got done: an agent left running."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.comparison import Figures, yardsticks
from scoring.flag import Figure, Flag, FlagKind
from scoring.flags.facts import FlagFacts, is_comparable
from scoring.flags.flagged import flagged_days
from scoring.flags.traces import IdleSessions
from scoring.flags.wording import counted, dollars
from scoring.peers import Group

_BENEFIT_TASKS = 5  # that may be under way and end later
_LEAST_WORK = 3  # deliveries of a peer with whom one may be compared
_LEAST_SPREAD = 0.25  # natural logarithm; where all peers are alike
_LEAST_IDLE_SHARE = 0.5
_LEAST_DISTANCE = 3.0  # robust standard deviations on a log scale
_LEAST_TIMES_TOTAL = 2.0  # the usage of the peer in the middle
_TIMES_TOTAL_ALONE = 10.0  # where no tool tells of a person's work
_SESSIONS_SHARE = 0.75  # of the usage in long sessions that name no task: these speak for themselves, so that
_SESSIONS_RATIO, _SESSIONS_DISTANCE = 2 / 3, 1.75  # less than the usual limit is needed
_UNDER_WAY = 3  # times the limit, where the usage names tasks that have not ended


class _Burn(msgspec.Struct, frozen=True):
    """Dollars of a person's usage in the window, and how much more it is than their deliveries take their peers."""

    person_id: int
    spent: float
    deliveries: int
    ratio: float
    times_total: float
    distance: float


class _Idle(msgspec.Struct, frozen=True):
    """What of a person's dollars went to nothing that got done: for no task (or beyond what peers need, where nobody
    names tasks), for tasks that have not ended, and in long sessions that name none."""

    share: float
    share_with_open_tasks: float
    in_sessions: float
    sessions: IdleSessions | None


def idle_burns(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever used ``flags.idle_ratio`` times what their deliveries, and five more, take their peers."""
    on_tasks = _on_tasks(facts)
    sessions = {one.person_id: one for one in facts.traces.idle_sessions}
    for group in facts.groups:
        for burn in _burns(facts, group):
            idle = _idle(facts, burn, on_tasks.get(burn.person_id), sessions.get(burn.person_id))
            strength = _strength(facts, burn, idle)
            if strength >= 1 and burn.spent * idle.share_with_open_tasks >= facts.rules.least_usd:
                yield _flag(facts, burn, idle, strength)


def _strength(facts: FlagFacts, burn: _Burn, idle: _Idle) -> float:
    """How far over the limit; 0 where anything speaks against it."""
    limit, distance = facts.rules.idle_ratio, _LEAST_DISTANCE
    if idle.in_sessions >= burn.spent * _SESSIONS_SHARE:
        limit, distance = limit * _SESSIONS_RATIO, _SESSIONS_DISTANCE
    if idle.share < _LEAST_IDLE_SHARE:
        limit *= _UNDER_WAY
    least_total = _LEAST_TIMES_TOTAL if facts.deliveries.get(burn.person_id) else _TIMES_TOTAL_ALONE
    if idle.share_with_open_tasks < _LEAST_IDLE_SHARE or burn.distance < distance or burn.times_total < least_total:
        return 0.0
    return burn.ratio / limit


def _idle(facts: FlagFacts, burn: _Burn, on_tasks: tuple[float, float] | None, sessions: IdleSessions | None) -> _Idle:
    beyond = max(0.0, 1 - 1 / burn.ratio)
    done, under_way = on_tasks or (burn.spent * (1 - beyond), 0.0)
    return _Idle(
        share=max(0.0, 1 - (done + under_way) / burn.spent),
        share_with_open_tasks=max(0.0, 1 - done / burn.spent),
        in_sessions=0.0 if sessions is None else float(facts.spent(sessions)),
        sessions=sessions,
    )


def _flag(facts: FlagFacts, burn: _Burn, idle: _Idle, strength: float) -> Flag:
    evidence: dict[str, Figure] = {
        "usd": round(burn.spent, 2),
        "deliveries": burn.deliveries,
        "times_what_peers_need": round(burn.ratio, 1),
        "times_the_middle_peers_usage": round(burn.times_total, 1),
        "share_without_outcome": round(idle.share_with_open_tasks, 2),
        "limit_times": round(burn.ratio / strength, 2),
    }
    if idle.sessions is not None:
        evidence |= {
            "long_sessions_without_task": idle.sessions.sessions,
            "longest_hours": round(idle.sessions.longest_hours, 1),
            "usd_in_long_sessions": round(idle.in_sessions, 2),
        }
    return flagged_days(
        facts,
        burn.person_id,
        FlagKind.IDLE_BURN,
        _days(facts, burn),
        strength,
        evidence=evidence,
        text=f"Usage of {dollars(burn.spent)} stands beside {counted(burn.deliveries, 'task')}: "
        f"{burn.ratio:.1f} times what these and {_BENEFIT_TASKS} more take peers, "
        f"{idle.share_with_open_tasks:.0%} of it without an outcome.",
    )


def _burns(facts: FlagFacts, group: Group) -> Iterator[_Burn]:
    """The figures of each member of ``group`` with usage; nobody's where too few peers are comparable."""
    used = [one for one in group.peers if facts.spent_in_window.get(one, 0.0) > 0]
    if not used:
        return
    spent = np.array([facts.spent_in_window[one] for one in used])
    counts = np.array([len(facts.delivered(one)) for one in used], dtype=np.float64)
    is_reference = counts >= _LEAST_WORK
    if not is_comparable(spent[is_reference]):
        return
    costs = yardsticks(np.log(spent / np.maximum(counts, 1)), is_reference)
    needed = np.exp(costs.medians) * (counts + _BENEFIT_TASKS)
    ratios = spent / needed
    distances = _distances(np.log(ratios), is_reference)
    totals = spent / np.exp(yardsticks(np.log(spent), is_reference).medians)
    for place, person_id in enumerate(used):
        if person_id in group.members:
            figures = (float(ratios[place]), float(totals[place]), float(distances[place]))
            yield _Burn(person_id, float(spent[place]), int(counts[place]), *figures)


def _distances(logs: Figures, is_reference: NDArray[np.bool_]) -> Figures:
    found = yardsticks(logs, is_reference)
    return np.asarray((logs - found.medians) / np.maximum(found.spreads, _LEAST_SPREAD))


def _on_tasks(facts: FlagFacts) -> dict[int, tuple[float, float]]:
    """Dollars of each person's usage for tasks with an outcome, and for tasks without one."""
    found: dict[int, tuple[float, float]] = {}
    for one in facts.traces.tasks:
        done, under_way = found.get(one.person_id, (0.0, 0.0))
        spent = float(facts.spent(one))
        found[one.person_id] = (done + spent, under_way) if one.has_outcome else (done, under_way + spent)
    return found


def _days(facts: FlagFacts, burn: _Burn) -> list[date]:
    """The days that carried more than the peer in the middle uses a day, on average; at least the heaviest one."""
    mine = facts.production.of(burn.person_id).between(facts.first_day, facts.evidence.window.days[-1])
    spent = facts.spent(mine)
    line = min(burn.spent / burn.times_total / len(mine), float(spent.max()))
    return [date.fromordinal(day) for day in mine.days[spent >= line].tolist()]
