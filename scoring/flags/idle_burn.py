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
_SESSIONS_DISTANCE_BESIDE_TASKS = 1.75  # where other usage names its tasks, so that these could have
_RARE = 0.1  # of peers at the most have theirs there too: else it is what their tools are like
_LEAST_DAYS_BEFORE, _HABIT_SHARE = 10, 0.5  # to know a way of working by, and from where on it is the same
_LEAST_TIMES_TOTAL_OWN = 1.0  # as much as the peer in the middle is worth a question, where one's own tasks took little
_OWN_SHARE = 0.7  # of one's deliveries have usage that names them: then it tells what they took
_NONE_NAMED = (0.0, 0.0)
_UNDER_WAY = 3  # times the limit, where the usage names tasks that have not ended


class _Burn(msgspec.Struct, frozen=True):
    """Dollars of a person's usage in the window, and how many times it is what their deliveries, and five more, take.

    Those take what they take peers (``ratio``), or what the usage took that names them (``own_ratio``, None where it names
    too few). The distances are from the peers' own ratios, in robust standard deviations.
    """

    person_id: int
    spent: float
    deliveries: int
    ratio: float
    distance: float
    own_ratio: float | None
    own_distance: float
    times_total: float


class _Excess(msgspec.Struct, frozen=True):
    """``times`` what one's deliveries take ``whom``, held against ``limit``."""

    times: float
    limit: float
    whom: str

    @property
    def strength(self) -> float:
        return self.times / self.limit


class _Idle(msgspec.Struct, frozen=True):
    """What of a person's dollars went to nothing that got done: for no task (or beyond what peers need, where nobody
    names tasks), for tasks that have not ended, and in long sessions that name none."""

    share: float
    share_with_open_tasks: float
    names_tasks: bool
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
            excess = max(
                _excesses(facts, burn, idle, is_in_sessions=is_telling), key=lambda one: one.strength, default=None
            )
            is_much = burn.spent * idle.share_with_open_tasks >= facts.rules.least_usd
            if burn.person_id in group.members and is_much and excess is not None and excess.strength >= 1:
                yield _flag(facts, burn, idle, excess)


def _is_in_sessions(burn: _Burn, idle: _Idle) -> bool:
    return idle.in_sessions >= burn.spent * _SESSIONS_SHARE


def _excesses(facts: FlagFacts, burn: _Burn, idle: _Idle, *, is_in_sessions: bool) -> Iterator[_Excess]:
    """How far over the limits it is; nothing where anything speaks against it."""
    if idle.share_with_open_tasks < _LEAST_IDLE_SHARE:
        return
    limit, distance = facts.rules.idle_ratio, _LEAST_DISTANCE
    if idle.share < _LEAST_IDLE_SHARE:
        limit *= _UNDER_WAY
    is_by_own = burn.own_distance >= distance and burn.times_total >= _LEAST_TIMES_TOTAL_OWN
    if burn.own_ratio is not None and is_by_own and not _is_habit(facts, burn.person_id):
        yield _Excess(burn.own_ratio, limit, "took them")
    if is_in_sessions:
        limit *= _SESSIONS_RATIO
        distance = _SESSIONS_DISTANCE_BESIDE_TASKS if idle.names_tasks else _SESSIONS_DISTANCE
    least_total = _LEAST_TIMES_TOTAL if facts.deliveries.get(burn.person_id) else _TIMES_TOTAL_ALONE
    if burn.distance >= distance and burn.times_total >= least_total:
        yield _Excess(burn.ratio, limit, "take peers")


def _idle(facts: FlagFacts, burn: _Burn, on_tasks: tuple[float, float] | None, sessions: IdleSessions | None) -> _Idle:
    beyond = max(0.0, 1 - 1 / burn.ratio)
    done, under_way = on_tasks or (burn.spent * (1 - beyond), 0.0)
    return _Idle(
        share=max(0.0, 1 - (done + under_way) / burn.spent),
        share_with_open_tasks=max(0.0, 1 - done / burn.spent),
        names_tasks=on_tasks is not None,
        in_sessions=0.0 if sessions is None else float(facts.spent(sessions)),
        sessions=sessions,
    )


def _flag(facts: FlagFacts, burn: _Burn, idle: _Idle, excess: _Excess) -> Flag:
    evidence: dict[str, Figure] = {
        "usd": round(burn.spent, 2),
        "deliveries": burn.deliveries,
        "times_what_peers_need": round(burn.ratio, 1),
        "times_the_middle_peers_usage": round(burn.times_total, 1),
        "share_without_outcome": round(idle.share_with_open_tasks, 2),
        "limit_times": round(excess.limit, 2),
    }
    if burn.own_ratio is not None:
        evidence["times_what_own_tasks_took"] = round(burn.own_ratio, 1)
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
        excess.strength,
        evidence=evidence,
        text=f"Usage of {dollars(burn.spent)} stands beside {counted(burn.deliveries, 'task')}: "
        f"{excess.times:.1f} times what these and {_BENEFIT_TASKS} more {excess.whom}, "
        f"{percent(idle.share_with_open_tasks)} of it without an outcome.",
    )


