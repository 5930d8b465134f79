"""``bandstand budgets``: every ceiling with what was used of it, the outlook, and whose it is."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.banding import band_evidence_at
from bot.commands.moments import moment_us
from bot.commands.views import record_view
from bot.settings import Settings
from bot.world import Clock, open_world
from db.directory import people_by_id
from scoring.amounts import in_tokens, plain, said
from scoring.bands.raw import BandEvidence
from scoring.budgets import Ceiling, CeilingState, ceilings, exceptions_in_force
from scoring.program import Scope
from scoring.window import from_us

_COLUMNS = (
    "budget",
    "scope",
    "subject",
    "lane",
    "first_day",
    "last_day",
    "unit",
    "spent",
    "limit",
    "usual_limit",
    "share",
    "state",
    "reached_on",
    "projected",
    "unpriced_tokens",
    "not_counted",
    "calls",
    "users",
    "owner",
    "exceptions",
)


def show_budgets(settings: Settings, now_us: Clock, *, at: str | None, format: str) -> None:
    """Prints the ceilings as a table, JSON or CSV. Of people's own, the table shows those that need a look."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        program = world.rule_book_at(at_us).program
        with world.store.read() as conn:
            evidence = band_evidence_at(conn, at_us, program)
            found = list(every_ceiling(evidence))
            own = [int(one.subject) for one in found if one.scope is Scope.PERSON]
            emails = {str(person_id): person.email for person_id, person in people_by_id(conn, own).items()}
        record_view(world, what="budgets", people=len(emails))
    if format == "json":
        rows = [_row(one, emails) for one in found]
        sys.stdout.write(msgspec.json.encode({"at": from_us(at_us).isoformat(), "ceilings": rows}).decode() + "\n")
    elif format == "csv":
        out = csv.DictWriter(sys.stdout, _COLUMNS)
        out.writeheader()
        out.writerows({**row, "exceptions": " ".join(map(str, row["exceptions"]))} for row in _rows(found, emails))
    else:
        _print_table(found, emails)


def every_ceiling(evidence: BandEvidence) -> Iterator[Ceiling]:
    """All ceilings that hold for somebody, in the program's order."""
    held = exceptions_in_force(evidence.exceptions, evidence.at_us)
    for spending in evidence.spending:
        yield from ceilings(spending, evidence.roster, evidence.today, held)


def _rows(found: Sequence[Ceiling], emails: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    return (_row(one, emails) for one in found)


def _row(one: Ceiling, emails: Mapping[str, str]) -> dict[str, Any]:
    amounts = {
        name: plain(getattr(one, name), is_in_dollars=one.is_in_dollars)
        for name in ("spent", "limit", "usual_limit", "not_counted")
    }
    projection = one.projection
    return {
        "budget": one.budget,
        "scope": one.scope.value,
        "subject": _subject(one, emails),
        "lane": None if one.lane is None else one.lane.value,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "unit": "USD" if one.is_in_dollars else "tokens",
        **amounts,
        "share": round(one.share, 4),
        "state": one.state.name.lower(),
        "reached_on": None
        if projection is None or projection.reached_on is None
        else projection.reached_on.isoformat(),
        "projected": None if projection is None else plain(projection.total, is_in_dollars=one.is_in_dollars),
        "unpriced_tokens": one.unpriced_tokens,
        "calls": one.calls,
        "users": one.users,
        "owner": one.owner,
        "exceptions": list(one.exceptions),
    }


def _subject(one: Ceiling, emails: Mapping[str, str]) -> str:
    return emails.get(one.subject, one.subject) if one.scope is Scope.PERSON else one.subject


def _needs_a_look(one: Ceiling) -> bool:
    is_foreseen = one.projection is not None and one.projection.reached_on is not None
    return one.scope is not Scope.PERSON or one.state is not CeilingState.WITHIN or is_foreseen


def _print_table(found: Sequence[Ceiling], emails: Mapping[str, str]) -> None:
    console = Console()
    if not found:
        console.print("The program sets no ceilings; see [[budgets]] in docs/program.md.", markup=False)
        return
    table = Table(title="ceilings")
    for name in ("ceiling", "whose", "used", "until", "outlook", "not in it", "owner"):
        table.add_column(name)
    for one in sorted(filter(_needs_a_look, found), key=lambda one: -one.share):
        spent, limit = (said(amount, is_in_dollars=one.is_in_dollars) for amount in (one.spent, one.limit))
        row = (
            one.budget,
            _subject(one, emails),
            f"{spent} of {limit}, {int(one.share * 100)} %",
            f"{one.last_day:%-d %b}",
            _outlook(one),
            _left_out(one),
            one.owner,
        )
        table.add_row(*map(escape, row), style=("", "yellow", "red")[one.state])
    console.print(table)
    quiet = sum(not _needs_a_look(one) for one in found)
    console.print(f"Ceilings of people's own that need no look: {quiet:,}", highlight=False)


def _outlook(one: Ceiling) -> str:
    if one.state is CeilingState.CROSSED:
        return "crossed"
    if one.projection is None:
        return "too early to tell"
    if one.projection.reached_on is None:
        return "holds"
    return f"reached on {one.projection.reached_on:%-d %b}"


def _left_out(one: Ceiling) -> str:
    """What the sum leaves out: nobody overlooks it."""
    parts = []
    if one.unpriced_tokens:
        parts.append(f"{in_tokens(one.unpriced_tokens)} unpriced")
    if one.not_counted:
        parts.append(f"{said(one.not_counted, is_in_dollars=one.is_in_dollars)} asserted")
    return ", ".join(parts)
