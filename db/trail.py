"""The audit trail: who did what, about whom or what, when and why. One chain of hashes; rows are only ever added.

People are named by their opaque ids alone (``person(12)``), so that erasing somebody breaks no hash. A reason is free text
and may name people: the chain holds a salted hash of it, and the text itself can be erased.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, insert, select, update

from db.tables import trail, trail_head

COMMAND_LINE = "command line"
SCHEDULE = "schedule"
NO_HASH = bytes(32)
"""What the first row stands on."""

Fact: TypeAlias = str | int | float | bool | list[str] | list[int] | None

_PAGE = 1000
_HEAD = trail_head.c.id == 1
_ACTOR = re.compile(r"person:\d+|command line|schedule")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Action(StrEnum):
    """All that the trail tells of. ``docs/governance.md`` says what each means."""

    PROGRAM_RECORDED = "program_recorded"
    PEOPLE_IMPORTED = "people_imported"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    TOKEN_MADE = "token_made"  # noqa: S105 - not a password
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    NAMING_CHOSEN = "naming_chosen"
    REPRICED = "repriced"
    VIEWED = "viewed"
    BADGE_REVOKED = "badge_revoked"
    FLAG_CONFIRMED = "flag_confirmed"
    FLAG_DISMISSED = "flag_dismissed"
    EXCEPTION_ASKED = "exception_asked"
    EXCEPTION_APPROVED = "exception_approved"
    EXCEPTION_DECLINED = "exception_declined"
    EXCEPTION_WITHDRAWN = "exception_withdrawn"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_ANSWERED = "dispute_answered"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    BADGE_RESTORED = "badge_restored"
    VIOLATION_RESOLVED = "violation_resolved"
    EXPORTED = "exported"
    ERASED = "erased"


class Deed(msgspec.Struct, frozen=True):
    """Something done. ``actor`` is ``person(id)``, ``COMMAND_LINE`` or ``SCHEDULE``; ``about`` names whom or what.

    ``facts`` are few and small: figures, ids, names from the program. They stay for ever, so they hold no content and
    no name of a person; an e-mail address in them is written as "(address)".
    """

    action: Action
    actor: str
    about: str = ""
    reason: str = ""
    facts: Mapping[str, Fact] = {}


class TrailRow(msgspec.Struct, frozen=True):
    """A deed on record. ``facts`` is a JSON object; ``reason`` is None where none was given or it was erased."""

    number: int
    at_us: int
    actor: str
    action: str
    about: str
    facts: str
    reason: str | None
    reason_salt: bytes | None
    reason_hash: bytes | None
    hash: bytes


class TrailHead(msgspec.Struct, frozen=True):
    """The end of the chain: how many rows there are, and the hash of the last."""

    number: int
    hash: bytes


def person(person_id: int) -> str:
    """How the trail names a person."""
    return f"person:{person_id}"


def append(conn: Connection, at_us: int, *deeds: Deed) -> None:
    """Adds ``deeds`` to the trail within the transaction that makes them true.

    Whoever else adds waits until that transaction ends: append last, in a short one, and never while events come in.
    """
    if not deeds:
        return
    number, before = conn.execute(select(trail_head.c.number, trail_head.c.hash).where(_HEAD).with_for_update()).one()
    rows = []
    for deed in deeds:
        number += 1
        row = _row(deed, number, at_us, before)
        rows.append(msgspec.structs.asdict(row))
        before = row.hash
    conn.execute(insert(trail), rows)
    conn.execute(update(trail_head).where(_HEAD).values(number=number, hash=before))


def hold(conn: Connection) -> None:
    """Keeps others from adding until the transaction ends, so that what is on record now is so when we add."""
    conn.execute(select(trail_head.c.number).where(_HEAD).with_for_update())


def most_viewed(conn: Connection, actor: str, about: str, what: str, since_us: int) -> int:
    """Of how many people ``actor`` was shown ``what``, as a record since ``since_us`` says; the most, 0 = none does."""
    t = trail.c
    query = select(t.facts).where(
        t.actor == actor, t.action == Action.VIEWED.value, t.about == about, t.at_us >= since_us
    )
    shown = [msgspec.json.decode(facts) for facts in conn.scalars(query)]
    return max((int(facts.get("people", 0)) for facts in shown if facts.get("what") == what), default=0)


def head(conn: Connection) -> TrailHead:
    """Where the chain ends now."""
    return TrailHead(*conn.execute(select(trail_head.c.number, trail_head.c.hash).where(_HEAD)).one())


def trail_rows(
    conn: Connection, *, about: str | None = None, actor: str | None = None, since_us: int | None = None
) -> Iterator[TrailRow]:
    """What is on record, the oldest first; of one ``about``, by one ``actor``, since a moment, where these are given."""
    query = select(*(trail.c[name] for name in TrailRow.__struct_fields__)).order_by(trail.c.number).limit(_PAGE)
    if about is not None:
        query = query.where(trail.c.about == about)
    if actor is not None:
        query = query.where(trail.c.actor == actor)
    if since_us is not None:
        query = query.where(trail.c.at_us >= since_us)
    last = 0
    while page := conn.execute(query.where(trail.c.number > last)).all():
        yield from (TrailRow(*row) for row in page)
        last = page[-1].number


def hash_of(row: TrailRow, before: bytes) -> bytes:
    """SHA-256 over the hash of the row before (32 bytes) and a JSON array, in UTF-8 without spaces, of:

    number, at_us, actor, action, about, facts (their JSON as a string), the reason's hash in hex or null.
    """
    reason_hash = None if row.reason_hash is None else row.reason_hash.hex()
    body = (row.number, row.at_us, row.actor, row.action, row.about, row.facts, reason_hash)
    return sha256(before + msgspec.json.encode(body)).digest()


def reason_hash_of(salt: bytes, reason: str) -> bytes:
    """The salt keeps a short reason from being guessed once it is erased."""
    return sha256(salt + reason.encode()).digest()


def _row(deed: Deed, number: int, at_us: int, before: bytes) -> TrailRow:
    if not _ACTOR.fullmatch(deed.actor):
        raise ValueError(f"an actor is person(id), COMMAND_LINE or SCHEDULE, not {deed.actor!r}")
    reason = _clean(deed.reason)
    salt = secrets.token_bytes(16) if reason else None
    row = TrailRow(
        number=number,
        at_us=at_us,
        actor=deed.actor,
        action=deed.action.value,
        about=_without_address(deed.about),
        facts=msgspec.json.encode(_without_address(deed.facts), order="sorted").decode(),
        reason=reason or None,
        reason_salt=salt,
        reason_hash=None if salt is None else reason_hash_of(salt, reason),
        hash=b"",
    )
    return msgspec.structs.replace(row, hash=hash_of(row, before))


def _clean(text: str) -> str:
    """Text that both databases give back as it was: no half characters (from a terminal, say) and no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _without_address(value: Any) -> Any:
    if isinstance(value, str):
        return _ADDRESS.sub("(address)", _clean(value))
    if isinstance(value, Mapping):
        return {_without_address(name): _without_address(one) for name, one in value.items()}
    return [_without_address(one) for one in value] if isinstance(value, list) else value
