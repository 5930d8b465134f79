"""Model calls of a made-up company's people, as their producers report them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from scoring.events import Event, Lane, Tokens, Usage
from scoring.window import to_us
from tests.population.members import TRADES, Member

HOUR_US = 3_600_000_000
_PRICES = {"large": (3_000, 15_000), "medium": (1_000, 5_000), "small": (150, 600)}


class Time(msgspec.Struct, frozen=True):
    """The days of a history, up to ``end`` (UTC, exclusive)."""

    end: datetime
    days: int

    def day(self, number: int) -> date:
        return (self.end - timedelta(days=self.days - 1 - number)).date()

    def workdays(self) -> list[int]:
        return [number for number in range(self.days) if self.day(number).weekday() < 5]

    def moment_us(self, number: int, hour: float) -> int:
        day = self.day(number)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.end.tzinfo)
        return to_us(midnight) + int(hour * HOUR_US)

    def is_month_end(self, number: int) -> bool:
        """One of the last three working days of a month?"""
        day = self.day(number)
        following = [day + timedelta(days=step) for step in range(1, 10)]
        left = [one for one in following if one.month == day.month and one.weekday() < 5]
        return day.weekday() < 5 and len(left) < 3


def call(
    rng: random.Random,
    who: Member,
    time_us: int,
    *,
    size: float = 1,
    output: float = 1,
    agent: bool = False,
    **said: str,
) -> Event:
    """One production call. ``size`` multiplies the trade's tokens, ``output`` those that come out; an agent reads mostly
    from the cache. ``said`` holds task, session, use_case and prompt_hash; what the producer does not name is dropped."""
    trade = TRADES[who.function]
    model = rng.choices(list(_PRICES), [5, 4, 2])[0]
    went_in = max(40, int(trade.input_tokens * size * rng.lognormvariate(0, 0.4)))
    came_out = max(10, int(trade.output_tokens * size * output * rng.lognormvariate(0, 0.4)))
    tokens = Tokens(went_in, came_out, cache_read=went_in * 8 if agent else 0)
    price_in, price_out = _PRICES[model]
    cost = went_in * price_in + tokens.cache_read * price_in // 10 + came_out * price_out
    usage = Usage(
        model="in-house" if who.unpriced else model,
        tokens=tokens,
        cost_nanousd=None if who.unpriced else cost,
        lane=Lane.PRODUCTION,
        use_case=said.get("use_case", "work"),
        task=said.get("task") if who.names_tasks else None,
        session=said.get("session") if who.names_sessions else None,
        prompt_hash=said.get("prompt_hash", f"{rng.getrandbits(64):x}") if who.names_prompts else None,
    )
    return Event("gateway", f"{rng.getrandbits(80):x}", who.email, time_us, usage)


def calls_for_task(
    rng: random.Random, who: Member, task: str, start_us: int, done_us: int, *, agent: bool = False
) -> Iterator[Event]:
    """The calls of the last hours before a task is done. The unlucky fail now and then and try again."""
    count = max(1, round(TRADES[who.function].calls_per_task * who.thirst * rng.lognormvariate(0, 0.4)))
    earliest_us = max(start_us, done_us - 5 * HOUR_US)
    template = f"{who.email}-template"
    for _ in range(count * (3 if agent else 1)):
        time_us = rng.randrange(earliest_us, done_us)
        prompt = template if who.habit == "templater" else f"{rng.getrandbits(64):x}"
        session = f"{task}-{rng.randrange(3)}" if who.habit == "many_agents" else task
        made = call(rng, who, time_us, agent=agent, task=task, session=f"session {session}", prompt_hash=prompt)
        if who.habit == "unlucky" and rng.random() < 0.4:
            yield from _failures(rng, made)
        yield made


def _failures(rng: random.Random, made: Event) -> Iterator[Event]:
    """The same call, several times in vain."""
    for number in range(rng.randrange(1, 12)):
        usage = msgspec.structs.replace(made.fact, is_error=True, is_retry=number > 0, tokens=Tokens(), cost_nanousd=0)
        yield msgspec.structs.replace(made, id=f"{made.id}-{number}", time_us=made.time_us - 1_000_000, fact=usage)
