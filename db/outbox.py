"""The outbox: everything that is said to Slack on our own initiative, written in the transaction that made it true.

States: ``queued`` → ``sending`` → ``sent``; ``uncertain`` while nobody knows whether Slack took it; ``parked`` where it
cannot succeed and a person must look.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from db.tables import outbox
from db.welcomes import record_told


class Parcel(msgspec.Struct, frozen=True):
    """A message on its way. ``message`` is JSON (text and blocks), ``attempted_us`` when it was last handed to Slack."""

    id: int
    dedupe_key: str
    kind: str
    recipient: str
    message: str
    priority: int
    state: str
    attempts: int
    looks: int
    conversation: str | None
    attempted_us: int | None
    error: str | None
    replaces: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where Slack keeps a message."""

    conversation: str
    ts: str


def post(
    conn: Connection,
    *,
    dedupe_key: str,
    kind: str,
    recipient: str,
    message: str,
    priority: int,
    now_us: int,
    not_before_us: int = 0,
) -> bool:
    """Puts a message (JSON) into the outbox; False where ``dedupe_key`` was used before, and then changes nothing."""
    if conn.scalar(select(outbox.c.id).where(outbox.c.dedupe_key == dedupe_key)) is not None:
        return False
    values = {
        "dedupe_key": dedupe_key,
        "kind": kind,
        "recipient": recipient,
        "message": message,
        "priority": priority,
        "state": "queued",
        "attempts": 0,
        "looks": 0,
        "created_us": now_us,
        "next_us": max(now_us, not_before_us),
    }
    if conn.dialect.name == "sqlite":  # the one writer: nobody can have come between
        conn.execute(insert(outbox).values(values))
        return True
    unless_there = insert_or_not(outbox).values(values).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return conn.scalar(unless_there.returning(outbox.c.id)) is not None


def replace(conn: Connection, *, dedupe_key: str, replaces: str, message: str, now_us: int) -> bool:
    """Puts ``message`` (JSON) in the place of the one with the key ``replaces``: same recipient, same priority.

    What Slack does not have yet is not said any more. False where there is no such message, or ``dedupe_key`` was used.
    """
    o = outbox.c
    query = select(o.kind, o.recipient, o.priority).where(o.dedupe_key == replaces)
    kept = conn.execute(query if conn.dialect.name == "sqlite" else query.with_for_update()).first()
    if kept is None:
        return False
    unsaid = and_(o.dedupe_key == replaces, o.state == "queued")
    if conn.execute(update(outbox).where(unsaid).values(message=message)).rowcount:
        return True
    is_new = post(
        conn,
        dedupe_key=dedupe_key,
        kind=kept.kind,
        recipient=kept.recipient,
        message=message,
        priority=kept.priority,
        now_us=now_us,
    )
    if is_new:
        conn.execute(update(outbox).where(o.dedupe_key == dedupe_key).values(replaces=replaces))
    return is_new


def place_of(conn: Connection, dedupe_key: str) -> Place | None:
    """Where Slack has the message; None where it was never said."""
    o = outbox.c
    query = select(o.conversation, o.ts).where(o.dedupe_key == dedupe_key, o.state == "sent", o.ts.is_not(None))
    row = conn.execute(query).first()
    return None if row is None else Place(row.conversation, row.ts)


def claim(
    conn: Connection, *, now_us: int, lease_until_us: int, token: str, busy: Collection[str], limit: int
) -> tuple[Parcel, ...]:
    """Takes up to ``limit`` messages to send: queued and due, one a recipient, the oldest first by priority.

    A recipient with a message under way or uncertain, or in ``busy``, waits: so messages keep their order.
    """
    o = outbox.c
    taken = outbox.alias()
    blocked = select(taken.c.recipient).where(taken.c.state.in_(("sending", "uncertain")))
    waiting = and_(o.state == "queued", o.next_us <= now_us, o.recipient.not_in(blocked))
    if busy:
        waiting = and_(waiting, o.recipient.not_in(sorted(busy)))
    first = select(func.min(o.id)).where(waiting).group_by(o.recipient, o.priority)
    candidates = select(outbox).where(o.id.in_(first), waiting).order_by(o.priority, o.id).limit(limit * 4)
    if conn.dialect.name == "postgresql":
        candidates = candidates.with_for_update(skip_locked=True)
    chosen: dict[str, Row[Any]] = {}
    for row in conn.execute(candidates):
        if len(chosen) < limit:
            chosen.setdefault(row.recipient, row)
    if not chosen:
        return ()
    conn.execute(
        update(outbox)
        .where(o.id.in_([row.id for row in chosen.values()]))
        .values(
            state="sending",
            attempts=o.attempts + 1,
            looks=0,
            attempted_us=now_us,
            lease_until_us=lease_until_us,
            lease_token=token,
        )
    )
    return tuple(_parcel(row) for row in chosen.values())


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(**{name: getattr(row, name) for name in Parcel.__struct_fields__})


