"""``bandstand bands``: everybody's band as it was shown, with the reasons."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.banding import BandsAt, bands_shown_at
from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id
from scoring.bands.band import Band
from scoring.window import from_us

_STYLES = {Band.RED: "bold red", Band.YELLOW: "yellow", Band.GREEN: "green", Band.NO_DATA: "dim"}


def show_bands(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints bands and reasons as a table, JSON or CSV; the table leaves out whose band is green, but for their number."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            found = bands_shown_at(world, conn, at_us)
            people = people_by_id(conn, [one.person_id for one in found.shown])
        record_view(world, what="bands", people=len(people))
    emails = {person_id: person.email for person_id, person in people.items()}
    if format == "json":
        sys.stdout.write(msgspec.json.encode(as_json(found, emails)).decode() + "\n")
    elif format == "csv":
        _write_csv(found, emails)
    else:
        _print_table(found, emails)


def as_json(found: BandsAt, emails: Mapping[int, str]) -> dict[str, Any]:
    """The contract's JSON shape; each reason says what clears it, too. Whoever was erased is not there."""
    return {
        "at": from_us(found.at_us).isoformat(),
        "program_version": found.program_version,
        "entries": [
            {
                "person": emails[one.person_id],
                "band": one.band.value,
                "since": from_us(one.state.since_us).isoformat(),
                "reasons": [
                    {
                        "rule": reason.rule.value,
                        "text": reason.text,
                        "value": reason.value,
                        "limit": reason.limit,
                        "unit": reason.unit,
                        "events": reason.events,
                        "clears": reason.clears,
                        "advice": reason.advice,
                    }
                    for reason in one.reasons
                ],
            }
            for one in found.shown
            if one.person_id in emails
        ],
    }


def _write_csv(found: BandsAt, emails: Mapping[int, str]) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(["person", "band", "since", "rule", "text", "value", "limit", "unit", "clears"])
    for one in found.shown:
        if one.person_id not in emails:
            continue
        about = (emails[one.person_id], one.band.value, from_us(one.state.since_us).isoformat())
        for reason in one.reasons:
            said = (reason.text, reason.value, reason.limit, reason.unit, reason.clears)
            out.writerow([*about, reason.rule.value, *said])
        if not one.reasons:
            out.writerow([*about, *[""] * 6])


def _print_table(found: BandsAt, emails: Mapping[int, str]) -> None:
    state = "as shown" if found.is_published else "computed now"
    table = Table(title=f"bands at {from_us(found.at_us):%Y-%m-%d %H:%M} UTC ({state}), rules {found.program_version}")
    for name in ("band", "who", "why"):
        table.add_column(name)
    known = [one for one in found.shown if one.person_id in emails]
    for one in sorted(known, key=lambda one: (-one.band.severity, emails[one.person_id])):
        if one.band.severity:
            why = "\n".join(f"{reason.text} {reason.clears}" for reason in one.reasons)
            table.add_row(one.band.value, escape(emails[one.person_id]), escape(why), style=_STYLES[one.band])
    console = Console()
    console.print(table)
    for band in (Band.GREEN, Band.NO_DATA):
        count = sum(one.band is band for one in known)
        console.print(f"{band.replace('_', ' ')}: {count:,}", style=_STYLES[band], highlight=False)
