"""One's own two scorecards: every figure, which way it went, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blocks.parts import context, header, paged
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, without_marks
from scoring.scorecards.card import Figure, Scorecard


def scorecards(cards: Sequence[Scorecard]) -> Message:
    """A section a card; beneath them, what the figures are held against."""
    told = [(say("scorecard-title", title=card.title), _lines(card)) for card in cards]
    texts = [joined([title, *lines]) for title, lines in told]
    return Message(
        text=without_marks(joined([say("scorecards-title"), *texts])),
        blocks=(
            header(label("scorecards-title")),
            *(block for title, lines in told for block in paged(title, lines, most_sections=1)),
            context(say("scorecards-about")),
        ),
    )


def _lines(card: Scorecard) -> list[Mrkdwn]:
    missing = [say("scorecard-missing", text=escape(one, 200)) for one in card.missing]
    return [*map(_figure, card.figures), *missing]


def _figure(one: Figure) -> Mrkdwn:
    went = "unknown" if one.is_better is None else "better" if one.is_better else "worse"
    return say("scorecard-figure", text=escape(one.text, 200), went=went)
