"""Tokens made and taken back, as the audit trail tells of them."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection

from db.ingest_tokens import find_token
from db.trail import Action, Deed, append, person


def record_token(conn: Connection, action: Action, token_id: str, *, actor: str, now_us: int) -> None:
    """Puts on record what was done to a token that exists.

    A personal token stands there under its person, by a hash of its id: the id is a name of theirs, and can be erased.
    """
    token = find_token(conn, token_id)
    if token is None:
        raise ValueError("there is no such token")
    if token.person_id is None:
        deed = Deed(action, actor, f"token:{token_id}", facts={"door": token.door})
    else:
        mark = sha256(token_id.encode()).hexdigest()[:12]
        deed = Deed(action, actor, person(token.person_id), facts={"door": token.door, "token": mark})
    append(conn, now_us, deed)
