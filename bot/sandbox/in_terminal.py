"""The demo in the terminal, with our own stand-in for Slack: a digest, an answer, and proof that they are right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel

from bot.faults import Fault
from bot.sandbox.acting import stand_in_workspace
from bot.sandbox.acts import HER_LEAD
from bot.sandbox.company.people import colleague, slack_id
from bot.sandbox.company.rules import DIGEST_CHANNEL
from bot.sandbox.installation import SlackAccess, install
from bot.sandbox.proof import agree_with_standings, keep_no_content
from bot.sandbox.serving import serving
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET
from bot.sandbox.story import tell_story
from bot.sandbox.terminal import message_panel
from bot.sandbox.tour import TOUR, Stop
from bot.slack.message import Message
from bot.world import Clock, open_world


async def show_in_terminal(folder: Path, now_us: Clock, console: Console) -> None:
    """Ends by itself. Raises ``Fault`` when a message does not come or says something that is not so."""
    slack = SlackStandIn(stand_in_workspace())
    async with slack.running():
        installation = install(folder, SlackAccess(slack.api_url, BOT_TOKEN, SIGNING_SECRET), now_us())
        sent = await tell_story(installation, console)
        console.print(f"{sent.accepted:,} events taken in through two doors, {sent.rejected} refused.\n")
        with open_world(installation.settings, now_us) as world:
            async with serving(world, with_slack=True) as address:
                slack.app_url = address
                digest = _newest(slack, DIGEST_CHANNEL, "AI guild")
                asker = colleague(HER_LEAD)
                answer = _message(await slack.type_command(slack_id(asker), DIGEST_CHANNEL, "/rank"))
            for stop in TOUR:
                console.print(_panel(slack, stop))
            console.print(message_panel(digest, f"{DIGEST_CHANNEL}: the weekly digest"))
            console.print(message_panel(answer, f"what {asker.name} sees alone, after typing /rank"))
            console.print(agree_with_standings(world, installation.story_ends_us, digest, answer, asker))
    console.print(keep_no_content(folder))


def _panel(slack: SlackStandIn, stop: Stop) -> Panel:
    """What stands at a stop of the tour. Raises ``Fault`` where it does not."""
    place = stop.channel or slack_id(colleague(stop.email))
    where = f"{stop.name} in {stop.channel}" if stop.channel else f"to {stop.name} alone"
    return message_panel(_newest(slack, place, stop.words), f"{where}: {stop.title}")


def _newest(slack: SlackStandIn, name_or_id: str, words: str) -> Message:
    """Raises ``Fault`` where no message has the words."""
    for sent in reversed(slack.messages(name_or_id)):
        if words.casefold() in sent["text"].casefold():
            return _message(sent)
    raise Fault(f'no message with "{words}" came to {name_or_id}')


def _message(sent: dict[str, Any]) -> Message:
    return Message(text=sent["text"], blocks=tuple(sent["blocks"]))
