"""Plays Juniper & Vale's eight weeks through the service's real parts: four are told at once, four are lived day by day.

Each morning of the last four weeks what happened since comes in through the doors, the schedule looks what is due, and
the courier brings to Slack what came of it: all as ``bandstand serve`` does, by the story's clock. What people click on is
in ``bot.sandbox.acts``, and is signed like any click.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.jobs.catalogue import JOBS
from bot.jobs.job import JobContext
from bot.sandbox.acting import hands
from bot.sandbox.acts import play
from bot.sandbox.company.calendar import DAYS, Calendar
from bot.sandbox.company.history import History, make_history
from bot.sandbox.company.sending import Doors, Sent, send_history
from bot.sandbox.installation import Installation
from bot.sandbox.serving import serving
from bot.sandbox.story_clock import StoryClock
from bot.schedule import Schedule
from bot.slack.client import slack_client
from bot.slack_side import build_courier, wording
from bot.world import open_world
from scoring.events import Event

_LIVED_DAYS = 28
_MORNING = 10.5  # o'clock: people are at work


async def tell_story(installation: Installation, console: Console) -> Sent:
    """Plays everything up to the story's end. Raises ``Fault`` when a door refuses."""
    history, sent = make_history(installation.story_ends_us), Sent()
    mornings = tuple(_mornings(Calendar(installation.story_ends_us)))
    clock = StoryClock(mornings[0])
    secrets = installation.settings.hook_secrets
    with open_world(installation.settings, clock) as world, _progress(console) as progress:
        client = slack_client(world.settings)
        schedule = Schedule(JOBS, JobContext(world, wording(world.settings), client))
        courier = build_courier(world, client, sleep=clock.sleep)
        bar = progress.add_task("events", total=len(history.from_gateway) + len(history.from_tools))
        async with (
            serving(world, with_slack=False) as address,
            aiohttp.ClientSession() as session,
            hands(world) as people,
        ):
            doors = Doors(address, events_secret=secrets.events[0], gateway_secret=secrets.litellm[0])
            told_us = 0
            for number, now_us in enumerate((*mornings, installation.story_ends_us)):
                clock.set(now_us)
                part = _between(history, told_us, now_us)
                sent += await send_history(session, doors, part, clock, lambda count: progress.advance(bar, count))
                told_us = now_us
                await schedule.look()
                await play(people, world, number)
                await courier.drain()
    return sent


def _mornings(calendar: Calendar) -> Iterator[int]:
    for number in range(DAYS - _LIVED_DAYS, DAYS):
        morning_us = calendar.moment_us(number, _MORNING)
        if calendar.is_workday(number) and morning_us < calendar.now_us:
            yield morning_us


def _between(history: History, start_us: int, end_us: int) -> History:
    def part(events: Sequence[Event]) -> tuple[Event, ...]:
        return tuple(event for event in events if start_us <= event.time_us < end_us)

    return History(part(history.from_gateway), part(history.from_tools))


def _progress(console: Console) -> Progress:
    columns = (TextColumn("Eight weeks of"), TextColumn("{task.description}"), BarColumn(40), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
