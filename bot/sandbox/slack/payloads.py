"""What Slack sends the app when somebody types, clicks, fills in a form or opens Home."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
_APP = "A0BANDSTAND"


def command(*, user: str, team: str, channel: str, command: str, text: str, number: str, response_url: str) -> str:
    """A slash command, as a form."""
    fields = {
        "command": command,
        "text": text,
        "user_id": user,
        "channel_id": channel,
        "team_id": team,
        "trigger_id": trigger(number),
        "response_url": response_url,
        "api_app_id": _APP,
    }
    return urlencode(fields)


def click_on_message(
    *,
    user: str,
    user_team: str,
    team: str,
    channel: str,
    ts: str,
    action: dict[str, Any],
    number: str,
    response_url: str,
) -> str:
    """A click on a button of a message."""
    place = {"type": "message", "message_ts": ts, "channel_id": channel}
    return _payload(
        "block_actions",
        user,
        team,
        number,
        user_team=user_team,
        response_url=response_url,
        channel={"id": channel},
        container=place,
        actions=[action],
    )


def click_in_view(*, user: str, team: str, view: dict[str, Any], action: dict[str, Any], number: str) -> str:
    """A click on a button of a modal or of Home."""
    place = {"type": "view", "view_id": view["id"]}
    return _payload("block_actions", user, team, number, container=place, view=view, actions=[action])


def submission(*, user: str, team: str, view: dict[str, Any], fields: dict[str, str], number: str) -> str:
    """A modal that is submitted, with what was written or chosen by block."""
    elements = {block.get("block_id"): block.get("element", {}) for block in view["blocks"]}
    values = {block: _entered(elements.get(block, {}), text) for block, text in fields.items()}
    return _payload("view_submission", user, team, number, view=view | {"state": {"values": values}})


def shortcut(*, user: str, team: str, callback_id: str, number: str) -> str:
    """A global shortcut."""
    return _payload("shortcut", user, team, number, callback_id=callback_id, action_ts=number)


def home_opened(*, user: str, team: str, view: dict[str, Any] | None, number: str) -> str:
    """Somebody opens the app's Home, which shows ``view``; as JSON."""
    event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0", "event_ts": "1.0"}
    shown = {"view": view} if view else {}
    body = {"type": "event_callback", "team_id": team, "api_app_id": _APP, "event_id": f"Ev{number}"}
    return json.dumps(body | {"event": event | shown})


def button(action_id: str, value: str, number: str) -> dict[str, Any]:
    """The action that a click on a button is."""
    return {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": number}


def trigger(number: str) -> str:
    """The trigger that comes with request ``number``."""
    return f"trigger.{number}"


def _entered(element: dict[str, Any], text: str) -> dict[str, Any]:
    """``text`` as the state of the element that it was entered in."""
    kind, name = element.get("type", "plain_text_input"), element.get("action_id", "text")
    if kind == "datepicker":
        return {name: {"type": kind, "selected_date": text}}
    if kind == "static_select":
        return {name: {"type": kind, "selected_option": {"value": text}}}
    return {name: {"type": kind, "value": text}}


def _payload(kind: str, user: str, team: str, number: str, *, user_team: str = "", **parts: Any) -> str:
    base = {
        "type": kind,
        "user": {"id": user, "team_id": user_team or team},
        "team": {"id": team},
        "api_app_id": _APP,
        "trigger_id": trigger(number),
    }
    return urlencode({"payload": json.dumps(base | parts)})
