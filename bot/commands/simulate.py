"""``bandstand simulate`` and ``bandstand ablate``: today's program against another, or without one of its components."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.moments import moment_us
from bot.faults import Fault
from bot.settings import Settings
from bot.simulation import Ablation, Simulation, ablate, simulate
from bot.world import Clock, RuleBook, open_world
from db.directory import everyone
from scoring.program_file import ProgramError, parse_program, version_of
from scoring.simulation import Move
from scoring.window import from_us

_MOST_MOVES = 15


def show_simulation(settings: Settings, now_us: Clock, other: Path, *, at: str | None, format: str) -> None:
    """Prints who would move under the program in ``other``, and why. Changes nothing. Raises ``Fault``."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            found = simulate(conn, world.rule_book_at(at_us), _read(other), at_us)
            emails = {person.id: person.email for person in everyone(conn)}
    if format == "json":
        sys.stdout.write(msgspec.json.encode(_as_json(found, emails)).decode() + "\n")
    elif format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(["board", "who", "rank_before", "rank_after", "score_before", "score_after", "why"])
        for board in found.boards:
            out.writerows([board.board, *_cells(move, emails)] for move in board.moves)
    else:
        _print(found, emails)


def show_ablation(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints how much each component of each board decides."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        rules = world.rule_book_at(at_us)
        with world.store.read() as conn:
            found = ablate(conn, rules, at_us)
    rows = [_influence(one) for one in found]
    if format == "json":
        document = {"at": from_us(at_us).isoformat(), "program_version": rules.version, "components": rows}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
        return
    columns = ("board", "component", "weight", "tau", "moved", "top_entered", "top_left")
    if format == "csv":
        out = csv.DictWriter(sys.stdout, columns)
        out.writeheader()
        out.writerows(rows)
        return
    table = Table(*columns, title="Each board without one component: 1 = the same order, and nobody new in the digest")
    for row in rows:
        table.add_row(*(("" if row[name] is None else str(row[name])) for name in columns))
    Console().print(table)
    idle = [f"{one.component} ({one.board})" for one in found if not one.decides]
    if idle:
        Console().print(f"Without these the same would be shown in a digest: {', '.join(idle)}.")


def _influence(one: Ablation) -> dict[str, Any]:
    change = one.change
    return {
        "board": one.board,
        "component": one.component,
        "weight": one.weight,
        "tau": change.tau,
        "moved": len(change.moves),
        "top_entered": change.top_entered,
        "top_left": change.top_left,
    }


def _read(path: Path) -> RuleBook:
    try:
        program = parse_program(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{path} cannot be read: {error}") from error
    except ProgramError as error:
        raise ProgramError(f"{path}: {error}") from error
    return RuleBook(program, version_of(program))


def _as_json(found: Simulation, emails: Mapping[int, str]) -> dict[str, Any]:
    return {
        "at": from_us(found.at_us).isoformat(),
        "program_version": found.version_before,
        "other_version": found.version_after,
        "boards": [
            {
                "board": board.board,
                "kendall_tau": board.tau,
                "ranked_before": board.ranked_before,
                "ranked_after": board.ranked_after,
                "top_entered": board.top_entered,
                "top_left": board.top_left,
                "moves": [
                    {**_subject(move, emails), **{name: getattr(move, name) for name in move.__struct_fields__[2:]}}
                    for move in board.moves
                ],
            }
            for board in found.boards
        ],
        "badges": [
            {"person": emails[one.person_id], "badge": one.badge, "before": one.level_before, "after": one.level_after}
            for one in found.badges
        ],
        "bands": [
            {"person": emails[one.person_id], "before": one.before, "after": one.after, "why": one.why}
            for one in found.bands
        ],
        "groups": [msgspec.to_builtins(one) for one in found.groups],
        "suppressed": found.suppressed,
    }


def _subject(move: Move, emails: Mapping[int, str]) -> dict[str, str]:
    return {"team": move.team or ""} if move.person_id is None else {"person": emails[move.person_id]}


def _cells(move: Move, emails: Mapping[int, str]) -> Iterator[Any]:
    yield next(iter(_subject(move, emails).values()))
    for name in move.__struct_fields__[2:]:
        yield getattr(move, name)


def _print(found: Simulation, emails: Mapping[int, str]) -> None:
    console = Console()
    console.print(
        f"Program {found.version_before} against {found.version_after}, as of {from_us(found.at_us):%Y-%m-%d %H:%M} UTC"
    )
    for board in found.boards:
        tau = "too few to compare" if board.tau is None else f"Kendall's tau {board.tau:.3f}"
        console.print(f"\n[bold]{board.board}[/bold]: {tau}; {board.ranked_before} ranked, then {board.ranked_after}")
        if not board.moves:
            console.print("Nobody moves.")
            continue
        table = Table()
        for name in ("who", "from", "to", "why"):
            table.add_column(name)
        for move in board.moves[:_MOST_MOVES]:
            who = escape(next(iter(_subject(move, emails).values())))
            table.add_row(who, _place(move.rank_before), _place(move.rank_after), escape(move.why))
        if len(board.moves) > _MOST_MOVES:
            table.add_row(f"and {len(board.moves) - _MOST_MOVES} more", "", "", "")
        console.print(table)
    for badge in found.badges:
        levels = f"{badge.level_before or 'none'} to {badge.level_after or 'none'}"
        console.print(escape(f"Badge {badge.badge}: {emails[badge.person_id]} from {levels}"))
    for band in found.bands:
        console.print(escape(f"Band: {emails[band.person_id]} from {band.before} to {band.after}: {band.why}"))
    for group in found.groups:
        moved = f"mean percentile {group.percentile_before} to {group.percentile_after}"
        console.print(escape(f"{group.dimension} {group.group or 'not known'} ({group.people} people): {moved}"))
    if found.suppressed:
        console.print(f"{found.suppressed} groups are too small to speak of.")


def _place(rank: int | None) -> str:
    return "not ranked" if rank is None else str(rank)
