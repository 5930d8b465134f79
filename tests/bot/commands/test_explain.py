"""``bandstand standings`` and ``bandstand explain``: every board in the contract's shape; a person's two scorecards."""

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
from db.directory import PersonRow, upsert_people
from db.engine import Store
from scoring.boards import BOARDS
from scoring.events import Lane, Policy
from tests.builders import event, outcome, record, usage

AT = "2026-06-01T12:00:00Z"
NOON_US = 1_780_315_200_000_000
DAY_US = 86_400_000_000


@pytest.fixture(autouse=True)
def _company(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada and Ben, in Bavaria, work and try things on the last days of May; Cleo is new."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    with sqlite_store.write() as conn:
        names = ("ada", "ben", "cleo")
        upsert_people(conn, [PersonRow(f"{one}@acme.test", team="red", region="DE-BY") for one in names], 1)
        for name in ("ada", "ben"):
            for day in range(8):  # 25 May (Whit Monday) to 1 June
                facts = (
                    usage(),
                    usage(lane=Lane.EXPLORATION, use_case="notes"),
                    outcome(task=f"{name}{day}", quality=0.8),
                )
                for number, fact in enumerate(facts):
                    when = NOON_US - 60_000_000 - (7 - day) * DAY_US
                    record(conn, event(fact, id=f"{name}-{day}-{number}", subject=f"{name}@acme.test", time_us=when))
        milestone = Policy("milestone", "safe-start")
        record(conn, event(milestone, id="m", subject="ada@acme.test", time_us=NOON_US - DAY_US))


def bandstand(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--at", AT])


def told(*arguments: str) -> dict[str, Any]:
    result = bandstand(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("board", [board.name for board in BOARDS])
def test_every_board_has_the_shape_of_the_contract(board: str) -> None:
    shown = told("standings", "--board", board)
    assert {"board", "window", "program_version", "entries", "withheld"} <= shown.keys()
    subject = "team" if board == "team" else "person"
    assert shown["withheld"]
    assert all(one.keys() >= {subject, "reason"} for one in shown["withheld"])
    assert board == "team" or [one["person"] for one in shown["withheld"]] == ["cleo@acme.test"]
    for entry in shown["entries"]:
        assert entry.keys() >= {"rank", subject, "score", "percentile", "provisional", "components"}
        assert entry["best_rank"] <= entry["rank"] <= entry["worst_rank"]
        assert all(part.keys() >= {"value", "points", "samples"} for part in entry["components"].values())
    assert len(shown["entries"]) == (0 if board == "team" else 2)


@pytest.mark.parametrize("board", [board.name for board in BOARDS if board.ranks == "people"])
def test_a_score_of_every_board_is_taken_apart_to_the_last_point(board: str) -> None:
    shown = told("explain", "ada@acme.test", "--board", board)
    assert sum(part["points"] for part in shown["components"]) == pytest.approx(shown["score"], abs=0.0005)
    assert shown["sentences"][-1] == f"Rules: program version {shown['program_version']}."
    assert all(part["text"] in " ".join(shown["sentences"]) for part in shown["components"])


def test_the_raw_board_looks_at_the_calendar_month_so_far_or_at_the_window_that_is_asked_for() -> None:
    assert told("standings", "--board", "raw")["window"]["start"] == "2026-06-01T00:00:00+00:00"
    wider = told("standings", "--board", "raw", "--window", "7d")["window"]["start"]
    assert wider == "2026-05-26T00:00:00+00:00"


def test_both_scorecards_are_told_without_weekends_and_public_holidays_of_the_region() -> None:
    learning, business = told("explain", "ada@acme.test", "--scorecards")["scorecards"]
    assert (learning["name"], business["name"]) == ("learning_velocity", "business_efficiency")
    texts = {one["name"]: one["text"] for one in (*learning["figures"], *business["figures"])}
    # 5 May to 1 June: four weekends, Ascension Day and Whit Monday off; Ada worked Tuesday to Friday and on Monday.
    assert texts["working_days"] == "AI in your work on 5 of 18 working days."
    assert texts["use_cases"] == "1 use case tried in the sandbox."
    assert texts["milestones"] == "1 safe-use milestone reached."
    assert texts["acceptance"] == "8 of 8 tasks accepted."
    assert any(one.startswith("Rewriting:") for one in business["missing"])


def test_scorecards_are_shown_as_a_table_and_as_csv_too() -> None:
    shown = bandstand("explain", "ada@acme.test", "--scorecards").stdout
    assert "Learning velocity of ada@acme.test" in shown
    assert "8 of 8 tasks accepted. Better than" not in shown  # nothing was there before to be better than
    rows = list(
        csv.reader(io.StringIO(bandstand("explain", "ada@acme.test", "--scorecards", "--format", "csv").stdout))
    )
    assert ["business_efficiency", "acceptance", "1.0", "share", "8", "", ""] in rows


def test_whom_nobody_knows_has_no_scorecards() -> None:
    result = bandstand("explain", "eve@acme.test", "--scorecards")
    assert isinstance(result.exception, Fault)
    assert "eve@acme.test" in str(result.exception)


@pytest.mark.parametrize("asked", [(), ("--bands", "--scorecards"), ("--board", "raw", "--scorecards")])
def test_one_thing_is_explained_at_a_time(asked: tuple[str, ...]) -> None:
    assert bandstand("explain", "ada@acme.test", *asked).exit_code == 2
