"""``bandstand explain --badges`` and ``--flags``: how far somebody has come with each badge, and what was flagged and why."""

from __future__ import annotations

import csv
import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape

from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.faults import Fault
from bot.flagging import flags_at, named_flags_at
from bot.recognition import running_badges
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import person_by_email
from db.trail import person as of_person
from scoring.badges.explanation import explain_badge
from scoring.flags.explanation import explain_flag

_NOBODY = "nobody in the directory has the e-mail {}; see bandstand import people"


def show_badge_explanations(settings: Settings, now_us: Clock, who: str, *, at: str | None, format: str) -> None:
    """Prints a person's progress with each badge in the period under way, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            person = person_by_email(conn, who)
            if person is None:
                raise Fault(_NOBODY.format(who))
            flags = flags_at(conn, at_us, world.rule_book_at(at_us).program)
            judged = running_badges(world, conn, at_us, flags)
        record_view(world, of_person(person.id), what="badges")
    rows = []
    for one in judged:
        progress = next((found for found in one.progress if found.person_id == person.id), None)
        figures = {} if progress is None else msgspec.to_builtins(progress)
        named = {"badge": one.badge.name, "period": one.stretch.name, "training": one.badge.training}
        rows.append({**named, **figures, "sentences": explain_badge(one.badge, one.stretch, progress)})
    _print(who, rows, ("badge", "period", "value", "samples", "level", "next_level", "next_step"), format)


def show_flag_explanations(settings: Settings, now_us: Clock, who: str, *, at: str | None, format: str) -> None:
    """Prints the flags on a person, with every figure and what follows, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        rules = world.rule_book_at(at_us)
        with world.store.read() as conn:
            person = person_by_email(conn, who)
            if person is None:
                raise Fault(_NOBODY.format(who))
            found = named_flags_at(conn, at_us, rules.program).every
        record_view(world, of_person(person.id), what="flags")
    rows = [
        {
            "id": id,
            "kind": str(flag.kind),
            "state": str(flag.state),
            "evidence": flag.evidence,
            "program_version": rules.version,
            "sentences": explain_flag(flag, rules.version),
        }
        for id, flag in found.items()
        if flag.person_id == person.id
    ]
    _print(who, rows, ("id", "kind", "state"), format, nothing="Nothing is flagged.")


def _print(who: str, rows: list[dict[str, Any]], columns: tuple[str, ...], format: str, nothing: str = "") -> None:
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"person": who, "entries": rows}).decode() + "\n")
        return
    if format == "csv":
        out = csv.DictWriter(sys.stdout, columns, extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]{escape(who)}[/bold]")
    if not rows and nothing:
        console.print(nothing)
    for row in rows:
        for sentence in row["sentences"]:
            console.print(escape(sentence))
