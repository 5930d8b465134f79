"""``bandstand tokens``: make, list and take back the tokens with which programs send."""

from __future__ import annotations

import csv
import sys
from datetime import datetime

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.views import record_view
from bot.faults import Fault
from bot.ingest_token import TOKEN_DOORS, new_token
from bot.settings import Settings
from bot.token_deeds import record_token
from bot.world import Clock, World, open_world
from db.directory import people_by_id
from db.ingest_tokens import add_token, all_tokens, revoke_token
from db.trail import COMMAND_LINE, Action
from scoring.window import from_us

_LONGEST_NAME = 100


class _Row(msgspec.Struct, frozen=True):
    """A token as it is listed; ``person`` is an e-mail address, None for a program's token."""

    id: str
    door: str
    person: str | None
    name: str
    created: datetime
    last_used: datetime | None
    revoked: datetime | None


def make_token(settings: Settings, now_us: Clock, door: str, name: str) -> None:
    """Prints a new token for ``door`` on stdout, this once. Raises ``Fault``."""
    if door not in TOKEN_DOORS:
        raise Fault(f'"{door}" is no door that tokens open; there are {", ".join(TOKEN_DOORS)}')
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Fault(f"--name: say in 1 to {_LONGEST_NAME} characters what will use the token")
    made = new_token()
    with open_world(settings, now_us) as world, world.store.write() as conn:
        add_token(conn, id=made.id, door=door, person_id=None, name=name, hash=made.hash, now_us=now_us())
        record_token(conn, Action.TOKEN_MADE, made.id, actor=COMMAND_LINE, now_us=now_us())
    sys.stderr.write(f"Token {made.id} opens /hooks/{door}. Keep it now; it is not shown again.\n")
    sys.stdout.write(f"{made.text}\n")


def show_tokens(settings: Settings, now_us: Clock, *, with_revoked: bool, format: str) -> None:
    """Prints the tokens, without anything that would prove them, as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        rows = [row for row in _rows(world) if with_revoked or row.revoked is None]
        record_view(world, what="tokens", people=len({row.person for row in rows if row.person is not None}))
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"entries": rows}).decode() + "\n")
    elif format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(_Row.__struct_fields__)
        out.writerows(msgspec.to_builtins(row).values() for row in rows)
    else:
        _print_table(rows)


def take_back_token(settings: Settings, now_us: Clock, token_id: str) -> None:
    """Revokes a token by its id. Raises ``Fault``."""
    with open_world(settings, now_us) as world, world.store.write() as conn:
        if not revoke_token(conn, token_id, now_us()):
            raise Fault(f'there is no live token "{token_id}"; see bandstand tokens list')
        record_token(conn, Action.TOKEN_REVOKED, token_id, actor=COMMAND_LINE, now_us=now_us())
    Console().print(f"Token {escape(token_id)} is revoked; within seconds no server takes it any more.")


def _rows(world: World) -> list[_Row]:
    with world.store.read() as conn:
        tokens = all_tokens(conn)
        people = people_by_id(conn, {one.person_id for one in tokens if one.person_id is not None})
    return [
        _Row(
            id=one.id,
            door=one.door,
            person=people[one.person_id].email if one.person_id in people else None,
            name=one.name,
            created=from_us(one.created_us),
            last_used=None if one.last_used_us is None else from_us(one.last_used_us),
            revoked=None if one.revoked_us is None else from_us(one.revoked_us),
        )
        for one in tokens
    ]


def _print_table(rows: list[_Row]) -> None:
    table = Table()
    for column in _Row.__struct_fields__:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        moments = (f"{at:%Y-%m-%d %H:%MZ}" if at else "" for at in (row.created, row.last_used, row.revoked))
        table.add_row(row.id, row.door, escape(row.person or ""), escape(row.name), *moments)
    Console().print(table)
