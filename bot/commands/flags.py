"""``bandstand flags``: what looks odd, with the evidence; and a person's decision on it."""

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
from bot.faults import Fault
from bot.flagging import named_flags_at
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id, person_by_email
from db.flags import decide
from db.trail import Action, Deed, append
from db.trail import person as of_person
from scoring.flag import Flag, FlagState
from scoring.flags.decisions import Decision
from scoring.window import from_us

_COLUMNS = ("id", "person", "kind", "from", "to", "state", "text")


def show_flags(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints every flag as it stands at ``at``, as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            found = named_flags_at(conn, at_us, world.rule_book_at(at_us).program).every
            people = people_by_id(conn, {flag.person_id for flag in found.values()})
        record_view(world, what="flags", people=len(people))
    emails = {person_id: person.email for person_id, person in people.items()}
    rows = [_row(id, flag, emails) for id, flag in found.items() if flag.person_id in emails]
    rows.sort(key=lambda row: (row["state"] != "open", row["person"], row["kind"]))
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"at": from_us(at_us).isoformat(), "entries": rows}).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS, extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
    else:
        table = Table(title="Flags")
        for name in _COLUMNS:
            table.add_column(name)
        for row in rows:
            table.add_row(*(escape(str(row[name])[:10] if name in ("from", "to") else row[name]) for name in _COLUMNS))
        Console().print(table)


def decide_flag(settings: Settings, now_us: Clock, id: str, verdict: str, *, reason: str, by: str) -> None:
    """Puts down what a person found. Raises ``Fault`` where the flag or the person is not known, or is one's own."""
    with open_world(settings, now_us) as world, world.store.write() as conn:
        flag = named_flags_at(conn, now_us(), world.program).every.get(id)
        if flag is None:
            raise Fault(f'there is no flag "{id}"; bandstand flags lists them')
        decider = person_by_email(conn, by)
        if decider is None:
            raise Fault(f"nobody in the directory has the e-mail {by}")
        if decider.id == flag.person_id:
            raise Fault("nobody decides on a flag of their own")
        state = FlagState.CONFIRMED if verdict == "confirm" else FlagState.DISMISSED
        decide(conn, Decision(id, flag, state, str(decider.id), reason, now_us()))
        action = Action.FLAG_CONFIRMED if state is FlagState.CONFIRMED else Action.FLAG_DISMISSED
        facts = {"flag": id, "kind": str(flag.kind)}
        append(conn, now_us(), Deed(action, of_person(decider.id), of_person(flag.person_id), reason, facts))
        reviewers = world.program.flags.reviewers
    waits = state is FlagState.CONFIRMED and reviewers > 1
    Console().print(f"Put down: {state}." + (" It takes effect once another person confirms it." if waits else ""))


def _row(id: str, flag: Flag, emails: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": id,
        "person": emails[flag.person_id],
        "kind": str(flag.kind),
        "from": from_us(flag.from_us).isoformat(),
        "to": from_us(flag.to_us).isoformat(),
        "evidence": flag.evidence,
        "text": flag.text,
        "state": str(flag.state),
    }
