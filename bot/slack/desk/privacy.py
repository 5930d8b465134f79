"""Whether posts may show one's name."""

from __future__ import annotations

import msgspec

from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.privacy import nothing_to_choose, privacy
from bot.slack.message import Message
from bot.slack.naming import agrees_to_be_named
from bot.slack.request import Request
from bot.world import World
from db.directory import DirectoryPerson, set_naming
from db.trail import Action as Deeds
from db.trail import Deed, append
from db.trail import person as of_person
from scoring.program import NamedBoards


def show_privacy(world: World, request: Request) -> Message:
    """The asker's choice, or the program's rule as long as they have made none."""
    with world.store.read() as conn:
        return _privacy(world, about_oneself(conn, request, Action.CHOOSE_NAMING))


def stay_unnamed(world: World, request: Request) -> Message:
    """Keeps the asker's name out of posts."""
    return _choose(world, request, "unnamed")


def show_my_name(world: World, request: Request) -> Message:
    """Lets posts show the asker's name."""
    return _choose(world, request, "named")


def _choose(world: World, request: Request, naming: str) -> Message:
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.CHOOSE_NAMING)
        set_naming(conn, person.id, naming, world.now_us())
        chosen = Deed(Deeds.NAMING_CHOSEN, of_person(person.id), of_person(person.id), facts={"naming": naming})
        append(conn, world.now_us(), chosen)
    return _privacy(world, msgspec.structs.replace(person, naming=naming))


def _privacy(world: World, person: DirectoryPerson) -> Message:
    named_boards = world.program.privacy.named_boards
    if named_boards is NamedBoards.OFF:
        return nothing_to_choose()
    return privacy(is_named=agrees_to_be_named(person, named_boards))
