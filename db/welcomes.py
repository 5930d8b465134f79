"""Who has still to be told privately what is measured. Told is whoever's message Slack has taken, and nobody before."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.directory import DirectoryPerson, mark_welcomed, unwelcomed
from db.many import is_any
from db.tables import outbox

_KEY = "welcome/"


def welcome_key(person_id: int, naming_rule: str) -> str:
    """The outbox's ``dedupe_key`` of a person's welcome: there is one for each rule about names, ever."""
    return f"{_KEY}{person_id}/{naming_rule}"


def without_welcome(conn: Connection, naming_rule: str) -> tuple[DirectoryPerson, ...]:
    """Those who are not told yet that names go by ``naming_rule``, and whose welcome is not even on its way."""
    waiting = unwelcomed(conn, naming_rule)
    keys = [welcome_key(person.id, naming_rule) for person in waiting]
    on_their_way = set(conn.scalars(select(outbox.c.dedupe_key).where(is_any(conn, outbox.c.dedupe_key, keys))))
    return tuple(person for person, key in zip(waiting, keys, strict=True) if key not in on_their_way)


def record_told(conn: Connection, parcel_id: int, now_us: int) -> None:
    """Keeps that the person has been told, where message ``parcel_id`` of the outbox is a welcome; Slack has it now."""
    key = conn.scalar(select(outbox.c.dedupe_key).where(outbox.c.id == parcel_id, outbox.c.kind == "welcome"))
    if key is not None:
        person_id, _, naming_rule = key.removeprefix(_KEY).partition("/")
        mark_welcomed(conn, int(person_id), naming_rule, now_us)
