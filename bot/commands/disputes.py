"""``bandstand disputes``: what was disputed, by whom, how the figures stood, and what was answered."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.views import record_view
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id
from db.disputes import Dispute, every_dispute, open_disputes
from scoring.disputes import DisputeState
from scoring.window import from_us, local_day

_COLUMNS = (
    *("id", "person", "subject", "matter", "what", "state", "opened", "due", "is_overdue"),
    *("answered_by", "consequence", "why", "answer", "evidence", "program_version"),
)


def show_disputes(settings: Settings, now_us: Clock, *, every: bool, format: str) -> None:
    """Prints the open disputes, the soonest due first, or ``every`` one, newest first, as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        zone, at_us = world.program.zone, now_us()
        with world.store.read() as conn:
            found = every_dispute(conn) if every else open_disputes(conn)
            people = people_by_id(conn, {id for one in found for id in (one.person_id, one.last.by_id)})
        record_view(world, what="disputes", people=len({one.person_id for one in found}))
        emails = {id: person.email for id, person in people.items()}
        last_days = {one.id: local_day(one.due_us, zone) - timedelta(days=1) for one in found}
    rows = [{**row, "due": last_days[row["id"]].isoformat()} for row in _rows(found, emails, at_us)]
    if format == "json":
        document = {"at": from_us(at_us).isoformat(), "entries": rows}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS)
        out.writeheader()
        out.writerows({**row, "evidence": " ".join(row["evidence"])} for row in rows)
    else:
        _print_table(rows)


def _rows(found: Iterable[Dispute], emails: Mapping[int, str], at_us: int) -> Iterable[dict[str, Any]]:
    for one in found:
        is_open = one.state is DisputeState.OPEN
        yield {
            "id": one.id,
            "person": emails.get(one.person_id, ""),
            "subject": one.matter.subject.value,
            "matter": one.matter.name,
            "what": one.what,
            "state": one.state.value,
            "opened": from_us(one.opened_us).isoformat(),
            "is_overdue": is_open and at_us >= one.due_us,
            "answered_by": "" if is_open else emails.get(one.last.by_id, ""),
            "consequence": one.last.consequence.value,
            "why": one.why,
            "answer": one.last.note,
            "evidence": list(one.evidence),
            "program_version": one.program_version,
        }


def _print_table(rows: Iterable[Mapping[str, Any]]) -> None:
    table = Table(title="Disputes")
    for name in ("id", "person", "what", "state", "due", "why"):
        table.add_column(name)
    for row in rows:
        due = f"{row['due']}, overdue" if row["is_overdue"] else row["due"]
        table.add_row(str(row["id"]), escape(row["person"]), escape(row["what"]), row["state"], due, escape(row["why"]))
    Console().print(table)
