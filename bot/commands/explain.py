"""``bandstand explain``: one score, one band, or a person's own figures, taken apart."""

from __future__ import annotations

import csv
import sys

import msgspec
from rich.console import Console
from rich.markup import escape

from bot.banding import band_evidence_at, bands_shown_at
from bot.commands.moments import moment_us
from bot.commands.standings import board_at
from bot.commands.views import record_view
from bot.faults import Fault
from bot.scorecards import scorecards_at
from bot.settings import Settings
from bot.world import Clock, World, open_world
from db.directory import person_by_email
from db.trail import person as of_person
from scoring.bands.explanation import explain_band
from scoring.explanation import explain
from scoring.scorecards.card import Figure

_NOBODY = "nobody in the directory has the e-mail {}; see bandstand import people"


def show_explanation(settings: Settings, now_us: Clock, who: str, board: str, *, at: str | None, format: str) -> None:
    """Prints what a person's (by e-mail) or a team's (by name) score is made of, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        standings = board_at(world, board, at_us)
        person_id, team = _subject(world, who, board)
        record_view(world, "" if person_id is None else of_person(person_id), what="explanation", board=board)
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


def show_scorecards(settings: Settings, now_us: Clock, who: str, *, at: str | None, format: str) -> None:
    """Prints a person's (by e-mail) two scorecards, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        with world.store.read() as conn:
            person = person_by_email(conn, who)
            if person is None or not person.is_active:
                raise Fault(_NOBODY.format(who))
            cards = scorecards_at(conn, person, at_us, world.rule_book_at(at_us).program)
        record_view(world, of_person(person.id), what="scorecards")
    if format == "json":
        said = {"person": who, "scorecards": msgspec.to_builtins(cards)}
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
        return
    if format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(["scorecard", "figure", "value", "unit", "samples", "before", "is_better"])
        for card in cards:
            for one in card.figures:
                out.writerow([card.name, one.name, one.value, one.unit, one.samples, one.before, one.is_better])
        return
    console = Console(soft_wrap=True, highlight=False)
    for card in cards:
        console.print(f"[bold]{card.title}[/bold] of {escape(who)}")
        for sentence in (*map(_with_trend, card.figures), *(f"Not told: {one}" for one in card.missing)):
            console.print(f"  {escape(sentence)}")


def _with_trend(figure: Figure) -> str:
    if figure.is_better is None:
        return figure.text
    return f"{figure.text} {'Better' if figure.is_better else 'Not as good'} than in the weeks before."


def show_band_explanation(settings: Settings, now_us: Clock, who: str, *, at: str | None, format: str) -> None:
    """Prints why a person (by e-mail) has their band, as sentences, JSON or CSV."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        person_id, _ = _subject(world, who, "")
        with world.store.read() as conn:
            found = bands_shown_at(world, conn, at_us)
            program = world.rule_book_at(at_us).program
            evidence = band_evidence_at(conn, at_us, program)
        record_view(world, "" if person_id is None else of_person(person_id), what="band")
    shown = next((one for one in found.shown if one.person_id == person_id), None)
    if shown is None:
        raise Fault(f"{who} does not take part, or not yet, and so has no band")
    explanation = explain_band(shown, evidence, program)
    if format == "json":
        sys.stdout.write(msgspec.json.encode({"person": who, **msgspec.to_builtins(explanation)}).decode() + "\n")
        return
    if format == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(["figure", "value", "limit", "unit", "events", "text"])
        out.writerows([one.name, one.value, one.limit, one.unit, one.events, one.text] for one in explanation.figures)
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]{escape(who)}[/bold]")
    for sentence in explanation.sentences:
        console.print(escape(sentence))


def _subject(world: World, who: str, board: str) -> tuple[int | None, str | None]:
    with world.store.read() as conn:
        person = person_by_email(conn, who)
    if board == "team":
        return None, who if person is None else person.team
    if person is None:
        raise Fault(_NOBODY.format(who))
    return person.id, None
