"""``bandstand demo --once`` as a newcomer runs it: in any folder, without npm, browser or network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.faults import Fault
from bot.sandbox.acts import CONFIRMED_BECAUSE, UPHELD_BECAUSE
from bot.sandbox.company.gateway import CANARY
from bot.sandbox.company.people import colleague
from bot.sandbox.installation import SlackAccess, install
from bot.sandbox.proof import agree_with_standings, keep_no_content
from bot.slack.message import Message
from bot.world import open_world
from tests.builders import MONDAY_NOON_US

WITHIN_S = 400


def test_it_shows_a_digest_and_an_answer_that_agree_with_the_standings_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--once"],
        cwd=tmp_path,
        env={"PATH": "", "COLUMNS": "200", "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.replace("│", " ").split())  # whatever the width of the frames
    for words in (
        "0 refused",
        "#ai-guild: the weekly digest",
        "1. Payments:",
        "stays unnamed",
        "to Noor Haddad alone: badges",
        "You earned 7 badges",
        "to Jonas Weber alone: a yellow band",
        "to Felix Brandt alone: a red band",
        "Over a ceiling (Red band)",
        "to Ines Duarte alone: one message for all of her reports",
        "to Priya Raman alone: an exception that she asked for",
        "Approved by Noor Haddad",
        "Rosa Lindqvist in #ai-ops: a flag that she looked at",
        f"Rosa Lindqvist decided: {CONFIRMED_BECAUSE}",
        "Rosa Lindqvist in #ai-ops: a dispute",
        f"You were right. {UPHELD_BECAUSE}",
        "The flag is dismissed",
        "Rosa Lindqvist in #ai-ops: a flag on Felix that waits",
        "what Noor Haddad sees alone, after typing /rank",
        "One next step:",
        "`bandstand standings` says the same",
        "none of it is in what was kept",
    ):
        assert words in said, done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["1. Payments: 999 points", "Nobody has a place this week."])
def test_a_digest_that_says_other_than_the_standings_is_a_fault(tmp_path: Path, text: str) -> None:
    settings = install(tmp_path, SlackAccess("http://127.0.0.1:1/api/", "xoxb-demo", "s"), MONDAY_NOON_US).settings
    asker = colleague("noor.haddad@juniper-vale.example")
    with open_world(settings, lambda: MONDAY_NOON_US) as world, pytest.raises(Fault, match="the digest says other"):
        agree_with_standings(world, MONDAY_NOON_US, Message(text, ()), Message("Place 1", ()), asker)


def test_content_that_was_kept_anywhere_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bandstand.db-wal").write_text(f"SQLite {CANARY}")
    with pytest.raises(Fault, match=r"bandstand\.db-wal holds content"):
        keep_no_content(tmp_path)
