"""``bandstand trail``: what is on record, and whether it is what was written."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.faults import Fault
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id, person_by_email
from db.trail import TrailHead, TrailRow, person, trail_rows
from db.trail_check import check_trail
from scoring.window import from_us

_PERSON = re.compile(r"person:(\d+)")


class _Row(msgspec.Struct, frozen=True):
    """A deed as it is listed; people who are in the directory by e-mail, others by their number."""

    number: int
    at: datetime
    actor: str
    action: str
    about: str
    reason: str
    facts: msgspec.Raw


def show_trail(
    settings: Settings, now_us: Clock, *, about: str | None, actor: str | None, since: str | None, format: str
) -> None:
    """Prints what is on record, the oldest first, as a table, JSON or CSV. Raises ``Fault``."""
    with open_world(settings, now_us) as world:
        since_us = None if since is None else moment_us(since, world.program.zone, "--since")
        with world.store.read() as conn:
            subject = None if about is None else _subject(conn, about)
            by = None if actor is None else _subject(conn, actor)
            found = list(trail_rows(conn, about=subject, actor=by, since_us=since_us))
            rows = list(_rows(found, _emails(conn, found)))
        record_view(world, subject if subject and _PERSON.fullmatch(subject) else "", what="trail", rows=len(rows))
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"entries": rows}).decode() + "\n")
    elif format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(_Row.__struct_fields__)
        out.writerows(
            [*msgspec.to_builtins(msgspec.structs.astuple(one)[:-1]), bytes(one.facts).decode()] for one in rows
        )
    else:
        _print_table(rows)


def verify_trail(settings: Settings, now_us: Clock, anchor: str | None, *, format: str) -> None:
    """Recomputes the chain and prints its end. Raises ``Fault`` that names the first row that does not hold."""
    noted = None if anchor is None else _anchor(anchor)
    with open_world(settings, now_us) as world, world.store.read() as conn:
        found = check_trail(conn, noted)
    if found.broken_at is not None:
        raise Fault(f"the trail is broken at row {found.broken_at}: {found.fault}")
    end = f"{found.head.number}:{found.head.hash.hex()}"
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"rows": found.head.number, "anchor": end}).decode() + "\n")
        return
    Console(soft_wrap=True, highlight=False).print(f"{found.head.number:,} rows, one chain, as it was written.\n{end}")


def _anchor(text: str) -> TrailHead:
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if match is None:
        raise Fault(f'--anchor: "{text}" is no end of a trail; write NUMBER:HASH as bandstand trail verify printed it')
    return TrailHead(int(match[1]), bytes.fromhex(match[2]))


def _subject(conn: Connection, text: str) -> str:
    """An e-mail address as the trail names that person; anything else as it is."""
    if "@" not in text:
        return text
    known = person_by_email(conn, text)
    if known is None:
        raise Fault(f"nobody in the directory has the e-mail {text}; for somebody who was erased write person:NUMBER")
    return person(known.id)


def _emails(conn: Connection, rows: list[TrailRow]) -> Mapping[str, str]:
    named = (_PERSON.fullmatch(text) for row in rows for text in (row.actor, row.about))
    ids = {int(match[1]) for match in named if match}
    return {person(id): known.email for id, known in people_by_id(conn, ids).items()}


def _rows(found: list[TrailRow], emails: Mapping[str, str]) -> Iterator[_Row]:
    for row in found:
        yield _Row(
            number=row.number,
            at=from_us(row.at_us),
            actor=emails.get(row.actor, row.actor),
            action=row.action,
            about=emails.get(row.about, row.about),
            reason=_reason(row),
            facts=msgspec.Raw(row.facts.encode()),
        )


def _reason(row: TrailRow) -> str:
    if row.reason is None:
        return "" if row.reason_hash is None else "(erased)"
    return row.reason


def _print_table(rows: list[_Row]) -> None:
    table = Table()
    for column in ("", "when (UTC)", "who", "what", "about", "why", "facts"):
        table.add_column(column, overflow="fold")
    for row in rows:
        facts = ", ".join(f"{name}: {value}" for name, value in msgspec.json.decode(row.facts).items())
        said = (row.actor, row.action.replace("_", " "), row.about, row.reason, facts)
        table.add_row(str(row.number), f"{row.at:%Y-%m-%d %H:%M:%S}", *map(escape, said))
    Console().print(table)
