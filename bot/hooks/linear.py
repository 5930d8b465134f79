"""What a Linear webhook tells: whose issue was completed, and whose was opened again. Titles and texts are not read."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from bot.email_address import as_email
from bot.hooks.answers import Refusal
from bot.hooks.decoding import Fault, decoded
from bot.hooks.facts import Moment
from scoring.events import Event, Outcome
from scoring.program import TicketSource
from scoring.window import to_us

SOURCE = "linear"

_TOLERANCE_MS = 60_000  # as Linear advises


class _User(msgspec.Struct):
    id: str | None = None
    email: str | None = None


class _Team(msgspec.Struct):
    key: str | None = None


class _State(msgspec.Struct):
    type: str | None = None


class _Issue(msgspec.Struct, rename="camel"):
    identifier: str
    updated_at: Moment
    state: _State | None = None
    team: _Team | None = None
    assignee: _User | None = None
    created_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None


class _Before(msgspec.Struct, rename="camel"):
    """The former values of what changed; what did not change is missing."""

    state_id: str | None = None
    completed_at: Moment | None = None


class _Head(msgspec.Struct, rename="camel"):
    type: str | None = None
    action: str | None = None
    webhook_timestamp: int | None = None


class _Change(msgspec.Struct, rename="camel"):
    data: _Issue
    updated_from: _Before | None = None


_head = msgspec.json.Decoder(_Head)
_change = msgspec.json.Decoder(_Change)


def events_of_change(body: bytes, rules: TicketSource, now_us: int) -> Sequence[Event]:
    """The events of a webhook; none for what is not counted.

    Raises ``Refusal``: 400 where ``body`` is no object, 401 where it is more than a minute old; ``Fault`` where one that
    counts lacks what is needed.
    """
    try:
        head = decoded(_head, body, "", "body")
    except Fault as fault:
        raise Refusal(400, str(fault)) from fault
    if head.webhook_timestamp is None or abs(head.webhook_timestamp - now_us // 1000) > _TOLERANCE_MS:
        raise Refusal(401, "webhookTimestamp: more than a minute off")
    if (head.type, head.action) != ("Issue", "update") or not rules.completed:
        return ()
    change = decoded(_change, body, "", "body")
    issue, before = change.data, change.updated_from or _Before()
    team = (issue.team and issue.team.key) or ""
    if not any(fnmatchcase(team, pattern) for pattern in rules.projects):
        return ()
    task, at_us = issue.identifier, to_us(issue.completed_at or issue.updated_at)
    if issue.state is not None and issue.state.type == "completed" and before.state_id is not None:
        began = issue.started_at or issue.created_at
        outcome = Outcome(
            rules.completed, task=task, started_us=None if began is None else to_us(began), is_accepted=True
        )
        return (Event(SOURCE, f"{task}/completed/{at_us}", _name(issue.assignee), at_us, outcome),)
    if before.completed_at is not None and issue.completed_at is None and issue.assignee is not None:
        outcome = Outcome(rules.completed, task=task, is_accepted=False, errors=1)
        return (Event(SOURCE, f"{task}/reopened/{at_us}", _name(issue.assignee), at_us, outcome),)
    return ()


def _name(user: _User | None) -> str:
    if user is None:
        return ""
    return (user.email and as_email(user.email)) or user.id or ""
