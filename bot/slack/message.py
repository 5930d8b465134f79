"""What we say in Slack: blocks, and the plain text that says the same."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Block: TypeAlias = dict[str, Any]


class Message(msgspec.Struct, frozen=True):
    """``text`` is what notifications and screen readers get; it stands for the blocks and is never empty."""

    text: str
    blocks: tuple[Block, ...]


class Modal(msgspec.Struct, frozen=True):
    """A form. ``submission`` names it to ``bot.slack.listeners.submissions``; ``submit`` is the label of its button.

    ``title`` and ``submit`` have at most 24 characters. ``hidden`` comes back with it: a hint, never authority.
    """

    title: str
    blocks: tuple[Block, ...]
    submission: str
    submit: str
    hidden: str = ""


Answer: TypeAlias = Message | Modal
