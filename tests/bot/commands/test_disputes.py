"""``bandstand disputes``: what waits for an answer and by when, and what was answered."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import bot.cli
from bot.cli import app
from db.directory import everyone
from db.disputes import end_dispute, open_dispute
from db.engine import Store
from db.trail import Action, trail_rows
from scoring.disputes import Consequence, DisputeState, DisputeSubject, Matter
from tests.bot.jobs.company import email, hire
from tests.builders import MONDAY_NOON_US

DAY_US = 24 * 3_600_000_000
MIDNIGHT_US = MONDAY_NOON_US + DAY_US // 2


@pytest.fixture(autouse=True)
def _company(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada's band is disputed until Wednesday, Bea's until the Tuesday after; Cem was right. It is Thursday noon."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(bot.cli, "now_us", lambda: MONDAY_NOON_US + 3 * DAY_US)
    hire(sqlite_store)
    with sqlite_store.write() as conn:
        ids = {one.name: one.id for one in everyone(conn)}
        for name, days in (("Bea", 8), ("Ada", 2), ("Cem", 5)):
            opened = open_dispute(
                conn,
                person_id=ids[name],
                matter=Matter(DisputeSubject.BAND),
                what="My band: red",
                why="[bold]It was[/bold] a migration.",
                evidence=("A week of five usual ones.",),
                program_version="v1",
                at_us=MONDAY_NOON_US,
                due_us=MIDNIGHT_US + days * DAY_US,
            )
        end_dispute(
            conn,
            opened.id,
            DisputeState.UPHELD,
            by_id=ids["Dov"],
            at_us=MONDAY_NOON_US + DAY_US,
            note="So it was.",
            consequence=Consequence.RECOMPUTED,
        )


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["disputes", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def entries(*arguments: str) -> Any:
    return json.loads(said(*arguments, "--format", "json"))["entries"]


def test_open_ones_come_soonest_due_first_with_their_figures_and_words() -> None:
    first, second = entries()
    assert (first["person"], first["due"], first["is_overdue"]) == (email("Ada"), "2026-06-03", True)
    assert (second["person"], second["due"], second["is_overdue"]) == (email("Bea"), "2026-06-09", False)
    assert first["evidence"] == ["A week of five usual ones."]
    assert first["why"] == "[bold]It was[/bold] a migration."


def test_all_of_them_include_what_was_answered_and_by_whom() -> None:
    answered = next(one for one in entries("--all") if one["state"] == "upheld")
    assert (answered["person"], answered["answered_by"]) == (email("Cem"), email("Dov"))
    assert (answered["answer"], answered["consequence"]) == ("So it was.", "recomputed")
    assert answered["is_overdue"] is False


def test_table_and_csv_say_the_same() -> None:
    rows = list(csv.DictReader(io.StringIO(said("--format", "csv"))))
    assert [row["person"] for row in rows] == [email("Ada"), email("Bea")]
    assert "Disputes" in said()


def test_whoever_looks_is_on_record(sqlite_store: Store) -> None:
    said()
    with sqlite_store.read() as conn:
        *_, last = trail_rows(conn)
    assert last.action == Action.VIEWED
    assert json.loads(last.facts) == {"people": 2, "what": "disputes"}