def _burns(facts: FlagFacts, group: Group, on_tasks: Mapping[int, tuple[float, float]]) -> Iterator[_Burn]:
    """The figures of each of ``group`` with usage; nobody's where too few peers are comparable."""
    used = [one for one in group.peers if facts.spent_in_window.get(one, 0.0) > 0]
    if not used:
        return
    spent = np.array([facts.spent_in_window[one] for one in used])
    counts = np.array([float(len(facts.delivered(one))) for one in used])
    is_reference = counts >= _LEAST_WORK
    if not is_comparable(spent[is_reference]):
        return
    costs = yardsticks(np.log(spent / np.maximum(counts, _LEAST_WORK)), is_reference)
    needed = np.exp(costs.medians) * (counts + _BENEFIT_TASKS)
    ratios = spent / needed
    distances = _distances(np.log(ratios), is_reference)
    totals = spent / np.exp(yardsticks(np.log(spent), is_reference).medians)
    own_ratios = _own_ratios(facts, used, spent, counts, on_tasks)
    is_named = own_ratios > 0
    own_distances = np.zeros(len(used))
    if is_comparable(spent[is_named]):
        own_distances = _distances(np.log(np.where(is_named, own_ratios, ratios)), is_named)
    for place, person_id in enumerate(used):
        yield _Burn(
            person_id,
            float(spent[place]),
            int(counts[place]),
            ratio=float(ratios[place]),
            distance=float(distances[place]),
            own_ratio=float(own_ratios[place]) if is_named[place] else None,
            own_distance=float(own_distances[place]),
            times_total=float(totals[place]),
        )


def _own_ratios(
    facts: FlagFacts,
    used: Sequence[int],
    spent: Figures,
    counts: Figures,
    on_tasks: Mapping[int, tuple[float, float]],
) -> Figures:
    """How many times what their own tasks (five more, and those under way) took each of ``used`` has spent; 0 where their
    usage names too few of them. The heaviest day is left out: one large job is no agent left running."""
    done, under_way = np.array([on_tasks.get(one, _NONE_NAMED) for one in used]).T
    named = np.array([facts.tasks_named[one] for one in used])
    took = done * (1 + _BENEFIT_TASKS / np.maximum(counts, _LEAST_WORK)) + under_way
    is_known = (done > 0) & (counts >= _LEAST_WORK) & (named >= _OWN_SHARE * counts)
    without_heaviest = spent - np.array([facts.heaviest_day[one] for one in used])
    ratios: Figures = np.divide(without_heaviest, took, out=np.zeros(len(used)), where=is_known)
    return ratios


def _is_habit(facts: FlagFacts, person_id: int) -> bool:
    """Has a day taken half as much and more before the window? Then it is a weekly batch, say, and no burn."""
    mine = facts.production.of(person_id)
    spent, is_before = facts.spent(mine), mine.days < facts.first_day.toordinal()
    if is_before.sum() < _LEAST_DAYS_BEFORE:
        return False
    return bool(spent[is_before].mean() >= _HABIT_SHARE * spent[~is_before].mean())


def _distances(logs: Figures, is_reference: NDArray[np.bool_]) -> Figures:
    found = yardsticks(logs, is_reference)
    return np.asarray((logs - found.medians) / np.maximum(found.spreads, _LEAST_SPREAD))


def _on_tasks(facts: FlagFacts) -> dict[int, tuple[float, float]]:
    """Dollars of each person's usage for tasks with an outcome, and for tasks without one."""
    tasks = facts.traces.tasks
    people, places = np.unique(tasks.person_ids, return_inverse=True)
    spent = facts.spent(tasks)
    done, under_way = (
        np.bincount(places[rows], weights=spent[rows], minlength=len(people)).tolist()
        for rows in (tasks.has_outcome, ~tasks.has_outcome)
    )
    return dict(zip(people.tolist(), zip(done, under_way, strict=True), strict=True))


def _days(facts: FlagFacts, burn: _Burn) -> list[date]:
    """The days that carried more than the peer in the middle uses a day, on average; at least the heaviest one."""
    mine = facts.production.of(burn.person_id).between(facts.first_day, facts.evidence.window.days[-1])
    spent = facts.spent(mine)
    line = min(burn.spent / burn.times_total / len(mine), float(spent.max()))
    return [date.fromordinal(day) for day in mine.days[spent >= line].tolist()]
