"""Ingest tokens as text: ``bst_``, an id by which the table finds them, and 32 random bytes that only a hash is kept of."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

import msgspec

TOKEN_DOORS = ("events", "litellm", "otlp")
"""The doors that bearer tokens open."""
PERSONAL_DOOR = "otlp"
"""The one door at which a personal token proves its person."""

_FORM = re.compile(r"bst_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class NewToken(msgspec.Struct, frozen=True):
    """A token at the only moment when it is known whole; never store or log ``text``."""

    id: str
    text: str
    hash: bytes

    def __repr__(self) -> str:
        return f"NewToken({self.id!r})"


class GivenToken(msgspec.Struct, frozen=True):
    """What a sender shows: whose secret it claims to be, and the SHA-256 of that secret."""

    id: str
    hash: bytes


def new_token() -> NewToken:
    """A token that nobody can guess."""
    id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return NewToken(id, f"bst_{id}_{secret}", _hash(secret))


def given_token(text: str) -> GivenToken | None:
    """What ``text`` shows; None where it is no ingest token."""
    match = _FORM.fullmatch(text)
    return None if match is None else GivenToken(match[1], _hash(match[2]))


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("ascii")).digest()
