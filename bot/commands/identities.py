"""``bandstand identities``: whom nobody answers to, by volume, and links made by hand."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from bot.commands.moments import length_days
from bot.commands.views import record_view
from bot.faults import Fault
from bot.likely_owners import LikelyOwners
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.directory import DirectoryPerson, everyone, people_by_id, person_by_email
from db.hand_links import HandLinkError, link_by_hand, unlink_by_hand
from db.identities import SourceName, known_names, unattributed
from db.trail import COMMAND_LINE
from scoring.window import local_day


class Stranger(msgspec.Struct, frozen=True):
    """A name that is nobody's, what came under it, and who may be behind it."""

    source: str
    external_id: str
    strength: str
    calls: int
    tokens: int
    cost_nanousd: int
    events: int
    last_seen: date | None
    suggestions: tuple[str, ...]


def show_identities(settings: Settings, now_us: Clock, *, window: str, format: str) -> None:
    """Prints the unattributed of the last ``window``, most events first, as a table, JSON or CSV."""
    days = length_days(window)
    with open_world(settings, now_us) as world:
        strangers = _strangers(world, days)
        record_view(world, what="identities", names=len(strangers))
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"entries": strangers}).decode() + "\n")
    elif format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(Stranger.__struct_fields__)
        out.writerows([*msgspec.structs.astuple(one)[:-1], " ".join(one.suggestions)] for one in strangers)
    else:
        _print_table(strangers, window)


def link_identity(settings: Settings, now_us: Clock, source: str, external_id: str, email: str) -> None:
    """Makes the identity the person's, by hand. Raises ``Fault``."""
    with open_world(settings, now_us) as world:
        person = _link(world, (source, external_id), email)
    _say(f"{source} {external_id} is {person.email} now, and all that came under that name is theirs.")


def unlink_identity(settings: Settings, now_us: Clock, source: str, external_id: str) -> None:
    """Takes a link made by hand back. Raises ``Fault``."""
    with open_world(settings, now_us) as world:
        owner = _unlink(world, (source, external_id))
    whose = "nobody" if owner is None else f"{owner.email} by its address"
    _say(f"{source} {external_id} belongs to {whose} now.")


def _link(world: World, name: SourceName, email: str) -> DirectoryPerson:
    try:
        with world.store.write() as conn:
            person = person_by_email(conn, email)
            if person is None:
                raise Fault(f"nobody in the directory has the e-mail {email}; see bandstand import people")
            link_by_hand(conn, name, person.id, actor=COMMAND_LINE, now_us=world.now_us())
            return person
    except HandLinkError as error:
        raise Fault(f"{' '.join(name)}: {error}") from error


def _unlink(world: World, name: SourceName) -> DirectoryPerson | None:
    try:
        with world.store.write() as conn:
            owner = unlink_by_hand(conn, name, actor=COMMAND_LINE, now_us=world.now_us())
            return None if owner is None else people_by_id(conn, [owner])[owner]
    except HandLinkError as error:
        raise Fault(f"{' '.join(name)}: {error}") from error


def _strangers(world: World, days: int) -> list[Stranger]:
    since = local_day(world.now_us(), world.program.zone) - timedelta(days=days)
    with world.store.read() as conn:
        found = unattributed(conn, since)
        owners = LikelyOwners(_names(conn))
    return [
        Stranger(
            source=one.source,
            external_id=one.external_id,
            strength="asserted" if one.is_asserted else "proved",
            calls=one.calls,
            tokens=one.tokens,
            cost_nanousd=one.cost_nanousd,
            events=one.events,
            last_seen=one.last_day,
            suggestions=owners.of(one.external_id),
        )
        for one in found
    ]


def _names(conn: Connection) -> Iterator[tuple[str, str]]:
    """The addresses and other names of those who work here, with their addresses."""
    emails = {person.id: person.email for person in everyone(conn) if person.is_active}
    for email in emails.values():
        yield email, email
    for name, person_id in known_names(conn):
        if person_id in emails:
            yield name, emails[person_id]


def _print_table(strangers: list[Stranger], window: str) -> None:
    table = Table(title=f"Nobody's in the last {window}; costs are those of the priced calls", pad_edge=False)
    table.add_column("who", overflow="fold")
    table.add_column("strength", no_wrap=True)
    for column in ("calls", "tokens", "cost"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("last seen", no_wrap=True)
    table.add_column("perhaps", overflow="fold")
    for one in strangers:
        who = f"{one.source}: {one.external_id or '(no name)'}"
        amounts = (f"{one.calls:,}", f"{one.tokens:,}", f"${one.cost_nanousd / 1e9:,.2f}")
        perhaps = ", ".join(one.suggestions)
        table.add_row(escape(who), one.strength, *amounts, str(one.last_seen), escape(perhaps))
    Console().print(table)


def _say(text: str) -> None:
    Console(soft_wrap=True, highlight=False).print(escape(text))
