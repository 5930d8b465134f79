"""What an operator looked at, for the audit trail."""

from __future__ import annotations

from bot.world import World
from db.trail import COMMAND_LINE, Action, Deed, Fact, append


def record_view(world: World, about: str = "", **facts: Fact) -> None:
    """Puts on record that whoever is at the command line was shown data on people.

    ``about``: the person, where it is about one; a list is one row, with how many people are in it.
    """
    with world.store.write() as conn:
        append(conn, world.now_us(), Deed(Action.VIEWED, COMMAND_LINE, about, facts=facts))
