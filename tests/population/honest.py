"""What honest people do, each by habit."""

from __future__ import annotations

import random
from collections.abc import Iterator

from scoring.events import Event, Outcome
from tests.population.calls import HOUR_US, Time, call, calls_for_task
from tests.population.members import TRADES, Member

_ADOPTED_DAYS = 14


def honest_work(rng: random.Random, who: Member, time: Time) -> Iterator[Event]:
    """All that ``who`` gets done and tries out, before any trick."""
    days = _days_at_work(rng, who, time)
    trade = TRADES[who.function]
    due = rng.uniform(0, 1)
    for number in days:
        is_busy = who.habit == "month_end" and time.is_month_end(number)
        due += who.pace * trade.tasks_per_week / 5 * rng.uniform(0.5, 1.5) * (5 if is_busy else 1)
        while due >= 1:
            due -= 1
            yield from _task(rng, who, time, number)
        yield from _casual(rng, who, time, number, factor=4 if is_busy else 1)
    yield from _habit(rng, who, time, days)


def _days_at_work(rng: random.Random, who: Member, time: Time) -> list[int]:
    days = [number for number in time.workdays() if rng.random() > 0.08]
    if who.habit == "newcomer":
        return [number for number in days if number >= time.days - 10]
    if who.habit == "part_timer":
        return [number for number in days if time.day(number).weekday() in (1, 3)]
    if who.habit == "on_leave":
        return [number for number in days if not time.days - 35 <= number < time.days - 14]
    return days


def _task(rng: random.Random, who: Member, time: Time, number: int) -> Iterator[Event]:
    trade = TRADES[who.function]
    hour = rng.uniform(20, 23.9) if who.habit == "night_owl" else rng.uniform(9.5, 17.5)
    done_us = time.moment_us(number, hour)
    start_us = done_us - max(60_000_000, int(trade.cycle_hours * who.cycle * rng.lognormvariate(0, 0.4) * HOUR_US))
    task = f"{trade.kind[:3]}-{rng.getrandbits(48):x}"
    if who.habit != "without_ai" or rng.random() < 0.25:
        is_agent = who.habit == "adopter" and number >= time.days - _ADOPTED_DAYS
        yield from calls_for_task(rng, who, task, start_us, done_us, agent=is_agent)
    if who.habit == "researcher":
        return
    closed_us = done_us
    if who.habit == "bulk_closer":
        friday = number + (4 - time.day(number).weekday()) % 7
        closed_us = time.moment_us(min(friday, time.days - 1), 16 + rng.random() / 10)
    yield outcome(rng, who, task, start_us, closed_us)


def outcome(rng: random.Random, who: Member, task: str | None, start_us: int | None, done_us: int) -> Event:
    """An outcome of the quality that is usual for ``who``."""
    fact = Outcome(
        kind=TRADES[who.function].kind,
        task=task,
        started_us=start_us,
        is_accepted=rng.random() < who.accepted,
        quality=min(1.0, max(0.0, rng.gauss(who.quality, 0.08))),
        errors=int(rng.random() < 0.08),
    )
    return Event("tools", f"{rng.getrandbits(80):x}", who.email, done_us, fact)


def _casual(rng: random.Random, who: Member, time: Time, number: int, factor: float) -> Iterator[Event]:
    """Calls that belong to no task: a question here, a draft there."""
    trade = TRADES[who.function]
    mean = who.casual * trade.calls_per_task * trade.tasks_per_week / 5 * who.pace * who.thirst * factor
    for _ in range(int(mean * rng.lognormvariate(0, 0.6) + rng.random())):
        yield call(
            rng, who, time.moment_us(number, rng.uniform(9, 17.5)), use_case="question", session=f"chat {number}"
        )


def _habit(rng: random.Random, who: Member, time: Time, days: list[int]) -> Iterator[Event]:
    """What some do beside their tasks."""
    if who.habit == "weekly_batch":
        for number in days:
            if time.day(number).weekday() == 3:
                yield from _batch(rng, who, time, number, 60)
    if who.habit == "one_off":
        yield from _batch(rng, who, time, rng.choice(days), 120)
    if who.habit == "nightly_batch":
        for number in range(time.days):
            for hour in range(24):
                said = {"use_case": "monitor", "session": f"job {number} {hour}", "prompt_hash": f"{who.email}-job"}
                yield call(rng, who, time.moment_us(number, hour + 0.1), size=0.05, **said)
    if who.habit == "long_project":
        task = f"project-{who.email}"
        for number in days:
            start_us = time.moment_us(number, 9)
            yield from calls_for_task(rng, who, task, start_us, start_us + 8 * HOUR_US)
    if who.habit == "many_agents":
        for number in days:
            for _ in range(12):
                session = f"agent {number} {rng.randrange(5)}"
                yield call(rng, who, time.moment_us(number, rng.uniform(8, 19)), size=0.5, session=session)


def _batch(rng: random.Random, who: Member, time: Time, number: int, count: int) -> Iterator[Event]:
    for _ in range(count):
        said = {"use_case": "batch", "session": f"batch {number}"}
        yield call(rng, who, time.moment_us(number, rng.uniform(10, 14)), **said)
