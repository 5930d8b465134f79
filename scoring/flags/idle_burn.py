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
from scoring.flags.wording import counted, dollars
from scoring.peers import Group

_BENEFIT_TASKS = 5  # that may be under way and end later
_LEAST_WORK = 3  # deliveries of a peer with whom one may be compared
_LEAST_DISTANCE = 3.0  # robust standard deviations on a log scale
_LEAST_SPREAD = 0.25  # natural logarithm; where all peers are alike
_LEAST_IDLE_SHARE = 0.5
_LEAST_TIMES_TOTAL = 2.0  # the usage of the peer in the middle
_SESSIONS_SPEAK = 2 / 3  # of the limit suffices where long sessions without an outcome carry most of the usage


class _Burn(msgspec.Struct, frozen=True):
    """Dollars of a person's usage in the window, and how much more it is than their deliveries take their peers."""

    person_id: int
    spent: float
    deliveries: int
    ratio: float
    times_total: float
    distance: float


def idle_burns(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever used ``flags.idle_ratio`` times what their deliveries, and five more, take their peers."""
    tied = _tied(facts)
    sessions = {one.person_id: one for one in facts.traces.idle_sessions}
    for group in facts.groups:
        for burn in _burns(facts, group):
            session = sessions.get(burn.person_id)
            in_sessions = 0.0 if session is None else float(facts.spent(session))
            idle = _idle_share(burn, tied.get(burn.person_id), has_tasks=any(one in tied for one in group.peers))
            says_more = in_sessions >= burn.spent / 2
            limit = facts.rules.idle_ratio * (_SESSIONS_SPEAK if says_more else 1)
            is_far = burn.ratio >= limit and burn.times_total >= _LEAST_TIMES_TOTAL and burn.distance >= _LEAST_DISTANCE
            if not is_far or idle < _LEAST_IDLE_SHARE or burn.spent * idle < facts.rules.least_usd:
                continue
            evidence: dict[str, Figure] = {
                "usd": round(burn.spent, 2),
                "deliveries": burn.deliveries,
                "times_what_peers_need": round(burn.ratio, 1),
                "times_the_middle_peers_usage": round(burn.times_total, 1),
                "share_without_outcome": round(idle, 2),
                "limit_times": round(limit, 2),
            }
            if session is not None:
                evidence |= {
                    "long_sessions_without_outcome": session.sessions,
                    "longest_hours": round(session.longest_hours, 1),
                    "usd_in_long_sessions": round(in_sessions, 2),
                }
            yield flagged_days(
                facts,
                burn.person_id,
                FlagKind.IDLE_BURN,
                _days(facts, burn),
                burn.ratio / limit,
                evidence=evidence,
                text=f"Usage of {dollars(burn.spent)} stands beside {counted(burn.deliveries, 'task')}: "
                f"{burn.ratio:.1f} times what these and {_BENEFIT_TASKS} more take peers, "
                f"{idle:.0%} of it without an outcome.",
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


def _tied(facts: FlagFacts) -> dict[int, float]:
    """Dollars of each person's usage for tasks with an outcome."""
    found: dict[int, float] = {}
    for one in facts.traces.tied:
        found[one.person_id] = found.get(one.person_id, 0.0) + float(facts.spent(one))
    return found


def _idle_share(burn: _Burn, tied: float | None, *, has_tasks: bool) -> float:
    """Of the usage, the share for no task with an outcome; where tasks are not reported, the share beyond what peers need."""
    beyond = max(0.0, 1 - 1 / burn.ratio)
    if not has_tasks or tied is None:
        return beyond
    return max(0.0, 1 - tied / burn.spent)


def _days(facts: FlagFacts, burn: _Burn) -> list[date]:
    """The days that carried more than the peer in the middle uses a day, on average; at least the heaviest one."""
    mine = facts.production.of(burn.person_id).between(facts.first_day, facts.evidence.window.days[-1])
    spent = facts.spent(mine)
    line = min(burn.spent / burn.times_total / len(mine), float(spent.max()))
    return [date.fromordinal(day) for day in mine.days[spent >= line].tolist()]
