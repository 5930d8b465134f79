"""Contributions that people tell in Slack: ordinary events of the ledger, so that boards need no second path."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.world import World
from db.directory import DirectoryPerson
from db.identities import resolve
from db.ledger import Calendar, append
from scoring.events import Contribution, Event

SOURCE = "bandstand.slack"


def contribute(conn: Connection, world: World, person: DirectoryPerson, contribution: Contribution, id: str) -> bool:
    """Puts what ``person`` did into the ledger, in the transaction of ``conn``; False where ``id`` stands there already.

    ``id`` says what was done by whom, not when: whoever clicks again says the same again. The person is known by their
    address, and proved, as Slack signed who they are.
    """
    now_us = world.now_us()
    event = Event(SOURCE, id, person.email, now_us, contribution)
    (is_new,) = append(
        conn,
        [event],
        calendar=Calendar(world.program.zone, as_text=world.store.is_sqlite),
        identify=lambda conn, names: resolve(conn, names, now_us),
        received_us=now_us,
    )
    return is_new
