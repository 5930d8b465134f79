"""Modals and Home in the stand-in: triggers that open one modal, stacks of three, hashes against races."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.block_kit import fault_of_view
from bot.sandbox.slack.workspace import Refused, Workspace

_DEEPEST = 3


def views_open(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    user = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    view = _kept(workspace, arguments, "modal")
    workspace.modals[user] = [view]
    return {"view": view}


def views_push(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    user = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    stack = workspace.modals.get(user, [])
    if not stack:
        raise Refused("not_found")
    if len(stack) == _DEEPEST:
        raise Refused("push_limit_reached")
    view = _kept(workspace, arguments, "modal")
    stack.append(view)
    return {"view": view}


def views_update(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    for stack in workspace.modals.values():
        for number, old in enumerate(stack):
            if old["id"] == arguments.get("view_id"):
                _require_hash(old, arguments)
                stack[number] = _kept(workspace, arguments, "modal") | {"id": old["id"]}
                return {"view": stack[number]}
    raise Refused("not_found")


def views_publish(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    user = str(arguments.get("user_id"))
    _require_hash(workspace.homes.get(user, {}), arguments)
    workspace.homes[user] = _kept(workspace, arguments, "home")
    return {"view": workspace.homes[user]}


def _require_hash(old: dict[str, Any], arguments: dict[str, Any]) -> None:
    if arguments.get("hash") and arguments["hash"] != old.get("hash"):
        raise Refused("hash_conflict")


def _kept(workspace: Workspace, arguments: dict[str, Any], kind: str) -> dict[str, Any]:
    view = arguments.get("view") or {}
    view = json.loads(view) if isinstance(view, str) else view
    if view.get("type") != kind:
        raise Refused("invalid_arguments")
    if fault := fault_of_view(view):
        raise Refused(fault)
    number = workspace.next_number()
    return view | {"id": f"V{number}", "hash": f"{number}.hash"}
