"""What can be asked."""

from __future__ import annotations

from bot.slack import actions
from bot.slack.blocks.parts import message
from bot.slack.message import Message
from bot.slack.say import say
from bot.slack.text import Mrkdwn


def help_message(unknown: str = "", suggestion: str = "") -> Message:
    """Every sub-command; first, what ``unknown`` may have meant."""
    command = Mrkdwn(actions.BANDSTAND)
    lines = [
        say("help-rank", command=command),
        say("help-rank-team", command=command),
        say("help-leaderboard", command=command),
        say("help-rules", command=command),
        say("help-privacy", command=command),
        say("help-connect", command=command),
        say("help-help", command=command),
    ]
    if suggestion:
        lines.insert(0, say("help-suggestion", word=unknown, command=command, suggestion=suggestion))
    elif unknown:
        lines.insert(0, say("help-unknown", word=unknown))
    return message(lines)
