"""The demo in the terminal, with our own stand-in for Slack: a digest, an answer, and proof that they are right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from bot.faults import Fault
from bot.sandbox.company.people import DOMAIN, colleague, slack_id
from bot.sandbox.company.rules import DIGEST_CHANNEL
from bot.sandbox.company.workspace import workspace
from bot.sandbox.installation import SlackAccess, install
from bot.sandbox.proof import agree_with_standings, keep_no_content
from bot.sandbox.serving import serving
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Account, Workspace
from bot.sandbox.story import tell_story
from bot.sandbox.terminal import message_panel
from bot.slack.message import Message
from bot.world import Clock, open_world

_ASKER = f"noor.haddad@{DOMAIN}"
_SHOWN = (
    (f"noor.haddad@{DOMAIN}", "badge", "recognition, with what to learn next"),
    (f"felix.brandt@{DOMAIN}", "Red band", "a warning, and what clears it"),
    (f"ines.duarte@{DOMAIN}", "report", "one message for all of her reports"),
)


async def show_in_terminal(folder: Path, now_us: Clock, console: Console) -> None:
    """Ends by itself. Raises ``Fault`` when a message does not come or says something that is not so."""
    slack = SlackStandIn(_stand_in_workspace())
    async with slack.running():
        installation = install(folder, SlackAccess(slack.api_url, BOT_TOKEN, SIGNING_SECRET), now_us())
        sent = await tell_story(installation, console)
        console.print(f"{sent.accepted:,} events taken in through two doors, {sent.rejected} refused.\n")
        with open_world(installation.settings, now_us) as world:
            async with serving(world, with_slack=True) as address:
                slack.app_url = address
                digest = _newest(slack, DIGEST_CHANNEL, "AI guild")
                asker = colleague(_ASKER)
                answer = _message(await slack.type_command(slack_id(asker), DIGEST_CHANNEL, "/rank"))
            for whose, words, title in _SHOWN:
                reader = colleague(whose)
                console.print(
                    message_panel(_newest(slack, slack_id(reader), words), f"to {reader.name} alone: {title}")
                )
            console.print(message_panel(digest, f"{DIGEST_CHANNEL}: the weekly digest"))
            console.print(message_panel(answer, f"what {asker.name} sees alone, after typing /rank"))
            console.print(agree_with_standings(world, installation.story_ends_us, digest, answer, asker))
    console.print(keep_no_content(folder))


def _stand_in_workspace() -> Workspace:
    company = workspace()
    made = Workspace(team_id=company.team_id)
    for member in company.members:
        made.add_account(Account(member.id, member.name, member.real_name, member.email))
    for channel in company.channels:
        made.add_channel(channel.name, channel.members, id=channel.id)
    return made


def _newest(slack: SlackStandIn, name_or_id: str, words: str) -> Message:
    """Raises ``Fault`` where no message has the words."""
    for sent in reversed(slack.messages(name_or_id)):
        if words.casefold() in sent["text"].casefold():
            return _message(sent)
    raise Fault(f'no message with "{words}" came to {name_or_id}')


def _message(sent: dict[str, Any]) -> Message:
    return Message(text=sent["text"], blocks=tuple(sent["blocks"]))
