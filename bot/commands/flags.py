"""``bandstand flags``: what looks like playing the game, computed for any moment, and what people decided about it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.flagging import decide, named_flags_at
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id
from scoring.flag import Flag, FlagState
from scoring.window import from_us

_COLUMNS = ("id", "person", "kind", "state", "from", "to", "strength", "text", "evidence")
_SAID = {
    FlagState.OPEN: "One confirmation; the flag stays open until another person confirms it too.",
    FlagState.CONFIRMED: "Confirmed: what was flagged counts for nothing from now on.",
    FlagState.DISMISSED: "Dismissed: what was due is given, and the same pattern is not flagged again.",
}


def show_flags(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints the flags at ``at``, open ones first, as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            found = named_flags_at(conn, at_us, world.rule_book_at(at_us).program).every
            people = people_by_id(conn, {flag.person_id for flag in found.values()})
        record_view(world, what="flags", people=len(people))
    rows = _rows(found, {person_id: person.email for person_id, person in people.items()})
    if format == "json":
        document = {"at": from_us(at_us).isoformat(), "entries": rows}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS)
        out.writeheader()
        out.writerows({**row, "evidence": msgspec.json.encode(row["evidence"]).decode()} for row in rows)
    else:
        _print_table(rows)


def decide_flag(settings: Settings, now_us: Clock, id: str, verdict: str, *, reason: str, by: str) -> None:
    """Puts a decision down and says what follows from it. Raises ``Fault`` where it cannot be taken."""
    with open_world(settings, now_us) as world:
        said = FlagState.CONFIRMED if verdict == "confirm" else FlagState.DISMISSED
        state = decide(world.store, id, said, by=by, reason=reason, program=world.program, now_us=now_us())
    Console(soft_wrap=True).print(_SAID[state])


def _rows(found: Mapping[str, Flag], emails: Mapping[int, str]) -> list[dict[str, Any]]:
    order = list(FlagState)
    known = [(id, flag) for id, flag in found.items() if flag.person_id in emails]
    known.sort(key=lambda pair: (order.index(pair[1].state), emails[pair[1].person_id], pair[1].kind, pair[1].from_us))
    return [
        {
            "id": id,
            "person": emails[flag.person_id],
            "kind": flag.kind.value,
            "from": from_us(flag.from_us).isoformat(),
            "to": from_us(flag.to_us).isoformat(),
            "evidence": flag.evidence,
            "state": flag.state.value,
            "strength": flag.strength,
            "text": flag.text,
        }
        for id, flag in known
    ]


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = Table(title="Flags")
    for name in ("id", "person", "kind", "state", "why"):
        table.add_column(name)
    for row in rows:
        table.add_row(row["id"], escape(row["person"]), row["kind"], row["state"], escape(row["text"]))
    Console().print(table)
