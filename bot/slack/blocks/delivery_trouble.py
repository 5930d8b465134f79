"""Tells AI ops of a message that a person must look at."""

from __future__ import annotations

from bot.slack.message import Message
from bot.slack.text import escape


def delivery_trouble(parcel_id: int, kind: str, error: str) -> Message:
    """``kind`` and the reason; never the message itself, which may be private."""
    text = (
        f"A message of the kind {escape(kind)} (number {parcel_id} in the outbox) needs a look: {escape(error, 200)}. "
        "`bandstand check` lists what waits; docs/operations.md says what to do."
    )
    return Message(text=text, blocks=({"type": "section", "text": {"type": "mrkdwn", "text": text}},))
