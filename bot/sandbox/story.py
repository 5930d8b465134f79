"""Tells the service what happened at Juniper & Vale: eight weeks of events through its real doors, as fast as they go."""

from __future__ import annotations

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.sandbox.company.history import make_history
from bot.sandbox.company.sending import Doors, Sent, send_history
from bot.sandbox.installation import Installation
from bot.sandbox.serving import serving
from bot.world import Clock, open_world


async def tell_story(installation: Installation, now_us: Clock, console: Console) -> Sent:
    """Starts the doors alone, sends everything and stops them. Raises ``Fault`` when a door refuses."""
    secrets = installation.settings.hook_secrets
    history = make_history(installation.story_ends_us)
    with open_world(installation.settings, now_us) as world, _progress(console) as progress:
        bar = progress.add_task("events", total=len(history.from_gateway) + len(history.from_tools))
        async with serving(world, with_slack=False) as address, aiohttp.ClientSession() as session:
            doors = Doors(address, events_secret=secrets.events[0], gateway_secret=secrets.litellm[0])
            return await send_history(session, doors, history, now_us, lambda count: progress.advance(bar, count))


def _progress(console: Console) -> Progress:
    columns = (TextColumn("Eight weeks of"), TextColumn("{task.description}"), BarColumn(40), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
