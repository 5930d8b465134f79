"""``bandstand bands``, ``budgets`` and ``explain --bands``: what is on record, in the contract's shapes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.faults import Fault
from db.engine import Store
from tests.bot.jobs.company import email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, event, record, usage

AT = ("--at", "2026-06-01T12:00:00Z")
PROGRAM = """
[[budgets]]
name = "Everybody"
dollars = 1
owner = "owner@acme.test"

[[budgets]]
name = "Teams"
scope = "team"
dollars = 100

[bands]
coaching = "https://academy.acme.test/costs"
"""


@pytest.fixture(autouse=True)
def _company(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three teams at work; Ada spends two dollars, and Bea's laptop says that it spent nine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    Path("program.toml").write_text(PROGRAM)
    hire(sqlite_store)
    work_everybody(sqlite_store)
    with sqlite_store.write() as conn:
        when = {"time_us": MONDAY_NOON_US - 1}
        record(conn, event(usage(cost_nanousd=2 * 10**9), "big", subject=email("Ada"), **when))
        said = event(usage(cost_nanousd=9 * 10**9), "said", "laptop", email("Bea"), is_asserted=True, **when)
        record(conn, said)


def bandstand(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> Any:
    result = bandstand(*arguments, *AT, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_bands_come_in_the_contracts_shape() -> None:
    found = answer("bands")
    assert found["at"] == "2026-06-01T12:00:00+00:00"
    entries = {one["person"]: one for one in found["entries"]}
    assert len(entries) == 12
    assert {one["band"] for one in entries.values()} == {"red", "green"}
    (reason,) = entries["ada@acme.test"]["reasons"]
    assert (reason["rule"], reason["value"], reason["limit"]) == ("ceiling", 2.0, 1.0)
    assert reason["text"].startswith("You have used $2.00 in June, which is over the ceiling of $1.00")
    assert reason["clears"].endswith("(owner@acme.test decides).")
    assert entries["bea@acme.test"]["reasons"] == []


def test_what_a_run_has_published_is_shown_again() -> None:
    before = answer("bands")
    assert bandstand("run", "bands", *AT).exit_code == 0
    assert answer("bands") == before


def test_bands_and_budgets_come_as_csv_and_as_tables() -> None:
    rows = list(csv.DictReader(io.StringIO(bandstand("bands", *AT, "--format", "csv").stdout)))
    assert {row["person"]: row["rule"] for row in rows}["ada@acme.test"] == "ceiling"
    assert "green: 11" in bandstand("bands", *AT).stdout
    rows = list(csv.DictReader(io.StringIO(bandstand("budgets", *AT, "--format", "csv").stdout)))
    assert len(rows) == 15
    assert "Ceilings of people's own that need no look: 11" in bandstand("budgets", *AT).stdout


def test_budgets_tell_what_was_spent_what_is_left_out_and_whose_they_are() -> None:
    found = {(one["budget"], one["subject"]): one for one in answer("budgets")["ceilings"]}
    ada = found["Everybody", "ada@acme.test"]
    assert (ada["spent"], ada["limit"], ada["share"], ada["state"]) == (2.0, 1.0, 2.0, "crossed")
    assert (ada["owner"], ada["first_day"], ada["last_day"]) == ("owner@acme.test", "2026-06-01", "2026-06-30")
    bea = found["Everybody", "bea@acme.test"]
    assert (bea["spent"], bea["not_counted"]) == (0.0, 9.0)
    assert (found["Teams", "Data"]["spent"], found["Teams", "Data"]["users"]) == (2.0, 1)


def test_a_program_without_budgets_says_so() -> None:
    Path("program.toml").write_text("")
    assert answer("budgets")["ceilings"] == []
    assert "sets no ceilings" in bandstand("budgets", *AT).stdout


def test_a_band_is_taken_apart_into_its_figures() -> None:
    found = answer("explain", "ada@acme.test", "--bands")
    assert (found["person"], found["band"]) == ("ada@acme.test", "red")
    figures = {one["name"]: one for one in found["figures"]}
    assert (figures['ceiling "Everybody"']["value"], figures['ceiling "Everybody"']["events"]) == (2.0, 1)
    assert figures['ceiling "Teams" of Data']["limit"] == 100.0
    assert figures["days of use"]["value"] == 7
    assert found["next_step"].startswith("Give routine steps to a smaller model")
    said = bandstand("explain", "ada@acme.test", "--bands", *AT).stdout
    assert "To read on: https://academy.acme.test/costs" in said
    said = bandstand("explain", "bea@acme.test", "--bands", *AT).stdout
    assert "The band is green: nothing to change." in said
    assert "not counted here: 110 tokens ($9.00) in 28 days, which nothing proves to be yours." in said
    assert f"Rules: program version {found['program_version']}." in said


def test_either_a_board_or_the_band_is_explained() -> None:
    assert bandstand("explain", "ada@acme.test").exit_code == 2
    assert bandstand("explain", "ada@acme.test", "--bands", "--board", "outcome").exit_code == 2
    result = bandstand("explain", "nobody@acme.test", "--bands", *AT)
    assert isinstance(result.exception, Fault)
