"""Eight weeks at Juniper & Vale, put together from a fixed seed: the same seed and moment give the same events."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from bot.sandbox.company.calendar import Calendar
from bot.sandbox.company.calls import GATEWAY, aimless_calls, experiments, nightly_machine
from bot.sandbox.company.culture import contributions, policy, training
from bot.sandbox.company.habits import HABITS
from bot.sandbox.company.people import Colleague, colleagues
from bot.sandbox.company.work import tasks
from scoring.events import Event

SEED = 2026


class History(msgspec.Struct, frozen=True):
    """Events by the door they arrive at, each oldest first."""

    from_gateway: tuple[Event, ...]
    from_tools: tuple[Event, ...]


def make_history(now_us: int, seed: int = SEED) -> History:
    """The eight weeks before ``now_us``, without anything at or after it."""
    calendar = Calendar(now_us)
    past = sorted(
        (event for event in _everything(calendar, seed) if event.time_us < now_us),
        key=lambda event: (event.time_us, event.source, event.id),
    )
    return History(
        from_gateway=tuple(event for event in past if event.source == GATEWAY),
        from_tools=tuple(event for event in past if event.source != GATEWAY),
    )


def _everything(calendar: Calendar, seed: int) -> Iterator[Event]:
    for person in colleagues():
        yield from _one_person(random.Random(f"{seed}/{person.handle}"), person, calendar)  # noqa: S311
    yield from nightly_machine(random.Random(f"{seed}/nightly"), calendar)  # noqa: S311
    yield from contributions(calendar)
    yield from training(calendar)
    yield from policy(calendar)


def _one_person(rng: random.Random, person: Colleague, calendar: Calendar) -> Iterator[Event]:
    habit = HABITS[person.habit]
    yield from tasks(rng, person, calendar)
    yield from experiments(rng, person, habit, calendar)
    yield from aimless_calls(rng, person, habit, calendar)
