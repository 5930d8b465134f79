"""What we say in Slack: blocks, and the plain text that says the same."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Block: TypeAlias = dict[str, Any]


class Message(msgspec.Struct, frozen=True):
    """``text`` is what notifications and screen readers get; it stands for the blocks and is never empty."""

    text: str
    blocks: tuple[Block, ...]
