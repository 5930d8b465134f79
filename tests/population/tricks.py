"""How people play the game: each is an honest person's history with a trick on top, gentle (0), plain (1) or gross (2)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from scoring.events import Contribution, Event, Outcome, Usage
from tests.population.calls import HOUR_US, Time, call
from tests.population.honest import outcome
from tests.population.members import TRADES, Member


def played(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """The history of ``who``, trick and all. Rings are made by ``rings``, as they take several."""
    trick = _TRICKS.get(who.trick)
    yield from honest if trick is None else trick(rng, who, time, honest)


def _burner(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """An agent is left running for hours on most days, with long outputs and to no end."""
    yield from honest
    trade = TRADES[who.function]
    usual = trade.calls_per_task * trade.tasks_per_week / 5 * who.thirst * who.pace * (1 + who.casual)
    for number in time.workdays():
        if number < time.days - 40 or rng.random() < 0.2:
            continue
        begins, lasts = rng.uniform(8, 12), rng.uniform(5, 11)
        for _ in range(int((4, 8, 15)[who.intensity] * usual / 2) + 5):
            moment = time.moment_us(number, begins + lasts * rng.random())
            yield call(rng, who, moment, size=1.5, output=3, use_case="agent", session=f"left running {number}")


def _looper(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """One prompt, many times a day."""
    yield from honest
    who = msgspec.structs.replace(who, names_prompts=True)
    for number in time.workdays()[-(4, 10, 20)[who.intensity] :]:
        prompt = f"loop {who.email} {number // 7}"
        for _ in range((30, 100, 250)[who.intensity]):
            yield call(
                rng, who, time.moment_us(number, rng.uniform(9, 20)), size=0.3, prompt_hash=prompt, session="loop"
            )


def _sprinter(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """In the last three working days of each month usage is a multiple of the usual; the work is not."""
    calls = [one for one in honest if isinstance(one.fact, Usage)]
    yield from honest
    if not calls:
        return
    a_day = max(3.0, len(calls) / len({one.time_us // (24 * HOUR_US) for one in calls}))
    for number in time.workdays():
        if time.is_month_end(number):
            for _ in range(int(a_day * (6, 12, 25)[who.intensity])):
                yield call(
                    rng, who, time.moment_us(number, rng.uniform(8, 20)), use_case="more", session=f"rush {number}"
                )


def _splitter(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """Each task is handed in as many small ones, at once or spread over its time with made-up starts."""
    pieces = (6, 9, 13)[who.intensity]
    is_spread = rng.random() < 0.5
    for one in honest:
        fact = one.fact
        if isinstance(fact, Usage) and fact.task is not None:
            yield msgspec.structs.replace(
                one, fact=msgspec.structs.replace(fact, task=f"{fact.task}/{rng.randrange(pieces)}")
            )
        elif isinstance(fact, Outcome) and fact.started_us is not None:
            span = min(one.time_us - fact.started_us, 8 * HOUR_US)
            for piece in range(pieces):
                time_us = one.time_us - (span * piece // pieces if is_spread else piece * 60_000_000)
                start_us = time_us - (rng.randrange(HOUR_US, 40 * HOUR_US) if is_spread else 120_000_000)
                part = msgspec.structs.replace(fact, task=f"{fact.task}/{piece}", started_us=start_us)
                yield msgspec.structs.replace(one, id=f"{one.id}/{piece}", time_us=time_us, fact=part)
        else:
            yield one


def _claimer(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """Outcomes that never were, on top of the real ones; by some with a verdict of their own making."""
    yield from honest
    real = sum(isinstance(one.fact, Outcome) for one in honest)
    is_judged = rng.random() < 0.5
    for _ in range(max(8, int(real * (1.5, 3, 6)[who.intensity]))):
        done_us = time.moment_us(rng.choice(time.workdays()), rng.uniform(9, 17))
        task = f"made-up-{rng.getrandbits(48):x}"
        made = outcome(rng, who, task, done_us - rng.randrange(HOUR_US, 30 * HOUR_US), done_us)
        if not is_judged:
            made = msgspec.structs.replace(
                made, fact=msgspec.structs.replace(made.fact, is_accepted=None, quality=None, errors=None)
            )
        yield made


def _sharer(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """Friends on other continents work with the same key."""
    yield from honest
    for number in time.workdays()[-20:]:
        for friend in range((3, 5, 8)[who.intensity]):
            wakes = rng.uniform(0, 3) + 24 * friend / (3, 5, 8)[who.intensity]
            for _ in range(14):
                hour = min(23.9, (wakes + rng.uniform(0, 10)) % 24)
                session = f"friend {friend} {number}"
                yield call(rng, who, time.moment_us(number, hour), use_case=f"work {friend}", session=session)


def _self_reviewer(rng: random.Random, who: Member, time: Time, honest: Sequence[Event]) -> Iterator[Event]:
    """Shares, reviews it, reuses it."""
    yield from honest
    for number in range((4, 6, 10)[who.intensity]):
        yield from asset(rng, time, f"own {who.email} {number}", who.email, [who.email], [])


_TRICKS: Mapping[str, Callable[[random.Random, Member, Time, Sequence[Event]], Iterator[Event]]] = {
    "burner": _burner,
    "looper": _looper,
    "sprinter": _sprinter,
    "splitter": _splitter,
    "claimer": _claimer,
    "sharer": _sharer,
    "self_reviewer": _self_reviewer,
}


def rings(rng: random.Random, members: Sequence[Member], time: Time) -> Iterator[Event]:
    """Those of the trick ``ring``, in circles of two to four, review what the others share."""
    players = [one for one in members if one.trick == "ring"]
    while len(players) >= 2:
        size = min(len(players), rng.choice([2, 3, 4]))
        if len(players) - size == 1:
            size = len(players) if len(players) <= 4 else 2
        circle, players = players[:size], players[size:]
        assets = max((4, 6, 10)[one.intensity] for one in circle)
        for one in circle:
            others = [other.email for other in circle if other is not one]
            for number in range(assets):
                yield from asset(rng, time, f"ring {one.email} {number}", one.email, others, others[:1])


def culture(rng: random.Random, members: Sequence[Member], time: Time) -> Iterator[Event]:
    """What honest people share, with a few reviews and reuses by colleagues, most of their own function."""
    for one in members:
        near = [other.email for other in members if other.function == one.function and other is not one]
        for number in range(rng.choices([0, 1, 2, 3], [6, 3, 2, 1])[0]):
            reviewers = rng.sample(near, rng.randrange(0, 4)) if len(near) > 10 else []
            reusers = rng.sample(near, rng.randrange(0, 3)) if len(near) > 10 else []
            yield from asset(rng, time, f"asset {one.email} {number}", one.email, reviewers, reusers)


def asset(
    rng: random.Random, time: Time, name: str, author: str, reviewers: Sequence[str], reusers: Sequence[str]
) -> Iterator[Event]:
    """Something shared in the last weeks, reviewed and reused in the days after."""
    number = rng.randrange(time.days - 25, time.days - 6)
    yield _said(name, author, time.moment_us(number, 10), "shared")
    for reviewer in reviewers:
        yield _said(name, reviewer, time.moment_us(number + rng.randrange(1, 3), 11), "reviewed")
    for reuser in reusers:
        yield _said(name, reuser, time.moment_us(number + rng.randrange(2, 5), 15), "reused")


def _said(name: str, who: str, time_us: int, action: str) -> Event:
    kind = "tool" if action == "shared" else None
    return Event("library", f"{name} {action} {who}", who, time_us, Contribution(action, name, kind))
