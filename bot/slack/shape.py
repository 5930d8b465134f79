"""The shape of what Slack sends, as far as Bolt relies on it without looking: elsewhere it answers 500.

Every field may be missing, and what is not named here may be anything.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType


class ShapeError(ValueError):
    """Something in a payload is not what Slack sends; the message begins with its place."""


class _Named(msgspec.Struct):
    id: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None


_Reference: TypeAlias = str | _Named | None  # Slack names people, channels and teams by id or as an object with one


class _Part(msgspec.Struct):
    """What may stand in a payload, and in the event, the message or the authorization within it."""

    type: str | None = None
    user: _Reference = None
    user_id: str | None = None
    team: _Reference = None
    team_id: str | None = None
    channel: _Reference = None
    channel_id: str | None = None
    enterprise: _Reference = None
    enterprise_id: str | None = None
    is_enterprise_install: bool | str | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    authorizations: list[_Part] | None = None


class _Event(_Part):
    message: _Part | None = None
    previous_message: _Part | None = None
    item: _Part | str | None = None


class _Action(msgspec.Struct):
    type: str | None = None
    action_id: str | None = None
    block_id: str | None = None
    name: str | None = None


class _View(msgspec.Struct):
    callback_id: str | None = None
    team_id: str | None = None
    app_installed_team_id: str | None = None


class _ResponseUrl(msgspec.Struct):
    response_url: str | None = None


class _Payload(_Part):
    action_id: str | None = None
    callback_id: str | None = None
    command: str | None = None
    event: _Event | UnsetType = UNSET
    message: _Part | None = None
    actions: Annotated[list[_Action], Meta(min_length=1)] | None = None
    view: _View | None = None
    function_data: dict[str, Any] | None = None
    response_urls: list[_ResponseUrl] = []


_NEEDED = {
    "event_callback": "event",
    "block_actions": "actions",
    "interactive_message": "actions",
    "view_submission": "view",
    "view_closed": "view",
    "shortcut": "callback_id",
    "message_action": "callback_id",
}


def require_shape(content: dict[str, Any], place: str) -> None:
    """Raises ``ShapeError`` where Bolt would stumble over ``content``, a payload that stands at ``place``."""
    try:
        payload = msgspec.convert(content, _Payload)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        raise ShapeError(f"{place}{path.rstrip('`')}: {text[0].lower()}{text[1:]}") from error
    needed = _NEEDED.get(payload.type or "")
    if needed and getattr(payload, needed) in (None, UNSET):
        raise ShapeError(f"{place}.{needed}: missing")
    if payload.event and not payload.event.type:
        raise ShapeError(f"{place}.event.type: missing")
