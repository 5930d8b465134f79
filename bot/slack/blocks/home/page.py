"""The Home tab as a whole: its sections one beneath the other, within what Slack takes, and the menu."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.slack.blocks.help import MenuItem, menu_row
from bot.slack.blocks.parts import context
from bot.slack.message import Block, Message
from bot.slack.say import say

_MOST_BLOCKS = 100
_DIVIDER: Block = {"type": "divider"}


def home_page(sections: Iterable[Message], menu: Sequence[MenuItem]) -> Block:
    """The view to publish. The most important comes first: whatever is too much for one page is left out at its end."""
    blocks = [block for section in sections for block in (*section.blocks, _DIVIDER)]
    room = _MOST_BLOCKS - 1
    if len(blocks) > room:
        blocks = [*blocks[: room - 1], context(say("home-more"))]
    return {"type": "home", "blocks": [*blocks, menu_row(menu)]}
