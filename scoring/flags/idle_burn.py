"""Usage far beyond what peers need for the same work, most of it for nothing that got done: an agent left running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from scoring.comparison import Figures, yardsticks
from scoring.flag import Figure, Flag, FlagKind
from scoring.flags.facts import FlagFacts, is_comparable
from scoring.flags.flagged import flagged_days
from scoring.flags.traces import IdleSessions
from scoring.flags.wording import dollars
from scoring.peers import Group
from scoring.wording import counted, percent

_BENEFIT_TASKS = 5  # that may be under way and end later
_LEAST_WORK = 3  # deliveries of a peer with whom one may be compared
_LEAST_SPREAD = 0.25  # natural logarithm; where all peers are alike
_LEAST_IDLE_SHARE = 0.5
_LEAST_DISTANCE = 3.0  # robust standard deviations on a log scale
_LEAST_TIMES_TOTAL = 2.0  # the usage of the peer in the middle
_TIMES_TOTAL_ALONE = 10.0  # where no tool tells of a person's work
_SESSIONS_SHARE = 0.75  # of the usage in long sessions that name no task: these speak for themselves, so that
_SESSIONS_RATIO, _SESSIONS_DISTANCE = 2 / 3, 2.5  # less than the usual limit is needed
_RARE = 0.1  # of peers at the most have theirs there too: else it is what their tools are like
_OWN_SHARE = 0.7  # of one's deliveries have usage that names them: then it tells what they took
_UNDER_WAY = 3  # times the limit, where the usage names tasks that have not ended


class _Burn(msgspec.Struct, frozen=True):
    """Dollars of a person's usage in the window, and how much more it is than their deliveries take.

    That is what they take peers, or what the usage that names them took, whichever says more.
    """

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
    """Whoever used ``flags.idle_ratio`` times what their deliveries, and five more, take their peers or took themselves."""
    on_tasks = _on_tasks(facts)
    sessions = {one.person_id: one for one in facts.traces.idle_sessions}
    for group in facts.groups:
        burns = list(_burns(facts, group, on_tasks))
        idles = [_idle(facts, one, on_tasks.get(one.person_id), sessions.get(one.person_id)) for one in burns]
        in_sessions = sum(map(_is_in_sessions, burns, idles))
        for burn, idle in zip(burns, idles, strict=True):
            is_telling = _is_in_sessions(burn, idle) and in_sessions - 1 <= _RARE * (len(burns) - 1)
            strength = _strength(facts, burn, idle, is_in_sessions=is_telling)
            is_much = burn.spent * idle.share_with_open_tasks >= facts.rules.least_usd
            if burn.person_id in group.members and strength >= 1 and is_much:
                yield _flag(facts, burn, idle, strength)


def _is_in_sessions(burn: _Burn, idle: _Idle) -> bool:
    return idle.in_sessions >= burn.spent * _SESSIONS_SHARE


def _strength(facts: FlagFacts, burn: _Burn, idle: _Idle, *, is_in_sessions: bool) -> float:
    """How far over the limit; 0 where anything speaks against it."""
    limit, distance = facts.rules.idle_ratio, _LEAST_DISTANCE
    if is_in_sessions:
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
        f"{percent(idle.share_with_open_tasks)} of it without an outcome.",
    )


def _burns(facts: FlagFacts, group: Group, on_tasks: Mapping[int, tuple[float, float]]) -> Iterator[_Burn]:
    """The figures of each of ``group`` with usage; nobody's where too few peers are comparable."""
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
    own_ratios, own_distances = _against_own_tasks(facts, used, spent, counts, on_tasks)
    for place, person_id in enumerate(used):
        ratio, distance = float(ratios[place]), float(distances[place])
        own_ratio, own_distance = float(own_ratios[place]), float(own_distances[place])
        if own_ratio > ratio and own_distance >= _LEAST_DISTANCE:
            ratio, distance = own_ratio, own_distance
        yield _Burn(person_id, float(spent[place]), int(counts[place]), ratio, float(totals[place]), distance)


def _against_own_tasks(
    facts: FlagFacts,
    used: Sequence[int],
    spent: Figures,
    counts: Figures,
    on_tasks: Mapping[int, tuple[float, float]],
) -> tuple[Figures, Figures]:
    """How many times what one's tasks took oneself (five more and those under way included) one used, and how far that
    is from what it is with peers; 0 for those whose usage names too few of their tasks."""
    done = np.array([on_tasks.get(one, (0.0, 0.0)) for one in used])
    named = np.array([facts.tasks_named.get(one, 0) for one in used], dtype=np.float64)
    is_known = (done[:, 0] > 0) & (counts >= _LEAST_WORK) & (named >= _OWN_SHARE * counts)
    if not is_comparable(spent[is_known]):
        return np.zeros(len(used)), np.zeros(len(used))
    usual = np.maximum(done[:, 0], 1e-9) * (1 + _BENEFIT_TASKS / np.maximum(counts, 1)) + done[:, 1]
    ratios = spent / usual
    return np.where(is_known, ratios, 0.0), np.where(is_known, _distances(np.log(ratios), is_known), 0.0)


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
