"""A world whose Slack is the stand-in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET
from bot.settings import HookSecrets, Settings
from bot.world import RuleBook, World
from db.engine import Store
from scoring.program import Program
from scoring.program_file import version_of


def now_us() -> int:
    """The real clock."""
    return time.time_ns() // 1000


def wired_world(
    slack: SlackStandIn, store: Store, program: Program, clock: Callable[[], int] = now_us, **settings: Any
) -> World:
    """The ``store`` under ``program``, talking to ``slack``, which runs; with more ``settings`` by their names."""
    given = Settings(
        _env_file=None,
        BANDSTAND_DATABASE_URL="sqlite:///unused.db",
        BANDSTAND_PORT=0,
        BANDSTAND_HOOK_SECRETS=HookSecrets(events=("secret",)),
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_API_URL=slack.api_url,
        **settings,
    )
    return World(given, store, RuleBook(program, version_of(program)), clock)
