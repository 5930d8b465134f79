"""``bandstand explain``: one score taken apart."""

from __future__ import annotations

import csv
import sys

import msgspec
from rich.console import Console
from rich.markup import escape

from bot.commands.moments import moment_us
from bot.commands.standings import board_at
from bot.commands.views import record_view
from bot.faults import Fault
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.directory import person_by_email
from db.trail import person
from scoring.explanation import explain


def show_explanation(settings: Settings, now_us: Clock, who: str, board: str, *, at: str | None, format: str) -> None:
    """Prints what a person's (by e-mail) or a team's (by name) score is made of, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        standings = board_at(world, board, at_us)
        person_id, team = _subject(world, who, board)
        record_view(world, "" if person_id is None else person(person_id), what="explanation", board=board)
    explanation = explain(standings, person_id, team)
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"subject": who, **msgspec.to_builtins(explanation)}).decode() + "\n")
        return
    if format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(["component", "value", "unit", "typical", "samples", "points", "max_points"])
        for part in explanation.components:
            out.writerow([part.name, part.value, part.unit, part.typical, part.samples, part.points, part.max_points])
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]{escape(who)}[/bold] on the {board} board")
    for sentence in explanation.sentences:
        console.print(escape(sentence))


def _subject(world: World, who: str, board: str) -> tuple[int | None, str | None]:
    with world.store.read() as conn:
        person = person_by_email(conn, who)
    if board == "team":
        return None, who if person is None else person.team
    if person is None:
        raise Fault(f"nobody in the directory has the e-mail {who}; see bandstand import people")
    return person.id, None
