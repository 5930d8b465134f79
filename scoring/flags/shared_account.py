"""One identity that several people use: in nearly all hours of a day and in several sessions at once, or for the tasks of
others who have no usage of their own for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from statistics import mean

from scoring.events import Outcome
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_days
from scoring.flags.past import claims
from scoring.flags.traces import BusyDay
from scoring.flags.wording import on_days
from scoring.wording import counted

_DAYS = 5  # one night through is a deadline
_LEAST_CROWDED_SHARE = 0.5  # of the hours; a nightly batch beside a day's work stays below it
_TASKS = 6  # that others got done: fewer are help among colleagues
_LENT_SHARE = 0.6  # of what such a colleague gets done
_OWN_SHARE = 0.2  # of it at most for which they have usage of their own
_OWN_TASKS = 3  # of the identity's own person: without any it is a robot's, or nobody's in particular


def shared_accounts(facts: FlagFacts) -> Iterator[Flag]:
    """One for each person at most, for the hours first."""
    found = {flag.person_id: flag for flag in (*_used_for_others(facts), *_around_the_clock(facts))}
    yield from found.values()


def _around_the_clock(facts: FlagFacts) -> Iterator[Flag]:
    """Whose identity called in ``flags.busy_hours`` different hours of a day, mostly in several sessions at once."""
    busy: dict[int, dict[date, BusyDay]] = {}
    for one in facts.traces.busy_days:
        is_busy = one.hours >= facts.rules.busy_hours and one.crowded_hours >= one.hours * _LEAST_CROWDED_SHARE
        if is_busy and one.person_id in facts.players:
            busy.setdefault(one.person_id, {})[one.day] = one
    for person_id, days in sorted(busy.items()):
        if len(days) < _DAYS:
            continue
        hours, crowded = (mean(getattr(one, name) for one in days.values()) for name in ("hours", "crowded_hours"))
        yield flagged_days(
            facts,
            person_id,
            FlagKind.SHARED_ACCOUNT,
            days,
            len(days) / _DAYS,
            evidence={
                "days": len(days),
                "hours_a_day": round(hours, 1),
                "hours_with_several_sessions": round(crowded, 1),
                "limit_hours": facts.rules.busy_hours,
                "limit_days": _DAYS,
            },
            text=f"{on_days(days)} one identity called in {hours:.0f} hours of the day, in {crowded:.0f} of them in several "
            f"sessions at once.",
        )


def _used_for_others(facts: FlagFacts) -> Iterator[Flag]:
    """Whose usage names most tasks of colleagues who have hardly any usage of their own for them."""
    for person_id, lent in sorted(_lent(facts).items()):
        tasks = [one for outcomes in lent.values() for one in outcomes]
        own = sum((person_id, task) in facts.traces.tasks_seen for task in _tasks(facts, person_id))
        if len(tasks) < _TASKS or own < _OWN_TASKS:
            continue
        who = counted(len(lent), "colleague")
        yield flagged_days(
            facts,
            person_id,
            FlagKind.SHARED_ACCOUNT,
            {facts.day_of(one.time_us) for one in tasks},
            len(tasks) / _TASKS,
            evidence={"tasks_of_others": len(tasks), "others": len(lent), "limit_tasks": _TASKS},
            text=f"One identity's usage is for {len(tasks)} tasks that {who} got done, who {'has' if len(lent) == 1 else 'have'} "
            f"hardly any usage of their own.",
        )


def _lent(facts: FlagFacts) -> dict[int, dict[int, list[Happening]]]:
    """By whose usage and by who got them done: the outcomes of people who mostly have no usage of their own for them."""
    users: dict[int, dict[str, set[int]]] = {}
    for user_id, doer_id, task in facts.traces.tasks_of_others:
        if user_id in facts.players:
            users.setdefault(doer_id, {}).setdefault(task, set()).add(user_id)
    found: dict[int, dict[int, list[Happening]]] = {}
    for doer_id, tasks in users.items():
        done = _tasks(facts, doer_id)
        without = {task: one for task, one in done.items() if (doer_id, task) not in facts.traces.tasks_seen}
        if len(without) < (1 - _OWN_SHARE) * len(done):
            continue
        for user_id in {one for some in tasks.values() for one in some}:
            lent = [one for task, one in without.items() if user_id in tasks.get(task, ())]
            if len(lent) >= _LENT_SHARE * len(done):
                found.setdefault(user_id, {})[doer_id] = lent
    return found


def _tasks(facts: FlagFacts, person_id: int) -> Mapping[str, Happening]:
    """A person's outcomes in the window that have a task."""
    named = ((one.fact.task, one) for one in claims(facts, person_id) if isinstance(one.fact, Outcome))
    return {task: one for task, one in named if task is not None}
