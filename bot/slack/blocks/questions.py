"""A question to the people who run the program: the form, and what they get."""

from __future__ import annotations

from bot.slack import actions
from bot.slack.blocks.parts import plain, text_input
from bot.slack.message import Message, Modal
from bot.slack.say import label, say
from bot.slack.text import escape

QUESTION = "question"
_LONGEST = 1000


def question_form() -> Modal:
    return Modal(
        title=label("question-title"),
        blocks=(text_input(QUESTION, label("question-label"), _LONGEST, hint=label("question-hint")),),
        submission=actions.SEND_QUESTION,
        submit=label("button-send"),
    )


def question_for_ai_ops(name: str, question: str) -> Message:
    return plain(say("question-asked", name=name, question=escape(question, _LONGEST)))
