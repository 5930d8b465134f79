"""``bandstand tokens`` and what ``bandstand check`` says of secrets: enough to withdraw one that nobody uses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.faults import Fault
from bot.hooks.proof import fingerprint
from bot.ingest_token import given_token
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.ingest_tokens import add_token, live_token, record_token_uses
from db.secret_uses import record_secret_uses
from tests.builders import MONDAY_NOON_US


@pytest.fixture(autouse=True)
def _installation(sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BANDSTAND_HOOK_SECRETS__EVENTS", "old-secret,new-secret")


def bandstand(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refusal(*arguments: str) -> str:
    result = bandstand(*arguments)
    assert isinstance(result.exception, Fault), result.output
    return str(result.exception)


def employ(store: Store) -> None:
    """Ada, with a personal token."""
    with store.write() as conn:
        upsert_people(conn, [PersonRow("ada@acme.test")], 1)
        ada = person_by_email(conn, "ada@acme.test")
        assert ada is not None
        add_token(conn, id="abc", door="otlp", person_id=ada.id, name="mine", hash=b"h", now_us=MONDAY_NOON_US)


def test_a_new_token_is_printed_alone_and_its_secret_never_again(sqlite_store: Store) -> None:
    made = bandstand("tokens", "add", "events", "--name", "jenkins")
    given = given_token(made.stdout.removesuffix("\n"))
    assert given is not None
    live = sqlite_store.glance(lambda conn: live_token(conn, given.id))
    assert live is not None
    assert (live.door, live.person_id, live.hash) == ("events", None, given.hash)
    secret = made.stdout.strip().split("_", 2)[2]
    later = bandstand("tokens", "list").output + bandstand("tokens", "list", "--format", "json").output
    assert given.id in later
    assert "jenkins" in later
    assert secret not in later + made.stderr


def test_the_list_shows_whose_they_are_and_when_they_were_used(sqlite_store: Store) -> None:
    employ(sqlite_store)
    with sqlite_store.write() as conn:
        record_token_uses(conn, {"abc": MONDAY_NOON_US})
    (entry,) = json.loads(bandstand("tokens", "list", "--format", "json").stdout)["entries"]
    assert entry == {
        "id": "abc",
        "door": "otlp",
        "person": "ada@acme.test",
        "name": "mine",
        "created": "2026-06-01T12:00:00Z",
        "last_used": "2026-06-01T12:00:00Z",
        "revoked": None,
    }
    (row,) = csv.DictReader(io.StringIO(bandstand("tokens", "list", "--format", "csv").stdout))
    assert (row["person"], row["revoked"]) == ("ada@acme.test", "")


def test_a_revoked_token_is_listed_only_when_asked_for(sqlite_store: Store) -> None:
    employ(sqlite_store)
    assert "is revoked" in bandstand("tokens", "revoke", "abc").stdout
    assert "abc" not in bandstand("tokens", "list").stdout
    assert "abc" in bandstand("tokens", "list", "--all").stdout
    assert "no live token" in refusal("tokens", "revoke", "abc")


def test_a_door_or_a_name_that_cannot_be_is_refused() -> None:
    assert "there are events, litellm, otlp" in refusal("tokens", "add", "github", "--name", "x")
    for name in ("", " ", "x" * 101, "a\nb"):
        assert "--name" in refusal("tokens", "add", "events", "--name", name)


def test_check_shows_when_each_secret_was_last_used_and_none_of_them(sqlite_store: Store) -> None:
    employ(sqlite_store)
    made = bandstand("tokens", "add", "litellm", "--name", "proxy").stdout.strip()
    with sqlite_store.write() as conn:
        record_secret_uses(conn, {("events", fingerprint("new-secret")): MONDAY_NOON_US})
    said = bandstand("check").stdout
    assert f"events {fingerprint('old-secret')} of the settings, not used yet" in said
    assert f"events {fingerprint('new-secret')} of the settings, last used 2026-06-01 12:00Z" in said
    assert "litellm proxy (" in said
    assert "1 personal token, not used yet" in said
    assert "/hooks/events open, 2 secrets and 0 tokens" in said
    assert "/hooks/litellm open, 0 secrets and 1 token" in said
    assert "old-secret" not in said
    assert made not in said
