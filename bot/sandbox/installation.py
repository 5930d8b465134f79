"""Bandstand as Juniper & Vale has installed it eight weeks ago: a folder with its program, people and database."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bot.people_file import import_people
from bot.sandbox.company.calendar import Calendar
from bot.sandbox.company.people import NEWCOMER, STAYS_UNNAMED, people_csv
from bot.sandbox.company.rules import program_toml
from bot.settings import HookSecrets, Settings
from bot.slots import Weekly, due_slot
from bot.world import open_world
from db.directory import everyone, mark_welcomed, set_naming
from scoring.program import NamedBoards
from scoring.program_file import parse_program
from scoring.window import from_us, to_us


class SlackAccess(msgspec.Struct, frozen=True):
    """How the app gets into a Slack, and whether that draws charts. Without ``app_token`` it is called over HTTP."""

    api_url: str
    bot_token: str
    signing_secret: str
    app_token: str = ""
    has_charts: bool = True


class Installation(msgspec.Struct, frozen=True):
    """``story_ends_us``: the hour that has just begun; the history ends there and the digest's slot is there."""

    folder: Path
    settings: Settings
    story_ends_us: int


def install(folder: Path, slack: SlackAccess, now_us: int) -> Installation:
    """Writes the program and imports the people, eight weeks before the story ends."""
    story_ends_us = _last_full_hour(now_us)
    program = folder / "program.toml"
    program.write_text(program_toml(story_ends_us), encoding="utf-8")
    people = folder / "people.csv"
    people.write_text(people_csv(), encoding="utf-8")
    settings = _settings(folder, slack)
    installed_us = Calendar(story_ends_us).moment_us(0, 0)
    with open_world(settings, lambda: installed_us) as world:
        import_people(world.store, people, installed_us)
        with world.store.write() as conn:
            _talk_with_people(conn, installed_us)
    return Installation(folder, settings, story_ends_us)


def _talk_with_people(conn: Connection, told_us: int) -> None:
    """All but the newcomer were told long ago what is measured, and one of them wishes not to be named."""
    for person in everyone(conn):
        if person.email != NEWCOMER:
            mark_welcomed(conn, person.id, NamedBoards.OPT_OUT, told_us)
        if person.email == STAYS_UNNAMED:
            set_naming(conn, person.id, "unnamed", told_us)


def _settings(folder: Path, slack: SlackAccess) -> Settings:
    """Every setting is given, so that none of the environment's slips in."""
    return Settings(
        _env_file=None,
        BANDSTAND_DATABASE_URL=f"sqlite+aiosqlite:///{folder / 'bandstand.db'}",
        BANDSTAND_PROGRAM=folder / "program.toml",
        BANDSTAND_HOST="127.0.0.1",
        BANDSTAND_PORT=0,
        BANDSTAND_HOOK_SECRETS=HookSecrets(
            events=("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),), litellm=(secrets.token_urlsafe(),)
        ),
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_SIGNING_SECRET=slack.signing_secret,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_API_URL=slack.api_url,
        BANDSTAND_SLACK_CHARTS=slack.has_charts,
    )


def _last_full_hour(now_us: int) -> int:
    """When the hour began. Where clocks are set back it may come twice; the digest's slot is the first then."""
    hour_us = to_us(from_us(now_us).replace(minute=0, second=0, microsecond=0))
    program = parse_program(program_toml(hour_us))
    return due_slot(Weekly(program.digest.weekday, program.digest.time), program.zone, hour_us).at_us
