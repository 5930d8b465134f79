"""For managers: who reports to them, and what they may know of each."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.slack.blocks.parts import header, paged
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, joined, without_marks


class Report(msgspec.Struct, frozen=True):
    """One person who reports to the reader."""

    name: str
    team: str


def reports(people: Sequence[Report]) -> Message:
    """A line for each, by name, as many as Slack takes, and how many more there are."""
    title = say("reports-count", count=len(people))
    pages = paged(title, [_line(one) for one in people], say("reports-advice"))
    return Message(
        text=without_marks(joined([say("reports-title"), title, say("reports-advice")], " ")),
        blocks=(header(label("reports-title")), *pages),
    )


def _line(one: Report) -> Mrkdwn:
    return say("reports-line", name=one.name, team=one.team) if one.team else say("reports-line-no-team", name=one.name)
