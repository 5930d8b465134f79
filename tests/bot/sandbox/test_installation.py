"""The demo's installation: of its own, eight weeks old, with people who have been told and have chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox.company.people import NEWCOMER, STAYS_UNNAMED
from bot.sandbox.installation import Installation, SlackAccess, install
from bot.slots import Weekly, due_slot
from bot.world import open_world
from db.directory import everyone, person_by_email
from db.programs import program_at
from scoring.window import to_us

NOW_US = to_us(datetime(2026, 11, 23, 16, 40, 12, tzinfo=UTC))
ACCESS = SlackAccess("http://127.0.0.1:1/api/", "xoxb-demo", "signing")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return install(tmp_path, ACCESS, NOW_US)


def test_nothing_of_the_environment_slips_into_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-the-real-company")
    monkeypatch.setenv("BANDSTAND_HOOK_SECRETS__OTLP", "a-real-secret")
    monkeypatch.setenv("BANDSTAND_DATABASE_URL", "postgresql://real")
    settings = install(tmp_path, ACCESS, NOW_US).settings
    assert (settings.slack_app_token, settings.hook_secrets.otlp) == ("", ())
    assert str(tmp_path) in settings.database_url


def test_its_digest_is_due_at_the_hour_that_has_just_begun(installation: Installation) -> None:
    assert installation.story_ends_us == to_us(datetime(2026, 11, 23, 16, tzinfo=UTC))
    with open_world(installation.settings, lambda: NOW_US) as world:
        cadence = Weekly(world.program.digest.weekday, world.program.digest.time)
        assert due_slot(cadence, world.program.zone, NOW_US).at_us == installation.story_ends_us


def test_where_clocks_are_set_back_the_digest_is_due_at_the_first_of_the_two_hours(tmp_path: Path) -> None:
    second_of_both_us = to_us(datetime(2026, 10, 25, 1, 20, tzinfo=UTC))
    assert install(tmp_path, ACCESS, second_of_both_us).story_ends_us == to_us(datetime(2026, 10, 25, 0, tzinfo=UTC))


def test_its_program_has_been_in_force_for_the_whole_story(installation: Installation) -> None:
    with open_world(installation.settings, lambda: NOW_US) as world, world.store.read() as conn:
        recorded = program_at(conn, installation.story_ends_us)
        assert recorded is not None
        assert installation.story_ends_us - recorded.since_us > 55 * 86_400_000_000


def test_all_but_the_newcomer_have_been_told_and_one_wishes_not_to_be_named(installation: Installation) -> None:
    with open_world(installation.settings, lambda: NOW_US) as world, world.store.read() as conn:
        assert [person.email for person in everyone(conn) if person.welcomed_us is None] == [NEWCOMER]
        shy = person_by_email(conn, STAYS_UNNAMED)
        assert shy is not None
        assert shy.naming == "unnamed"
