"""``bandstand pull`` says in one line what is missing, and takes the days that it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.faults import Fault
from bot.pull.portion import Days, read_days
from bot.settings import SettingsError
from tests.bot.pull.apis import KEY, litellm_routes, served
from tests.bot.pull.pulls import Puller
from tests.builders import MONDAY_NOON_US


def bandstand(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BANDSTAND_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_missing_setting_ends_it_with_status_1_and_one_line(tmp_path: Path) -> None:
    done = bandstand(tmp_path, "pull", "litellm")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "bandstand: set BANDSTAND_PULL__LITELLM_URL=https://litellm.example.com\n"


def test_wrong_usage_ends_it_with_status_2(tmp_path: Path) -> None:
    assert bandstand(tmp_path, "pull", "elsewhere").returncode == 2
    assert bandstand(tmp_path, "pull", "litellm", "--redeliver").returncode == 2


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    with served(litellm_routes([])) as (url, troubles):
        settings = {"BANDSTAND_PULL__LITELLM_URL": f"{url}/", "BANDSTAND_PULL__LITELLM_KEY": KEY}
        done = bandstand(tmp_path, "pull", "litellm", "--from", "2026-05-01", "--to", "2026-05-02", **settings)
        assert troubles.count("/spend/logs/v2") == 48
    assert (done.returncode, done.stdout) == (0, "0 new, 0 duplicate, 0 unattributed.\n")


@pytest.mark.parametrize(
    ("source", "pull", "line"),
    [
        ("litellm", {"litellm_url": "https://llm.acme.test"}, "set BANDSTAND_PULL__LITELLM_KEY=sk-…"),
        ("litellm", {"litellm_url": "llm.acme.test"}, "set BANDSTAND_PULL__LITELLM_URL=https://litellm.example.com"),
        ("claude-code-analytics", {}, "set BANDSTAND_PULL__ANTHROPIC_ADMIN_KEY=sk-ant-admin…"),
        ("github", {}, "set BANDSTAND_PULL__GITHUB_TOKEN=github_pat_…"),
        (
            "github",
            {"github_token": "t", "github_hook": "acme/1"},
            "set BANDSTAND_PULL__GITHUB_HOOK=orgs/ORG/hooks/ID or repos/OWNER/REPO/hooks/ID",
        ),
    ],
)
def test_each_setting_that_is_missing_is_named(
    sqlite_puller: Puller, source: str, pull: dict[str, str], line: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        sqlite_puller.pull_with(sqlite_puller.settings(**pull), source)
    assert str(raised.value) == line


def test_without_days_it_is_the_last_three_and_today() -> None:
    assert read_days(None, None, MONDAY_NOON_US) == Days(date(2026, 5, 29), date(2026, 6, 1))
    assert read_days(None, "2026-05-10", MONDAY_NOON_US) == Days(date(2026, 5, 7), date(2026, 5, 10))
    assert [day.day for day in read_days("2026-05-30", None, MONDAY_NOON_US).each()] == [30, 31, 1]


@pytest.mark.parametrize(
    ("first", "last", "line"),
    [
        ("yesterday", None, '--from: "yesterday" is not a day; write 2026-11-02'),
        ("2026-05-02", "2026-05-01", "--from 2026-05-02 is after --to 2026-05-01"),
        (None, "2026-06-02", "--to 2026-06-02 is not here yet; in UTC it is 2026-06-01"),
    ],
)
def test_days_that_make_no_sense_are_refused(first: str | None, last: str | None, line: str) -> None:
    with pytest.raises(Fault) as raised:
        read_days(first, last, MONDAY_NOON_US)
    assert str(raised.value) == line
