"""The program in plain language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blocks.parts import cut, header, section
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, without_marks
from scoring.rules import RuleSection

_LONGEST_TEXT = 12_000


def rules(sections: Sequence[RuleSection]) -> Message:
    """One section for each of the program's."""
    texts = [_section(one) for one in sections]
    text = cut(without_marks(joined(texts, "\n\n")), _LONGEST_TEXT)
    return Message(text=text, blocks=(header(label("rules-title")), *map(section, texts)))


def _section(of: RuleSection) -> Mrkdwn:
    title = say("rules-section", title=escape(of.title, 150))
    return joined([title, *(say("rules-sentence", sentence=escape(one, 600)) for one in of.sentences)])
