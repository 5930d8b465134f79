"""``bandstand flags`` and ``flags decide``: the contract's shape, and a decision that counts from then on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import bot.cli
from bot.cli import app
from bot.faults import Fault
from db.engine import Store
from tests.bot.jobs.company import email, hire, work_everybody
from tests.builders import MONDAY_NOON_US, event, record, usage

DAY_US = 24 * 3_600_000_000


@pytest.fixture(autouse=True)
def _company(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada sent one prompt thirty times on two days. It is Monday noon."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(bot.cli, "now_us", lambda: MONDAY_NOON_US + 60_000_000)
    hire(sqlite_store)
    work_everybody(sqlite_store)
    with sqlite_store.write() as conn:
        for day in (1, 2):
            when = {"subject": email("Ada"), "time_us": MONDAY_NOON_US - day * DAY_US}
            record(conn, *(event(usage(prompt_hash="p"), f"{day}-{number}", **when) for number in range(30)))


def bandstand(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def entries(*arguments: str) -> Any:
    result = bandstand("flags", *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["entries"]


def test_flags_come_in_the_contracts_shape_with_their_evidence_and_a_sentence() -> None:
    result = bandstand("flags", "--at", "2026-06-01T12:00:00Z", "--format", "json")
    document = json.loads(result.stdout)
    assert document["at"] == "2026-06-01T12:00:00+00:00"
    (one,) = document["entries"]
    assert {"person", "kind", "from", "to", "evidence", "state"} <= set(one)
    assert (one["person"], one["kind"], one["state"]) == ("ada@acme.test", "prompt_loop", "open")
    assert (one["from"], one["to"]) == ("2026-05-30T00:00:00+00:00", "2026-05-31T23:59:59.999999+00:00")
    assert one["evidence"]["repeats"] == 60


def test_flags_come_as_csv_and_as_a_table() -> None:
    (row,) = csv.DictReader(io.StringIO(bandstand("flags", "--format", "csv").stdout))
    assert json.loads(row["evidence"])["repeats"] == 60
    assert row["id"] in bandstand("flags").stdout


def test_a_decision_counts_from_then_on_and_the_past_stays() -> None:
    (one,) = entries()
    done = bandstand("flags", "decide", one["id"], "dismiss", "--reason", "a test of ours", "--by", "bea@acme.test")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Dismissed")
    assert entries("--at", "2026-06-01T12:00:59Z")[0]["state"] == "open"
    assert entries("--at", "2026-06-01T12:01:01Z")[0]["state"] == "dismissed"


def test_nobody_decides_on_a_flag_of_their_own() -> None:
    (one,) = entries()
    done = bandstand("flags", "decide", one["id"], "dismiss", "--reason", "all fine", "--by", "ada@acme.test")
    assert isinstance(done.exception, Fault)
    assert entries()[0]["state"] == "open"
