"""What to do next, before everything else in Home: one line for each matter in which something would help."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.slack.blocks.home.badges import NextBadge, learn
from bot.slack.blocks.parts import header, section
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, without_marks


class NextSteps(msgspec.Struct, frozen=True):
    """``waiting`` requests and disputes are the reader's to decide.

    ``band`` and ``place`` say what would help most with a warning and with the score; "" = nothing to say.
    ``badge`` is the nearest of those that only work can bring.
    """

    waiting: int = 0
    band: str = ""
    place: str = ""
    badge: NextBadge | None = None

    @property
    def is_empty(self) -> bool:
        return self == NextSteps()


def next_steps(of: NextSteps) -> Message:
    """A line each."""
    told = joined(_lines(of))
    return Message(
        text=without_marks(joined([say("next-title"), told])), blocks=(header(label("next-title")), section(told))
    )


def _lines(of: NextSteps) -> Iterator[Mrkdwn]:
    if of.waiting:
        yield say("next-waiting", count=of.waiting)
    if of.band:
        yield say("next-band", step=escape(of.band, 400))
    if of.place:
        yield say("next-place", step=escape(of.place, 400))
    if of.badge is not None:
        text, training = escape(of.badge.text, 300), learn(of.badge.training)
        level, step = of.badge.level, of.badge.step
        yield say("next-badge", title=of.badge.title, text=text, level=level, step=step, learn=training)
