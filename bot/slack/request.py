"""What reaches us from Slack, whatever its kind: who, and what they said."""

from __future__ import annotations

from typing import Any

import msgspec


class Request(msgspec.Struct, frozen=True):
    """Something that ``slack_id`` typed or clicked, as Slack signed it.

    ``words``: what was typed after the command, in lower case. ``value``: the button's, a hint and never authority.
    ``click``: the same for every delivery of one click on one message.
    """

    slack_id: str
    words: tuple[str, ...] = ()
    value: str = ""
    channel: str = ""
    click: str = ""


def workspace_of(body: dict[str, Any]) -> str:
    """The workspace of whoever sent it; "" where Slack does not say."""
    user = body.get("user")
    own = user.get("team_id") if isinstance(user, dict) else None
    return str(own or body.get("team_id") or "")


def typed(command: dict[str, Any]) -> Request:
    """A slash command."""
    return Request(str(command["user_id"]), words=tuple(str(command.get("text") or "").lower().split()))


def clicked(body: dict[str, Any], action: dict[str, Any]) -> Request:
    """A button in a message, in a modal or in Home."""
    user = str(body["user"]["id"])
    container = body.get("container") or {}
    return Request(
        user,
        value=str(action.get("value") or ""),
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        click=f"{user}/{container.get('message_ts') or action.get('action_ts')}",
    )
