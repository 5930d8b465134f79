"""``bandstand identities``: nobody's usage by volume, with suggestions; links by hand."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.faults import Fault
from db.directory import PersonRow, SourceAliases, upsert_people
from db.engine import Store
from db.identities import resolve
from tests.builders import event, outcome, record, usage


@pytest.fixture(autouse=True)
def _company(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada is known; a gateway key, a laptop and GitHub report names that nobody answers to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    now_us = time.time_ns() // 1000
    with sqlite_store.write() as conn:
        upsert_people(conn, [PersonRow("ada@acme.test", aliases=(SourceAliases("jira", ("ada-l",)),))], 1)
        record(
            conn,
            event(usage(), id="1", source="litellm", subject="ada@gmail.test", time_us=now_us),
            event(usage(cost_nanousd=None), id="2", source="litellm", subject="ada@gmail.test", time_us=now_us),
            event(usage(), id="3", source="otlp", subject="[bold]9f86", time_us=now_us, is_asserted=True),
            event(outcome(), id="4", source="github", subject="ada-l", time_us=now_us),
            event(usage(), id="5", source="litellm", subject="ada@acme.test", time_us=now_us),
        )


def bandstand(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["identities", *arguments])


def entries(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bandstand("--format", "json", *arguments).stdout)["entries"]
    return found


def refusal(*arguments: str) -> str:
    result = bandstand(*arguments)
    assert isinstance(result.exception, Fault), result.output
    return str(result.exception)


def test_what_is_nobodys_is_listed_by_volume_with_strength_and_suggestions() -> None:
    listed = entries()
    for one in listed:
        assert one.pop("last_seen")[:2] == "20"
    assert listed == [
        {
            "source": "litellm",
            "external_id": "ada@gmail.test",
            "strength": "proved",
            "calls": 2,
            "tokens": 220,
            "cost_nanousd": 1_000_000,
            "events": 2,
            "suggestions": ["ada@acme.test"],
        },
        {
            "source": "otlp",
            "external_id": "[bold]9f86",
            "strength": "asserted",
            "calls": 1,
            "tokens": 110,
            "cost_nanousd": 1_000_000,
            "events": 1,
            "suggestions": [],
        },
        {
            "source": "github",
            "external_id": "ada-l",
            "strength": "proved",
            "calls": 0,
            "tokens": 0,
            "cost_nanousd": 0,
            "events": 1,
            "suggestions": ["ada@acme.test"],
        },
    ]


def test_table_and_csv_say_the_same() -> None:
    rows = list(csv.DictReader(io.StringIO(bandstand("--format", "csv").stdout)))
    assert [(row["external_id"], row["tokens"], row["suggestions"]) for row in rows] == [
        ("ada@gmail.test", "220", "ada@acme.test"),
        ("[bold]9f86", "110", ""),
        ("ada-l", "0", "ada@acme.test"),
    ]
    table = bandstand().stdout
    assert "asserted" in table
    assert "[bold]" in table


def test_a_link_by_hand_gives_all_of_it_to_the_person_and_can_be_taken_back() -> None:
    said = bandstand("link", "otlp", "[bold]9f86", "Ada@acme.test")
    assert said.stdout.strip() == "otlp [bold]9f86 is ada@acme.test now, and all that came under that name is theirs."
    assert [one["external_id"] for one in entries()] == ["ada@gmail.test", "ada-l"]
    assert "belongs to nobody now" in bandstand("unlink", "otlp", "[bold]9f86").stdout
    assert len(entries()) == 3


def test_a_name_that_goes_back_to_its_address_says_so(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        upsert_people(conn, [PersonRow("ben@acme.test")], 1)
        resolve(conn, [("otlp", "ada@acme.test")], 1)
    bandstand("link", "otlp", "ada@acme.test", "ben@acme.test")
    assert "belongs to ada@acme.test by its address now" in bandstand("unlink", "otlp", "ada@acme.test").stdout


def test_what_cannot_be_linked_is_refused_with_what_to_do() -> None:
    assert "see bandstand import people" in refusal("link", "otlp", "[bold]9f86", "nobody@acme.test")
    assert 'otlp never reported anybody as "typo"' in refusal("link", "otlp", "typo", "ada@acme.test")
    assert "change the alias:jira column" in refusal("link", "jira", "ada-l", "ada@acme.test")
    assert "nothing to unlink" in refusal("unlink", "github", "ada-l")
    assert "--window" in refusal("--window", "soon")
