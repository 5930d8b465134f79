"""``bandstand export``: all that is kept about one person, as one JSON document."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec

from bot.faults import Fault
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import person_by_email
from db.export import Fields, tables_about
from db.trail import COMMAND_LINE, Action, Deed, append, person
from scoring.window import from_us


def export_person(settings: Settings, now_us: Clock, email: str) -> None:
    """Prints the document on stdout, row by row, so that years of events need no memory. Raises ``Fault``."""
    with open_world(settings, now_us) as world:
        at_us = now_us()
        with world.store.write() as conn:
            known = person_by_email(conn, email)
            if known is None:
                raise Fault(f"nobody in the directory has the e-mail {email}; see bandstand import people")
            append(conn, at_us, Deed(Action.EXPORTED, COMMAND_LINE, person(known.id)))
        with world.store.read() as conn:
            sys.stdout.write(f'{{"exported":"{from_us(at_us).isoformat()}","person":{_json(known.email)}')
            for name, rows in tables_about(conn, known.id):
                sys.stdout.write(f",{_json(name)}:[")
                sys.stdout.writelines(_separated(rows))
                sys.stdout.write("]")
            sys.stdout.write("}\n")


def _separated(rows: Iterator[Fields]) -> Iterator[str]:
    separator = ""
    for row in rows:
        yield f"{separator}{_json(row)}"
        separator = ","


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
