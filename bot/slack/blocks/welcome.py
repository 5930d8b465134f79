"""What people are told privately before their name can appear anywhere."""

from __future__ import annotations

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, section
from bot.slack.message import Block, Message
from bot.slack.text import escape
from scoring.program import NamedBoards, Program

_NAMING = {
    NamedBoards.OPT_OUT: "If you get among the first of a board, the weekly post may show your name. "
    "If you would rather not, one click keeps it out, now or any time.",
    NamedBoards.OPT_IN: "The weekly post shows your name only if you say yes, and you can change your mind any time.",
    NamedBoards.OFF: "Posts name teams, never people.",
}


def welcome(program: Program) -> Message:
    """What is measured, what is not, who sees what, and how to stay unnamed."""
    name = escape(program.name)
    paragraphs = (
        f"Hello! You are part of *{name}*. It recognises work that AI helped you get done, for what it cost; "
        "using more AI than needed helps nobody here.",
        "*What is measured:* model calls (model, tokens, cost, when) and finished work (merged, resolved, approved). "
        "*What is not:* prompts and answers are never stored, logged or shown.",
        "*Who sees what:* your place and your figures are for you, and for AI ops, who run the program. "
        "Nobody posts the bottom of a board.",
        _NAMING[program.privacy.named_boards],
        f"Type `{actions.RANK}` any time to see where you stand and what would help most.",
    )
    choices: list[Block] = [button(actions.SHOW_RULES, "How it works")]
    if program.privacy.named_boards is NamedBoards.OPT_OUT:
        choices.append(button(actions.STAY_UNNAMED, "Stay unnamed"))
    elif program.privacy.named_boards is NamedBoards.OPT_IN:
        choices.append(button(actions.SHOW_MY_NAME, "Show my name"))
    return Message(text="\n\n".join(paragraphs).replace("*", ""), blocks=(*map(section, paragraphs), buttons(*choices)))
