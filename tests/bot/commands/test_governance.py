"""``bandstand trail``, ``export`` and ``erase``: what is on record, and a person's right to their data."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.faults import Fault
from db.engine import Store, open_store
from db.tables import trail
from tests.db.test_erasure import found
from tests.db.traces import ADA, TRACES, leave_traces


@pytest.fixture(autouse=True)
def company(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", store_url)
    store = open_store(store_url)
    store.migrate()
    with store.write() as conn:
        leave_traces(conn)
    yield store
    store.close()


def bandstand(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def entries(*arguments: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(bandstand("trail", "--format", "json", *arguments).stdout)["entries"]
    return listed


def refusal(*arguments: str, typed: str = "") -> str:
    result = bandstand(*arguments, typed=typed)
    assert isinstance(result.exception, Fault), result.output
    return str(result.exception)


def test_what_operators_do_is_on_record() -> None:
    Path("people.csv").write_text("email,team\nben@acme.test,legal\ncleo@acme.test,legal\n")
    Path("program.toml").write_text('name = "Another"\n')
    before = len(entries())
    made = bandstand("tokens", "add", "events", "--name", "jenkins").stdout.split("_")[1]
    for command in (
        ("tokens", "revoke", made),
        ("tokens", "revoke", "tok-of-ada"),
        ("import", "people", "people.csv"),
        ("identities", "link", "litellm", "nobody-knows", "ben@acme.test"),
        ("identities", "unlink", "litellm", "nobody-knows"),
        ("explain", ADA, "--board", "outcome"),
        ("standings", "--board", "outcome"),
        ("badges", "revoke", ADA, "cache_wizard", "2026-05", "--reason", "A mistake.", "--by", "boss@acme.test"),
        ("badges",),
        ("identities",),
        ("tokens", "list"),
        ("export", ADA),
    ):
        assert bandstand(*command).exit_code == 0, command
    told = [(one["actor"], one["action"], one["about"], one["reason"]) for one in entries()[before:]]
    views = [("command line", "viewed", "", "")] * 3
    assert told == [
        ("command line", "viewed", "", ""),  # the trail itself, by this test
        ("command line", "token_made", f"token:{made}", ""),
        ("command line", "token_revoked", f"token:{made}", ""),
        ("command line", "token_revoked", ADA, ""),
        ("command line", "people_imported", "", ""),
        ("command line", "identity_linked", "ben@acme.test", ""),
        ("command line", "identity_unlinked", "ben@acme.test", ""),
        ("command line", "viewed", ADA, ""),
        ("command line", "viewed", "", ""),
        ("boss@acme.test", "badge_revoked", ADA, "A mistake."),
        *views,
        ("command line", "exported", ADA, ""),
    ]


def test_the_trail_is_filtered_by_whom_it_concerns_who_acted_and_since_when() -> None:
    assert {one["about"] for one in entries("--about", ADA)} == {ADA}
    assert {one["actor"] for one in entries("--actor", ADA.upper())} == {ADA}
    assert {one["actor"] for one in entries("--actor", "command line")} == {"command line"}
    assert [one["action"] for one in entries("--since", "1970-01-02")][-1] == "viewed"
    assert entries("--since", "2999-01-01") == []
    assert "nobody in the directory" in refusal("trail", "--about", "nobody@acme.test")
    assert "--since" in refusal("trail", "--since", "soon")


def test_table_and_csv_say_the_same() -> None:
    rows = list(csv.DictReader(io.StringIO(bandstand("trail", "--format", "csv").stdout)))
    named = next(row for row in rows if row["action"] == "naming_chosen")
    assert (named["actor"], named["about"], named["facts"]) == (ADA, ADA, '{"naming":"named"}')
    assert "naming chosen" in CliRunner().invoke(app, ["trail"], env=os.environ | {"COLUMNS": "200"}).stdout


def test_verify_says_where_the_chain_ends_and_names_the_first_row_that_breaks_it(company: Store) -> None:
    anchor = json.loads(bandstand("trail", "verify", "--format", "json").stdout)["anchor"]
    assert anchor in bandstand("trail", "verify").stdout
    bandstand("trail")
    assert bandstand("trail", "verify", "--anchor", anchor).exit_code == 0
    number = anchor.split(":")[0]
    assert "written anew" in refusal("trail", "verify", "--anchor", f"{number}:{'0' * 64}")
    assert "--anchor" in refusal("trail", "verify", "--anchor", "x")
    with company.write() as conn:
        conn.execute(update(trail).where(trail.c.number == 2).values(actor="schedule"))
    assert "the trail is broken at row 2" in refusal("trail", "verify")


def test_an_export_holds_everything_but_what_proves_tokens() -> None:
    document = json.loads(bandstand("export", ADA.upper()).stdout)
    assert document["person"] == ADA
    counts = {name: len(rows) for name, rows in document.items() if isinstance(rows, list) and rows}
    assert counts == {
        "people": 1,
        "events": 6,
        "usage_days": 2,
        "activity_days": 4,
        "badge_awards": 1,
        "budget_exceptions": 2,
        "exception_steps": 5,
        "disputes": 1,
        "dispute_steps": 2,
        "identities": 5,
        "ingest_tokens": 1,
        "standings": 2,
        "outbox": 3,
        "trail": 4,
    }
    assert "hash" not in document["ingest_tokens"][0]
    assert document["trail"][-1]["action"] == "exported"
    assert "ben@acme.test" not in json.dumps(document)
    assert "nobody in the directory" in refusal("export", "nobody@acme.test")


def test_erasing_asks_first(company: Store) -> None:
    assert "nothing was erased" in refusal("erase", ADA, typed="n\n")
    with company.read() as conn:
        assert set(found(conn)) == set(TRACES)
    assert "is no e-mail address" in refusal("erase", "ada", "--yes")


def test_after_erasing_nothing_has_the_name_and_everything_proves(company: Store) -> None:
    Path("program.toml").write_text(f'[ai_ops]\npeople = ["{ADA}"]\n')
    anchor = json.loads(bandstand("trail", "verify", "--format", "json").stdout)["anchor"]
    done = bandstand("erase", ADA.upper(), "--yes", "--reason", "Has left.")
    assert "The person is erased: 6 names" in done.stdout
    assert "program.toml names them still" in done.stderr
    with company.read() as conn:
        assert found(conn) == {}
    assert "all are the same as before" in bandstand("rebuild").stdout
    assert bandstand("trail", "verify", "--anchor", anchor).exit_code == 0
    again = bandstand("erase", ADA, "--yes")
    assert (again.exit_code, again.stdout.strip()) == (0, f"Nothing is kept under {ADA}: there was nothing to erase.")
    last = [one for one in entries() if one["action"] == "erased"]
    assert [(one["about"].partition(":")[0], one["reason"]) for one in last] == [("person", "Has left.")]
