"""Tasks at Juniper & Vale: the calls that went into each, and the outcome that its tool reports."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bot.sandbox.company.calendar import DAYS, Calendar
from bot.sandbox.company.calls import EDITOR, GATEWAY, caller, calls_for_task
from bot.sandbox.company.habits import HABITS, TRADES, Habit, Skill, Trade, skill_at
from bot.sandbox.company.people import Colleague
from scoring.events import Event, Lane, Outcome

_HOUR_US = 3_600_000_000
_TWO_DAYS_US = 48 * _HOUR_US


def tasks(rng: random.Random, person: Colleague, calendar: Calendar) -> Iterator[Event]:
    """All that ``person`` got done, with the model calls behind it."""
    habit, trade = HABITS[person.habit], TRADES[person.function]
    for number in _days_with_a_task(rng, habit, trade, calendar):
        skill = skill_at(habit, calendar.progress(number))
        task = f"{trade.prefix}-{rng.randrange(16**8):08x}"
        done_us = calendar.moment_us(number, rng.uniform(9.5, 17.5))
        hours = trade.cycle_hours * skill.cycle * rng.lognormvariate(0, 0.3)
        started_us = done_us - max(60_000_000, int(hours * _HOUR_US))
        uses_editor = person.function == "Engineering" and rng.random() < 0.5
        who = caller(person, EDITOR if uses_editor else GATEWAY)
        count = max(1, round(rng.gauss(skill.calls_per_task, skill.calls_per_task * 0.3)))
        yield from calls_for_task(rng, who, trade, task, count, started_us, done_us)
        yield from _outcomes(rng, person, trade, skill, task, started_us, done_us)


def _days_with_a_task(rng: random.Random, habit: Habit, trade: Trade, calendar: Calendar) -> Iterator[int]:
    """The days on which a task was finished, a day as often as tasks were."""
    due = rng.uniform(0.5, 1)
    for number in range(habit.first_day, DAYS):
        if not calendar.is_workday(number):
            continue
        due += habit.pace * trade.tasks_per_week / 5 * rng.uniform(0.6, 1.4)
        while due >= 1:
            yield number
            due -= 1


def _outcomes(
    rng: random.Random, person: Colleague, trade: Trade, skill: Skill, task: str, started_us: int, done_us: int
) -> Iterator[Event]:
    """The outcome, and for some faulty ones its reversal two days later."""
    subject = person.github if trade.source == "github" else person.email
    is_faulty = rng.random() < skill.faults
    outcome = Outcome(
        kind=trade.kind,
        lane=Lane.PRODUCTION,
        task=task,
        started_us=started_us,
        is_accepted=rng.random() < skill.accepted,
        edit_distance=_share(rng, skill.edits),
        quality=_share(rng, skill.quality),
        errors=int(is_faulty),
        is_escalated=is_faulty and rng.random() < 0.3 if trade.source == "helpdesk" else None,
    )
    yield Event(trade.source, f"{task}-done", subject, done_us, outcome)
    if is_faulty and rng.random() < 0.25:
        reversal = Outcome(kind=trade.kind, task=task, reverses=f"{task}-done")
        yield Event(trade.source, f"{task}-undone", subject, done_us + _TWO_DAYS_US, reversal)


def _share(rng: random.Random, middle: float) -> float:
    return round(min(1.0, max(0.0, rng.gauss(middle, 0.08))), 3)
