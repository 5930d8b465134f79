"""What can be asked: lines to read and buttons to click."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.slack.blocks.parts import button, buttons, message
from bot.slack.message import Block, Message
from bot.slack.text import Mrkdwn


class MenuItem(msgspec.Struct, frozen=True):
    """A button and its label."""

    action_id: str
    label: str


def help_message(lines: Sequence[Mrkdwn], items: Sequence[MenuItem]) -> Message:
    """A line for each thing that can be typed, and the menu that does the same."""
    return message(lines, menu_row(items))


def menu_row(items: Sequence[MenuItem]) -> Block:
    """The menu, at most 25 items."""
    return buttons(*(button(one.action_id, one.label) for one in items))
