"""``bandstand badges``: who holds which badge, computed for any moment."""

from __future__ import annotations

import csv
import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.faults import Fault
from bot.flagging import flags_at
from bot.recognition import Held, badges_at
from bot.settings import Settings
from bot.world import Clock, open_world
from db.badges import revoke
from db.directory import people_by_id, person_by_email
from db.trail import COMMAND_LINE, Action, Deed, Fact, append
from db.trail import person as on_record
from scoring.program import Badge
from scoring.window import from_us

_COLUMNS = ("person", "badge", "title", "level", "period", "value", "samples", "text", "training", "program_version")


def show_badges(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints who holds which badge at ``at``, as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            flags = flags_at(conn, at_us, world.rule_book_at(at_us).program)
            held = badges_at(world, conn, at_us, flags)
            people = people_by_id(conn, {one.person_id for one in held})
        record_view(world, what="badges", people=len(people))
        definitions = {badge.name: badge for badge in world.program.badges}
    rows = [
        _row(definitions.get(one.badge), one, people[one.person_id].email) for one in held if one.person_id in people
    ]
    if format == "json":
        document = {"at": from_us(at_us).isoformat(), "entries": rows}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS)
        out.writeheader()
        out.writerows(rows)
    else:
        _print_table(rows)


def revoke_badge(settings: Settings, now_us: Clock, who: str, badge: str, period: str, *, reason: str, by: str) -> None:
    """Takes a badge back, with the reason on record. Raises ``Fault`` where there is none to take."""
    with open_world(settings, now_us) as world, world.store.write() as conn:
        person = person_by_email(conn, who)
        if person is None:
            raise Fault(f"nobody in the directory has the e-mail {who}")
        taken = revoke(conn, person.id, badge, period, by=by, reason=reason, now_us=now_us())
        if not taken:
            raise Fault(f'{who} holds no badge "{badge}" of {period}; bandstand badges shows who holds what')
        facts: dict[str, Fact] = {"badge": badge, "period": period, "levels": [str(one.level) for one in taken]}
        append(conn, now_us(), Deed(Action.BADGE_REVOKED, _actor(conn, by), on_record(person.id), reason, facts))
    Console().print(f"Taken back: {escape(badge)} of {escape(period)} ({', '.join(one.level for one in taken)}).")


def _actor(conn: Connection, by: str) -> str:
    """Whoever decided it, where the directory knows them by that address."""
    decider = person_by_email(conn, by)
    return COMMAND_LINE if decider is None else on_record(decider.id)


def _row(badge: Badge | None, one: Held, email: str) -> dict[str, Any]:
    """``badge`` is None where today's program has it no more."""
    said = {name: getattr(one, name) for name in ("badge", "level", "period", "value", "samples", "text")}
    return {
        "person": email,
        **said,
        "title": badge.title if badge else one.badge,
        "training": badge.training if badge else "",
        "program_version": one.program_version,
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = Table(title="Badges")
    for name in ("person", "badge", "level", "period", "why"):
        table.add_column(name)
    for row in sorted(rows, key=lambda row: (row["person"], row["badge"], row["period"])):
        why = escape(row["text"])
        table.add_row(escape(row["person"]), escape(row["title"]), row["level"], row["period"], why)
    Console().print(table)
