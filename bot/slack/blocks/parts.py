"""The few kinds of block that messages are made of."""

from __future__ import annotations

from bot.slack.message import Block
from bot.slack.text import clean

_LONGEST_SECTION = 3000
_LONGEST_HEADER = 150
_LONGEST_LABEL = 75


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": clean(text, _LONGEST_HEADER), "emoji": False}}


def section(mrkdwn: str) -> Block:
    """Foreign strings in ``mrkdwn`` are escaped already; what is longer than Slack takes is cut at a line."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, _LONGEST_SECTION), "verbatim": True}}


def context(mrkdwn: str) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, _LONGEST_SECTION), "verbatim": True}],
    }


def button(action_id: str, label: str, value: str = "", *, is_primary: bool = False) -> Block:
    """``value`` is a hint alone; who may do what is decided at the click."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": clean(label, _LONGEST_LABEL), "emoji": False},
    }
    if value:
        made["value"] = value
    if is_primary:
        made["style"] = "primary"
    return made


def buttons(*made: Block) -> Block:
    return {"type": "actions", "elements": list(made)}


def cut(text: str, longest: int) -> str:
    """Whole lines of ``text`` up to ``longest`` characters; a first line that is longer is cut off."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return (kept[: kept.rfind("\n")] if "\n" in kept else kept) + "…"
