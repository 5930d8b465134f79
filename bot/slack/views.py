"""What people were shown of others, for the audit trail: once a day for each viewer and kind, and again where it grew."""

from __future__ import annotations

from bot.world import World
from db.directory import DirectoryPerson
from db.trail import Action, Deed, append, hold, most_viewed
from db.trail import person as of_person
from scoring.window import local_day, midnight_us


def viewed(world: World, viewer: DirectoryPerson, what: str, *, people: int, about: int | None = None) -> None:
    """Puts on record that ``viewer`` was shown ``what`` of so many ``people`` (``about``: of that one).

    Home is opened often: what is on record of today already, with as many people, is not put down again.
    """
    now_us = world.now_us()
    since_us = midnight_us(local_day(now_us, world.program.zone), world.program.zone)
    actor, subject = of_person(viewer.id), "" if about is None else of_person(about)
    with world.store.read() as conn:
        if not people or most_viewed(conn, actor, subject, what, since_us) >= people:
            return
    with world.store.write() as conn:
        hold(conn)
        if most_viewed(conn, actor, subject, what, since_us) < people:
            append(conn, now_us, Deed(Action.VIEWED, actor, subject, facts={"what": what, "people": people}))
