"""``bandstand attack``: what each built-in adversary would gain on the company's own history. Nothing of it stays."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from bot.attack import Attack, attack
from bot.commands.moments import moment_us
from bot.faults import Fault
from bot.settings import Settings
from bot.world import Clock, open_world
from scoring.window import from_us

_COLUMNS = ("trick", "board", "rank_before", "rank_after", "places_gained", "flags")


class _Undone(Exception):
    """Ends the transaction without a trace."""


def show_attacks(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints, for each trick and board, the place before and after, and the flags raised. Raises ``Fault``."""
    found: tuple[Attack, ...] = ()
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        rules = world.rule_book_at(at_us)
        try:
            with world.store.write() as conn:
                found = tuple(attack(conn, rules, at_us))
                raise _Undone
        except _Undone:
            pass
    if not found:
        raise Fault("nobody to play: the outcome board ranks fewer than two people at that time")
    rows = [_row(one, number) for one in found for number in range(len(one.gains))]
    if format == "json":
        document = {"at": from_us(at_us).isoformat(), "program_version": rules.version, "attacks": rows}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS)
        out.writeheader()
        out.writerows({**row, "flags": " ".join(row["flags"])} for row in rows)
    else:
        _print(found, rows)


def _row(one: Attack, number: int) -> dict[str, Any]:
    gain = one.gains[number]
    return {
        "trick": one.trick.name,
        "board": gain.board,
        "rank_before": gain.rank_before,
        "rank_after": gain.rank_after,
        "places_gained": gain.places,
        "flags": list(one.flags),
    }


def _print(found: Sequence[Attack], rows: Sequence[dict[str, Any]]) -> None:
    table = Table(title="Somebody from the middle of the outcome board tries each trick")
    for name in ("trick", "board", "from", "to", "flags raised"):
        table.add_column(name)
    for row in rows:
        places = ("not ranked" if row[name] is None else str(row[name]) for name in ("rank_before", "rank_after"))
        table.add_row(row["trick"], row["board"], *places, ", ".join(row["flags"]))
    console = Console()
    console.print(table)
    paid = sorted({row["trick"] for row in rows if row["places_gained"] > 0})
    console.print(f"Paid: {', '.join(paid)}." if paid else "None of them paid. Nothing of this was kept.")