def record_sent(conn: Connection, parcel_id: int, *, conversation: str, ts: str, now_us: int) -> None:
    """Slack has it: as message ``ts`` of ``conversation``. Whoever it welcomes has been told by that."""
    record_told(conn, parcel_id, now_us)
    _settle(conn, parcel_id, state="sent", conversation=conversation, ts=ts, sent_us=now_us, error=None)


def requeue(conn: Connection, parcel_id: int, *, next_us: int, error: str, message: str | None = None) -> None:
    """Slack has not taken it, and it may be sent again from ``next_us`` on (with another ``message`` where given)."""
    changes = {} if message is None else {"message": message}
    _settle(conn, parcel_id, state="queued", next_us=next_us, error=error, **changes)


def record_uncertain(conn: Connection, parcel_id: int, *, next_us: int, error: str) -> None:
    """Nobody knows whether Slack has it; it is to be looked for from ``next_us`` on."""
    _settle(conn, parcel_id, state="uncertain", next_us=next_us, error=error)


def record_look(conn: Connection, parcel_id: int, *, next_us: int, error: str) -> None:
    """It was looked for and not found, or could not be looked for; the next look is from ``next_us`` on."""
    _settle(conn, parcel_id, state="uncertain", next_us=next_us, looks=outbox.c.looks + 1, error=error)


def park(conn: Connection, parcel_id: int, reason: str) -> None:
    """It cannot succeed as it is; a person must look."""
    _settle(conn, parcel_id, state="parked", error=reason)


def give_up_expired(conn: Connection, now_us: int) -> int:
    """Makes uncertain what a courier claimed and did not settle before its lease ended; how many."""
    o = outbox.c
    expired = and_(o.state == "sending", o.lease_until_us <= now_us)
    done = conn.execute(
        update(outbox)
        .where(expired)
        .values(state="uncertain", next_us=now_us, error="lease expired", lease_token=None, lease_until_us=None)
    )
    return done.rowcount


def claim_uncertain(
    conn: Connection, *, now_us: int, lease_until_us: int, token: str, limit: int
) -> tuple[Parcel, ...]:
    """Takes uncertain messages that are due for a look; nobody else looks until ``lease_until_us``."""
    o = outbox.c
    free = or_(o.lease_until_us.is_(None), o.lease_until_us <= now_us)
    query = (
        select(outbox).where(o.state == "uncertain", o.next_us <= now_us, free).order_by(o.next_us, o.id).limit(limit)
    )
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = conn.execute(query).all()
    if rows:
        changes = {"lease_until_us": lease_until_us, "lease_token": token}
        conn.execute(update(outbox).where(o.id.in_([row.id for row in rows])).values(changes))
    return tuple(_parcel(row) for row in rows)


def next_due_us(conn: Connection) -> int | None:
    """When the next message is due to be sent or looked for; None where nothing waits."""
    o = outbox.c
    due: int | None = conn.scalar(select(func.min(o.next_us)).where(o.state.in_(("queued", "uncertain"))))
    return due


def conversation_of(conn: Connection, recipient: str) -> str | None:
    """Where Slack kept an earlier message to the same ``recipient``; None where none was sent yet."""
    o = outbox.c
    known: str | None = conn.scalar(
        select(o.conversation).where(o.recipient == recipient, o.state == "sent").order_by(o.id.desc()).limit(1)
    )
    return known


def last_posts(conn: Connection, kind: str, since_us: int) -> dict[str, int]:
    """When each recipient was last written to with something of this ``kind``, since ``since_us``."""
    o = outbox.c
    query = select(o.recipient, func.max(o.created_us).label("created_us")).where(
        o.kind == kind, o.created_us >= since_us
    )
    rows = conn.execute(query.group_by(o.recipient))
    return {row.recipient: row.created_us for row in rows}


def ways_to(conn: Connection, slack_id: str) -> tuple[str, ...]:
    """The recipients under which messages to a person stand: the Slack id, and the conversations with them."""
    o = outbox.c
    rooms = select(o.conversation).where(o.recipient == slack_id, o.conversation.is_not(None)).distinct()
    return (slack_id, *conn.scalars(rooms))


def unsettled(conn: Connection) -> int:
    """How many messages are still to be sent or settled."""
    waiting = outbox.c.state.in_(("queued", "sending", "uncertain"))
    return conn.scalar(select(func.count()).where(waiting)) or 0


def _settle(conn: Connection, parcel_id: int, **changes: Any) -> None:
    values = {"lease_until_us": None, "lease_token": None} | changes
    conn.execute(update(outbox).where(outbox.c.id == parcel_id).values(values))
