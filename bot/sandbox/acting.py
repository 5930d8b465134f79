"""Hands for those who act in the story: what they type, click and fill in goes through the app's signed door.

Somebody's Slack is needed to click in, and the page's takes no clicks but a browser's. So they act in a stand-in of their
own, with the same people; what comes of it is in the one database and goes to whichever Slack is looked at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from bot.faults import Fault
from bot.sandbox.company.people import colleague, slack_id
from bot.sandbox.company.rules import DIGEST_CHANNEL
from bot.sandbox.company.workspace import workspace
from bot.sandbox.serving import conversing
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Account, Workspace
from bot.world import World


class Shown(msgspec.Struct, frozen=True):
    """What somebody sees after they did something: a private answer, or a form."""

    content: dict[str, Any]

    def __contains__(self, words: str) -> bool:
        return any(words in str(block) for block in self._blocks)

    def button(self, action_id: str, beneath: str = "") -> str:
        """The value of the first such button beneath a block with those words. Raises ``Fault``."""
        is_beneath = not beneath
        for block in self._blocks:
            is_beneath = is_beneath or beneath in str(block)
            for element in block.get("elements", ()) if is_beneath else ():
                if element.get("action_id") == action_id:
                    return str(element.get("value", ""))
        raise Fault(f'there is no button {action_id} beneath "{beneath}"')

    def choice(self, block_id: str, words: str = "") -> str:
        """The value of the first choice that has those words. Raises ``Fault``."""
        for option in self._options(block_id):
            if words in option["text"]["text"]:
                return str(option["value"])
        raise Fault(f'there is no choice "{words}" in {block_id}')

    def _options(self, block_id: str) -> Iterator[dict[str, Any]]:
        for block in self._blocks:
            if block.get("block_id") == block_id:
                yield from block["element"]["options"]

    @property
    def _blocks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.content["blocks"]
        return found


class Hands:
    """Everybody's, by e-mail. What the app refuses to take, or does not show, is a ``Fault``."""

    def __init__(self, slack: SlackStandIn, command: str) -> None:
        self._slack = slack
        self._command = command

    async def type(self, email: str, words: str) -> Shown:
        """Types ``words`` after the command; the answer."""
        return _shown(await self._slack.type_command(_id(email), DIGEST_CHANNEL, self._command, words))

    async def click(self, email: str, shown: Shown, action_id: str, beneath: str = "") -> Shown:
        """Clicks a button that is shown; what it answers or opens."""
        value = shown.button(action_id, beneath)
        return _shown(await self._slack.click(_id(email), DIGEST_CHANNEL, action_id, value))

    async def submit(self, email: str, form: Shown, **fields: str) -> None:
        """Fills in the form and sends it."""
        answered = await self._slack.submit(_id(email), form.content, **fields)
        if errors := answered.get("errors"):
            raise Fault(f"a form was not taken: {errors}")


@asynccontextmanager
async def hands(world: World) -> AsyncIterator[Hands]:
    """Hands in ``world``, whose clock signs, until the block ends."""
    slack = SlackStandIn(stand_in_workspace(), lambda: world.now_us() / 1_000_000)
    async with slack.running():
        over_http = {
            "slack_api_url": slack.api_url,
            "slack_bot_token": BOT_TOKEN,
            "slack_signing_secret": SIGNING_SECRET,
            "slack_app_token": "",
        }
        settings = world.settings.model_copy(update=over_http)
        async with conversing(msgspec.structs.replace(world, settings=settings)) as slack.app_url:
            yield Hands(slack, settings.slack_command)


def stand_in_workspace() -> Workspace:
    """The company's Slack as our stand-in plays it."""
    company = workspace()
    made = Workspace(team_id=company.team_id)
    for member in company.members:
        made.add_account(Account(member.id, member.name, member.real_name, member.email, timezone=member.tz))
    for channel in company.channels:
        made.add_channel(channel.name, channel.members, id=channel.id)
    return made


def _id(email: str) -> str:
    return slack_id(colleague(email))


def _shown(answer: dict[str, Any]) -> Shown:
    return Shown(answer.get("view", answer))
