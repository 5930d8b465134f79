"""Tells AI ops of a message that a person must look at."""

from __future__ import annotations

from bot.slack.blocks.parts import plain
from bot.slack.message import Message
from bot.slack.say import say
from bot.slack.text import Mrkdwn, escape


def delivery_trouble(parcel_id: int, kind: str, error: str) -> Message:
    """``kind`` and the reason; never the message itself, which may be private."""
    return plain(say("trouble-delivery", kind=kind, number=Mrkdwn(str(parcel_id)), error=escape(error, 200)))
