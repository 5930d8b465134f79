"""What reaches us from Slack, whatever its kind: who, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

_DIGITS = 19  # of the largest number that a database keeps


class Request(msgspec.Struct, frozen=True):
    """Something that ``slack_id`` typed, clicked or filled in, as Slack signed it.

    ``words``: what was typed after the command, in lower case. ``value`` (of a button, or hidden in a form) and ``fields``
    (of a form, by block) say what is meant, never who may. ``click``: the same for every delivery of one click.
    """

    slack_id: str
    words: tuple[str, ...] = ()
    value: str = ""
    channel: str = ""
    click: str = ""
    fields: Mapping[str, str] = {}

    @property
    def number(self) -> int | None:
        """``value`` as the number of something kept; None where it is none."""
        return int(self.value) if self.value.isdecimal() and len(self.value) < _DIGITS else None


def workspace_of(body: dict[str, Any]) -> str:
    """The workspace of whoever sent it; "" where Slack does not say."""
    user = body.get("user")
    own = user.get("team_id") if isinstance(user, dict) else None
    return str(own or body.get("team_id") or "")


def typed(command: dict[str, Any]) -> Request:
    """A slash command."""
    return Request(str(command["user_id"]), words=tuple(str(command.get("text") or "").lower().split()))


def clicked(body: dict[str, Any], action: dict[str, Any]) -> Request:
    """A button in a message, in a form or in Home."""
    user = _user(body)
    container = body.get("container") or {}
    return Request(
        user,
        value=str(action.get("value") or ""),
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        click=f"{user}/{container.get('message_ts') or action.get('action_ts')}",
    )


def chosen(shortcut: dict[str, Any]) -> Request:
    """A global shortcut."""
    return Request(_user(shortcut))


def submitted(body: dict[str, Any], view: dict[str, Any]) -> Request:
    """A form that was filled in."""
    blocks = (view.get("state") or {}).get("values") or {}
    fields = {block: _entered(element) for block, elements in blocks.items() for element in elements.values()}
    return Request(_user(body), value=str(view.get("private_metadata") or ""), click=str(view.get("id")), fields=fields)


def _user(body: dict[str, Any]) -> str:
    return str(body["user"]["id"])


def _entered(element: dict[str, Any]) -> str:
    """What was written, or the value that was chosen."""
    option = element.get("selected_option") or {}
    return str(element.get("value") or option.get("value") or element.get("selected_date") or "").strip()
