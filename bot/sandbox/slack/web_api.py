"""Slack's Web API methods, as far as the app calls them: each takes the arguments and gives the answer, or ``Refused``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from bot.sandbox.slack.block_kit import fault_of
from bot.sandbox.slack.views import views_open, views_publish, views_push, views_update
from bot.sandbox.slack.workspace import BOT_USER, Account, Conversation, Refused, Workspace

Arguments: TypeAlias = dict[str, Any]
Answer: TypeAlias = dict[str, Any]

_LONGEST_TEXT = 40_000


def auth_test(workspace: Workspace, _arguments: Arguments) -> Answer:
    return {
        "url": "https://stand-in.slack.test/",
        "team": "Stand-in",
        "user": "bandstand",
        "team_id": workspace.team_id,
        "user_id": BOT_USER,
        "bot_id": "B0BANDSTAND",
    }


def users_list(workspace: Workspace, arguments: Arguments) -> Answer:
    workspace.require("users:read")
    page, cursor = _page(list(workspace.accounts.values()), arguments)
    members = [_member(workspace, account) for account in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversations_open(workspace: Workspace, arguments: Arguments) -> Answer:
    workspace.require("im:write")
    return {"channel": {"id": workspace.open_private(str(arguments.get("users", ""))).id}}


def conversations_list(workspace: Workspace, arguments: Arguments) -> Answer:
    workspace.require("channels:read")
    channels = [one for one in workspace.conversations.values() if not one.person and not one.is_archived]
    page, cursor = _page(channels, arguments)
    listed = [{"id": one.id, "name": one.name, "is_private": one.is_private} for one in page]
    return {"channels": listed, "response_metadata": {"next_cursor": cursor}}


def conversations_history(workspace: Workspace, arguments: Arguments) -> Answer:
    channel = workspace.channel(str(arguments.get("channel", "")))
    workspace.require(
        "im:history" if channel.person else "groups:history" if channel.is_private else "channels:history"
    )
    if str(arguments.get("channel", "")).startswith("#"):
        raise Refused("channel_not_found")
    oldest = float(arguments.get("oldest") or 0)
    has_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")
    kept = [one for one in reversed(channel.messages) if one.get("received", 1e18) >= oldest]
    page, cursor = _page(kept, arguments)
    hidden = {"received"} if has_metadata else {"received", "metadata"}
    messages = [{name: value for name, value in one.items() if name not in hidden} for one in page]
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def chat_post_message(workspace: Workspace, arguments: Arguments) -> Answer:
    workspace.require("chat:write")
    channel = workspace.channel(str(arguments.get("channel", "")))
    _require_place(workspace, channel)
    content = _content(workspace, arguments)
    if metadata := _json(arguments.get("metadata"), None):
        content["metadata"] = metadata
    message = workspace.post(channel, content)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def chat_update(workspace: Workspace, arguments: Arguments) -> Answer:
    workspace.require("chat:write")
    channel = workspace.channel(str(arguments.get("channel", "")))
    message = next((one for one in channel.messages if one["ts"] == arguments.get("ts")), None)
    if message is None:
        raise Refused("message_not_found")
    message |= _content(workspace, arguments)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"]}


METHODS: dict[str, Callable[[Workspace, Arguments], Answer]] = {
    "auth.test": auth_test,
    "users.list": users_list,
    "conversations.open": conversations_open,
    "conversations.history": conversations_history,
    "conversations.list": conversations_list,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.push": views_push,
    "views.update": views_update,
}


def fault_of_message(workspace: Workspace, text: str, blocks: list[dict[str, Any]]) -> str | None:
    """The error code with which this workspace would refuse a message; None where it takes it."""
    if not workspace.takes_charts and any(block.get("type") == "data_visualization" for block in blocks):
        return "invalid_blocks"
    return fault_of(text, blocks)


def _content(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    text = str(arguments.get("text") or "")
    blocks = _json(arguments.get("blocks"), [])
    if fault := fault_of_message(workspace, text, blocks):
        raise Refused(fault)
    return {"text": text[:_LONGEST_TEXT], "blocks": blocks}


def _require_place(workspace: Workspace, channel: Conversation) -> None:
    if channel.is_archived:
        raise Refused("is_archived")
    is_open = not channel.is_private and not channel.person and "chat:write.public" in workspace.scopes
    if BOT_USER not in channel.members and not is_open:
        raise Refused("not_in_channel" if not channel.is_private else "channel_not_found")


def _member(workspace: Workspace, account: Account) -> Answer:
    profile = {"real_name": account.real_name}
    if "users:read.email" in workspace.scopes and account.email:
        profile["email"] = account.email
    return {
        "id": account.id,
        "team_id": workspace.team_id,
        "name": account.name,
        "real_name": account.real_name,
        "deleted": account.is_deleted,
        "is_bot": account.is_bot,
        "is_restricted": account.is_guest,
        "is_ultra_restricted": False,
        "tz": account.timezone,
        "profile": profile,
    }


def _page(rows: list[Any], arguments: Arguments) -> tuple[list[Any], str]:
    start = int(arguments.get("cursor") or 0)
    end = start + min(int(arguments.get("limit") or 200), 1000)
    return rows[start:end], str(end) if end < len(rows) else ""


def _json(value: object, otherwise: Any) -> Any:
    if value is None or value == "":
        return otherwise
    return json.loads(value) if isinstance(value, str) else value
