"""The demo on local-slack's page: Bandstand over real Socket Mode, for as long as one likes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.panel import Panel

from bot.sandbox.company.rules import DIGEST_CHANNEL
from bot.sandbox.company.workspace import workspace
from bot.sandbox.installation import SlackAccess, install
from bot.sandbox.local_slack import LocalSlack, free_port, run_local_slack
from bot.sandbox.serving import serving
from bot.sandbox.story import tell_story
from bot.sandbox.tour import directions
from bot.sandbox.waiting import wait_until
from bot.world import Clock, open_world

_DIGEST_WITHIN_S = 60


async def show_on_page(program: Path, folder: Path, port: int | None, now_us: Clock, console: Console) -> None:
    """Runs until it is cancelled. Raises ``Fault`` when the digest does not come."""
    async with run_local_slack(program, workspace(), folder, free_port(port)) as slack:
        access = SlackAccess(slack.api_url, slack.bot_token, slack.signing_secret, slack.app_token, has_charts=False)
        installation = install(folder, access, now_us())
        await tell_story(installation, console)
        with open_world(installation.settings, now_us) as world:
            async with serving(world, with_slack=True) as address:
                await _digest_on_page(slack)
                console.print(_what_to_try(slack, address))
                await asyncio.Event().wait()


async def _digest_on_page(slack: LocalSlack) -> None:
    channel = next(one for one in workspace().channels if f"#{one.name}" == DIGEST_CHANNEL)
    async with aiohttp.ClientSession() as session:

        async def is_there() -> bool:
            return bool(await _messages(session, f"{slack.address}/_control/messages/{channel.id}"))

        await wait_until(is_there, _DIGEST_WITHIN_S, f"no digest came to {DIGEST_CHANNEL} within {_DIGEST_WITHIN_S} s")


async def _messages(session: aiohttp.ClientSession, url: str) -> list[Any]:
    async with session.get(url) as answer:
        found: list[Any] = (await answer.json())["messages"]
        return found


def _what_to_try(slack: LocalSlack, address: str) -> Panel:
    return Panel.fit(
        f"""\
Open [bold]{slack.address}[/bold] in a browser: a Slack of {len(workspace().members)} people, with this week's digest \
in {DIGEST_CHANNEL}.

Four weeks of this company's life are in it. Choose [bold]Act as[/bold], and see what each of them sees:

{directions()}

Then type something yourself:

  • [bold]/rank[/bold] as Noor Haddad: her place, what made it, one next step. As Leo Martin, who is new: what is still missing.
  • [bold]Bandstand[/bold] under Apps is the Home tab: what to do next, scorecards, badges; reports for managers.
  • [bold]/leaderboard team[/bold], and share it; [bold]/bandstand disputes[/bold] as anybody, and answer it as Rosa Lindqvist.
  • [bold]/bandstand teach[/bold] for office hours; [bold]/bandstand help[/bold] for everything, with a menu to click.

The service itself is at {address}. Ctrl-C ends it all.""",
        title="Bandstand at Juniper & Vale",
        padding=(1, 2),
    )
