"""Bearer tokens made here: for a program that sends to a door, or for one person at the OTLP door.

Only a hash of the secret part is kept. A revoked token stays in the table, as what came with it stays in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

from db.tables import identities, ingest_tokens, people
from scoring.events import PERSONAL_SOURCE

_SHOWN = ("id", "door", "person_id", "name", "created_us", "last_used_us", "revoked_us")


class IngestToken(msgspec.Struct, frozen=True):
    """A token as it may be shown. ``person_id`` None = a program's."""

    id: str
    door: str
    person_id: int | None
    name: str
    created_us: int
    last_used_us: int | None
    revoked_us: int | None


class LiveToken(msgspec.Struct, frozen=True):
    """What proves a token: ``hash`` is the SHA-256 of its secret part. ``email`` is its person's, "" for a program's."""

    door: str
    person_id: int | None
    hash: bytes
    email: str = ""


def add_token(
    conn: Connection, *, id: str, door: str, person_id: int | None, name: str, hash: bytes, now_us: int
) -> None:
    """Keeps a new token; one of a person gets the proved identity under which its usage comes."""
    conn.execute(
        insert(ingest_tokens).values(id=id, door=door, person_id=person_id, name=name, hash=hash, created_us=now_us)
    )
    if person_id is not None:
        identity = {"source": PERSONAL_SOURCE, "external_id": id, "person_id": person_id, "linked_by": "token"}
        conn.execute(insert(identities).values(**identity, is_asserted=False, created_us=now_us))


def live_token(conn: Connection, id: str) -> LiveToken | None:
    """The token ``id``; None where there is none, it was revoked, or the person whose it is has left."""
    query = (
        select(ingest_tokens.c.door, ingest_tokens.c.person_id, ingest_tokens.c.hash, func.coalesce(people.c.email, ""))
        .outerjoin(people, people.c.id == ingest_tokens.c.person_id)
        .where(
            ingest_tokens.c.id == id,
            ingest_tokens.c.revoked_us.is_(None),
            or_(ingest_tokens.c.person_id.is_(None), people.c.is_active),
        )
    )
    row = conn.execute(query).first()
    return None if row is None else LiveToken(*row)


def find_token(conn: Connection, id: str) -> IngestToken | None:
    """The token ``id``, alive or revoked; None where there never was one."""
    row = conn.execute(_shown().where(ingest_tokens.c.id == id)).first()
    return None if row is None else IngestToken(*row)


def all_tokens(conn: Connection) -> tuple[IngestToken, ...]:
    """Every token ever made, the oldest first."""
    return tuple(IngestToken(*row) for row in conn.execute(_shown()))


def program_tokens(conn: Connection) -> tuple[IngestToken, ...]:
    """The tokens of programs that still work, the oldest first."""
    query = _shown().where(ingest_tokens.c.person_id.is_(None), ingest_tokens.c.revoked_us.is_(None))
    return tuple(IngestToken(*row) for row in conn.execute(query))


def live_tokens_of(conn: Connection, person_id: int) -> tuple[IngestToken, ...]:
    """A person's own tokens that still work, the oldest first.

    In a transaction that writes, two that ask for the same person go one after the other.
    """
    conn.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())
    return tokens_of(conn, person_id)


def tokens_of(conn: Connection, person_id: int) -> tuple[IngestToken, ...]:
    """A person's own tokens that still work, the oldest first, to look at."""
    query = _shown().where(ingest_tokens.c.person_id == person_id, ingest_tokens.c.revoked_us.is_(None))
    return tuple(IngestToken(*row) for row in conn.execute(query))


def revoke_token(conn: Connection, id: str, now_us: int, *, person_id: int | None = None) -> bool:
    """Takes a token back, with ``person_id`` only if it is that person's; False where there is no such live token."""
    query = update(ingest_tokens).where(ingest_tokens.c.id == id, ingest_tokens.c.revoked_us.is_(None))
    if person_id is not None:
        query = query.where(ingest_tokens.c.person_id == person_id)
    return conn.execute(query.values(revoked_us=now_us)).rowcount == 1


def record_token_uses(conn: Connection, uses: Mapping[str, int]) -> None:
    """Keeps when tokens were last used, by id; an earlier moment than the one known changes nothing."""
    if not uses:
        return
    last = ingest_tokens.c.last_used_us
    conn.execute(
        update(ingest_tokens)
        .where(ingest_tokens.c.id == bindparam("token"), or_(last.is_(None), last < bindparam("used")))
        .values(last_used_us=bindparam("used")),
        [{"token": id, "used": used_us} for id, used_us in sorted(uses.items())],
    )


def _shown() -> Select[Any]:
    columns = (ingest_tokens.c[name] for name in _SHOWN)
    return select(*columns).order_by(ingest_tokens.c.created_us, ingest_tokens.c.id)
