"""What people are told privately before their name can appear anywhere."""

from __future__ import annotations

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import joined, without_marks
from scoring.program import NamedBoards, Program


def welcome(program: Program, command: str) -> Message:
    """What is measured, what is not, who sees what, and how to stay unnamed; ``command`` is ours."""
    paragraphs = (
        say("welcome-hello", program=program.name),
        say("welcome-measured"),
        say("welcome-who-sees-what"),
        say("welcome-naming", rule=program.privacy.named_boards),
        say("welcome-ask", command=command),
    )
    return Message(
        text=without_marks(joined(paragraphs, "\n\n")),
        blocks=(*map(section, paragraphs), buttons(*_choices(program.privacy.named_boards))),
    )


def _choices(named_boards: NamedBoards) -> list[Block]:
    choices = [button(actions.SHOW_RULES, label("button-how-it-works"))]
    if named_boards is NamedBoards.OPT_OUT:
        choices.append(button(actions.STAY_UNNAMED, label("button-stay-unnamed")))
    elif named_boards is NamedBoards.OPT_IN:
        choices.append(button(actions.SHOW_MY_NAME, label("button-show-my-name")))
    return choices
