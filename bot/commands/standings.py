"""``bandstand standings``: a board, computed from the ledger for any moment."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.moments import length_days, moment_us
from bot.commands.views import record_view
from bot.faults import Fault
from bot.scoreboard import standings_at
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.directory import people_by_id
from scoring.boards import BOARDS
from scoring.standings import Entry, Standings, Withheld
from scoring.window import from_us

_WHY_NOT = {
    "quarantined": "an open flag is being looked at",
    "too_little_evidence": "too little evidence yet",
    "policy_hold": "an unresolved policy violation",
    "opted_out": "has left the game",
    "not_in_cohort": "does not take part",
}


def show_standings(
    settings: Settings, now_us: Clock, board: str, *, at: str | None, window: str | None, format: str
) -> None:
    """Prints the board as a table, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        result = board_at(world, board, at_us, None if window is None else length_days(window))
        names = subject_names(world, result)
        record_view(world, what="standings", board=board, people=len(names))
    if format == "json":
        sys.stdout.write(msgspec.json.encode(as_json(result, names)).decode() + "\n")
    elif format == "csv":
        _write_csv(result, names)
    else:
        _print_table(result, names)


def board_at(world: World, board: str, at_us: int, window_days: int | None = None) -> Standings:
    """The board's standings at ``at_us`` under the rules in force then. Raises ``Fault`` where there is no such board."""
    known = [one.name for one in BOARDS]
    if board not in known:
        raise Fault(f'--board: there is no board "{board}"; there are {", ".join(known)}')
    rules = world.rule_book_at(at_us)
    with world.store.read() as conn:
        return standings_at(conn, board, at_us, rules.program, rules.version, window_days=window_days)


def subject_names(world: World, standings: Standings) -> Mapping[int, str]:
    """The e-mail addresses of the people on a board, by their ids."""
    subjects: list[Entry | Withheld] = [*standings.entries, *standings.withheld]
    ids = [subject.person_id for subject in subjects if subject.person_id is not None]
    with world.store.read() as conn:
        return {person_id: person.email for person_id, person in people_by_id(conn, ids).items()}


def as_json(standings: Standings, emails: Mapping[int, str]) -> dict[str, Any]:
    """The contract's JSON shape."""
    return {
        "board": standings.board,
        "window": {
            "start": from_us(standings.window.start_us).isoformat(),
            "end": from_us(standings.window.end_us).isoformat(),
        },
        "program_version": standings.program_version,
        "entries": [
            {
                "rank": entry.rank,
                **_subject(entry, emails),
                "score": entry.score,
                "percentile": entry.percentile,
                "provisional": entry.is_provisional,
                "standard_error": entry.standard_error,
                "best_rank": entry.best_rank,
                "worst_rank": entry.worst_rank,
                "components": {
                    part.name: {"value": part.value, "points": part.points, "samples": part.samples}
                    for part in entry.components
                },
            }
            for entry in standings.entries
        ],
        "withheld": [
            {**_subject(one, emails), "reason": str(one.reason), "missing": list(one.missing)}
            for one in standings.withheld
        ],
    }


def _subject(one: Entry | Withheld, emails: Mapping[int, str]) -> dict[str, str]:
    if one.person_id is not None:
        return {"person": emails[one.person_id]}
    return {"team": one.team or ""}


def _is_of_teams(standings: Standings) -> bool:
    return any(one.team for one in standings.entries) or any(one.team for one in standings.withheld)


def _write_csv(standings: Standings, emails: Mapping[int, str]) -> None:
    out = csv.writer(sys.stdout)
    names = [part.name for part in standings.entries[0].components] if standings.entries else []
    kind = "team" if _is_of_teams(standings) else "person"
    out.writerow(
        [
            "rank",
            kind,
            "score",
            "percentile",
            "provisional",
            "best_rank",
            "worst_rank",
            *(f"{name}_points" for name in names),
            "withheld",
        ]
    )
    for entry in standings.entries:
        points = {part.name: part.points for part in entry.components}
        subject = next(iter(_subject(entry, emails).values()))
        out.writerow(
            [
                entry.rank,
                subject,
                entry.score,
                entry.percentile,
                entry.is_provisional,
                entry.best_rank,
                entry.worst_rank,
                *(points.get(n) for n in names),
                "",
            ]
        )
    for one in standings.withheld:
        out.writerow(["", next(iter(_subject(one, emails).values())), *[""] * (5 + len(names)), one.reason])


def _print_table(standings: Standings, emails: Mapping[int, str]) -> None:
    start, end = from_us(standings.window.start_us), from_us(standings.window.end_us)
    table = Table(
        title=f"{standings.board}: {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC, rules {standings.program_version}"
    )
    table.add_column("rank", justify="right")
    table.add_column("who")
    table.add_column("between", justify="right")
    table.add_column("score", justify="right")
    table.add_column("made of")
    for entry in standings.entries:
        made_of = ", ".join(f"{part.name} {part.points:.0f}" for part in entry.components)
        note = " (provisional)" if entry.is_provisional else ""
        subject = next(iter(_subject(entry, emails).values()))
        between = f"{entry.best_rank}–{entry.worst_rank}" if entry.best_rank < entry.worst_rank else str(entry.rank)
        table.add_row(str(entry.rank), escape(subject), between, f"{entry.score:.1f}{note}", escape(made_of))
    for one in standings.withheld:
        table.add_row("", escape(next(iter(_subject(one, emails).values()))), "", "", _WHY_NOT[one.reason], style="dim")
    Console().print(table)
