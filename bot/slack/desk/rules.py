"""The program in plain language."""

from __future__ import annotations

from bot.slack.authority import Action, about_nobody
from bot.slack.blocks.rules import rules
from bot.slack.message import Message
from bot.slack.request import Request
from bot.world import World
from scoring.rules import rules_of


def show_rules(world: World, request: Request) -> Message:
    """What counts, what does not, who sees what."""
    with world.store.read() as conn:
        about_nobody(conn, world.program, request, Action.SEE_RULES)
    return rules(rules_of(world.program))
