"""What a Jira webhook tells: whose issue was done, and whose was opened again. Summaries and comments are not read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase

import msgspec

from bot.email_address import as_email
from bot.hooks.answers import Refusal
from bot.hooks.decoding import Fault, decoded
from scoring.events import Event, Outcome
from scoring.program import TicketSource
from scoring.window import to_us

SOURCE = "jira"

_MOST_MILLISECONDS = 10**14
_NOTHING = (b"", b"null", b'""')


class _User(msgspec.Struct, rename="camel"):
    account_id: str | None = None
    name: str | None = None  # Jira Data Center
    email_address: str | None = None


class _Category(msgspec.Struct):
    key: str | None = None


class _Status(msgspec.Struct, rename="camel"):
    status_category: _Category | None = None


class _Fields(msgspec.Struct):
    status: _Status | None = None
    assignee: _User | None = None
    created: str | None = None

    @property
    def is_done(self) -> bool:
        category = self.status.status_category if self.status else None
        return category is not None and category.key == "done"


class _Issue(msgspec.Struct):
    key: str
    fields: _Fields


class _Change(msgspec.Struct, rename={"before": "from", "after": "to"}):
    """The values may be of any kind, by the kind of field; all that matters is whether there is one."""

    field: str | None = None
    before: msgspec.Raw = msgspec.Raw()
    after: msgspec.Raw = msgspec.Raw()

    @property
    def is_emptied(self) -> bool:
        return bytes(self.before) not in _NOTHING and bytes(self.after) in _NOTHING


class _Changelog(msgspec.Struct):
    id: str | int | None = None
    items: list[_Change] | None = None


class _Head(msgspec.Struct, rename="camel"):
    webhook_event: str | None = None


class _Update(msgspec.Struct):
    timestamp: int
    issue: _Issue
    changelog: _Changelog | None = None
    user: _User | None = None


_head = msgspec.json.Decoder(_Head)
_update = msgspec.json.Decoder(_Update)


def events_of_issue_update(body: bytes, rules: TicketSource) -> Sequence[Event]:
    """The events of a webhook; none for what is not counted.

    Raises ``Refusal`` (400) where ``body`` is no object, ``Fault`` where one that counts lacks what is needed.
    """
    try:
        head = decoded(_head, body, "", "body")
    except Fault as fault:
        raise Refusal(400, str(fault)) from fault
    if head.webhook_event != "jira:issue_updated" or not rules.completed:
        return ()
    update = decoded(_update, body, "", "body")
    key, fields = update.issue.key, update.issue.fields
    if not any(fnmatchcase(key.rpartition("-")[0], pattern) for pattern in rules.projects):
        return ()
    if not 0 <= update.timestamp < _MOST_MILLISECONDS:
        raise Fault("timestamp", "milliseconds since 1970 are needed")
    at_us = update.timestamp * 1000
    log = update.changelog or _Changelog()
    change = log.id if log.id is not None else update.timestamp
    changes = log.items or []
    if fields.is_done and any(one.field == "status" for one in changes):
        outcome = Outcome(rules.completed, task=key, started_us=_created_us(fields), is_accepted=True)
        return (Event(SOURCE, f"{key}/completed/{change}", _name(fields.assignee or update.user), at_us, outcome),)
    if fields.assignee is not None and any(one.field == "resolution" and one.is_emptied for one in changes):
        outcome = Outcome(rules.completed, task=key, is_accepted=False, errors=1)
        return (Event(SOURCE, f"{key}/reopened/{change}", _name(fields.assignee), at_us, outcome),)
    return ()


def _created_us(fields: _Fields) -> int | None:
    """Jira writes ``2026-11-02T09:00:00.000+0100``: an offset without a colon."""
    try:
        created = datetime.fromisoformat(fields.created or "")
    except ValueError:
        return None
    return None if created.tzinfo is None else to_us(created)


def _name(user: _User | None) -> str:
    if user is None:
        return ""
    return (user.email_address and as_email(user.email_address)) or user.account_id or user.name or ""
