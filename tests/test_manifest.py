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
from bot.slack.blocks.help import help_message
from bot.slack.listeners import buttons, commands, events
from bot.slack.scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/fixtures/slack/manifest.schema.2.0.0.json").read_text())
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())

# What each Web API method that the code calls needs (docs.slack.dev/reference/methods).
NEEDS = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_list": {"channels:read", "groups:read"},
    "users_list": {"users:read", "users:read.email"},
    "views_publish": set(),
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
        self.registered: dict[str, set[str]] = {"command": set(), "action": set(), "event": set()}

    def command(self, name: Any, *_: Any, **__: Any) -> Any:
        self.registered["command"].add(name)
        return lambda listener: listener

    def action(self, name: Any, *_: Any, **__: Any) -> Any:
        self.registered["action"].add(name)
        return lambda listener: listener

    def event(self, name: Any, *_: Any, **__: Any) -> Any:
        self.registered["event"].add(name)
        return lambda listener: listener


@pytest.fixture
def registered() -> dict[str, set[str]]:
    app = Recorder()
    for part in (commands, buttons, events):
        part.register(app, None)  # type: ignore[arg-type]
    return app.registered


def test_its_commands_are_those_that_the_code_answers(registered: dict[str, set[str]]) -> None:
    listed = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert listed == registered["command"] == set(actions.COMMANDS)
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_its_usage_hint_names_what_the_help_explains() -> None:
    (bandstand,) = (one for one in MANIFEST["features"]["slash_commands"] if one["command"] == actions.BANDSTAND)
    explained = set(re.findall(rf"{actions.BANDSTAND} (\w+)", help_message().text))
    others = {command.removeprefix("/") for command in actions.COMMANDS if command != actions.BANDSTAND}
    assert set(bandstand["usage_hint"].split(" | ")) == explained | others


def test_its_events_are_those_that_the_code_hears(registered: dict[str, set[str]]) -> None:
    listed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert listed == registered["event"] == set(actions.EVENTS)
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] == (actions.HOME_OPENED in listed)


def test_interactivity_is_on_as_there_are_buttons(registered: dict[str, set[str]]) -> None:
    assert registered["action"] == set(actions.BUTTONS)
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
