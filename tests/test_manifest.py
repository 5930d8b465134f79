"""The manifest agrees with Slack's schema and with the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.listeners import buttons, commands, events, shortcuts, submissions
from bot.slack.scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from bot.slack.subcommands import SUBCOMMANDS
from db.engine import Store
from scoring.program import Program
from tests.builders import world

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/fixtures/slack/manifest.schema.2.0.0.json").read_text())
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())

# What each Web API method that the code calls needs (docs.slack.dev/reference/methods).
NEEDS = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_list": {"channels:read", "groups:read"},
    "users_list": {"users:read", "users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}


def test_slack_accepts_it() -> None:
    jsonschema.validate(MANIFEST, SCHEMA)


def test_slack_accepts_it_for_http_as_its_comment_says() -> None:
    url = "https://bandstand.example.com/slack/events"
    over_http = json.loads(json.dumps(MANIFEST))
    over_http["settings"]["socket_mode_enabled"] = False
    over_http["settings"]["event_subscriptions"]["request_url"] = url
    over_http["settings"]["interactivity"]["request_url"] = url
    for command in over_http["features"]["slash_commands"]:
        command["url"] = url
    jsonschema.validate(over_http, SCHEMA)


class Recorder(AsyncApp):
    """Bolt that remembers what is registered."""

    def __init__(self) -> None:
        super().__init__(client=AsyncWebClient(token="xoxb-none"), request_verification_enabled=False)
        self.registered: dict[str, set[str]] = {}

    def _remember(self, kind: str, name: str) -> Any:
        self.registered.setdefault(kind, set()).add(name)
        return lambda listener: listener

    def command(self, name: Any, *_: Any, **__: Any) -> Any:
        return self._remember("command", name)

    def action(self, name: Any, *_: Any, **__: Any) -> Any:
        return self._remember("action", name)

    def view(self, name: Any, *_: Any, **__: Any) -> Any:
        return self._remember("view", name)

    def global_shortcut(self, name: Any, *_: Any, **__: Any) -> Any:
        return self._remember("shortcut", name)

    def event(self, name: Any, *_: Any, **__: Any) -> Any:
        return self._remember("event", name)


@pytest.fixture
def registered(sqlite_store: Store) -> dict[str, set[str]]:
    app = Recorder()
    for part in (commands, buttons, submissions, shortcuts, events):
        part.register(app, world(sqlite_store, Program()))
    return app.registered


def test_its_commands_are_those_that_the_code_answers(registered: dict[str, set[str]]) -> None:
    listed = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert listed == registered["command"] == {"/bandstand", *actions.SHORT_CUTS}
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_its_usage_hint_names_every_sub_command() -> None:
    (bandstand,) = (one for one in MANIFEST["features"]["slash_commands"] if one["command"] == "/bandstand")
    assert bandstand["usage_hint"].split(" | ") == ["help", *(one.name for one in SUBCOMMANDS)]


def test_its_shortcuts_are_those_that_the_code_answers(registered: dict[str, set[str]]) -> None:
    listed = MANIFEST["features"]["shortcuts"]
    assert {one["callback_id"] for one in listed} == registered["shortcut"]
    assert {one["type"] for one in listed} == {"global"}


def test_its_events_are_those_that_the_code_hears(registered: dict[str, set[str]]) -> None:
    listed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert listed == registered["event"] == set(actions.EVENTS)
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] == (actions.HOME_OPENED in listed)


def test_everything_that_can_be_clicked_is_answered(registered: dict[str, set[str]]) -> None:
    named = {value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)}
    menu = {actions.in_menu(one.name) for one in SUBCOMMANDS}
    assert set().union(*registered.values()) == named | menu | {"/bandstand"}
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_its_scopes_are_those_that_the_code_needs_and_no_more() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == REQUIRED_SCOPES
    assert set(scopes["bot_optional"]) == OPTIONAL_SCOPES
    assert called_methods() <= set(NEEDS)
    needed = set().union(*(NEEDS[method] for method in called_methods())) | {"commands"}
    assert needed == REQUIRED_SCOPES | OPTIONAL_SCOPES


def called_methods() -> set[str]:
    """The Web API methods that the code calls, by the client's names for them."""
    methods = {name for name in dir(AsyncWebClient) if re.match(r"[a-z]+(_[a-zA-Z]+)+$", name) and name[0] != "_"}
    sources = [path.read_text() for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts]
    return {name for source in sources for name in re.findall(r"\.(\w+)\(", source) if name in methods} - {"api_call"}
