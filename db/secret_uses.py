"""When the secrets of the settings were last used, so that an old one can be withdrawn once nobody needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Connection, select, text

from db.tables import secret_uses

DoorSecret: TypeAlias = tuple[str, str]  # (door, fingerprint of the secret)


def record_secret_uses(conn: Connection, uses: Mapping[DoorSecret, int]) -> None:
    """Keeps when secrets were last used; an earlier moment than the one known changes nothing."""
    rows = [
        {"door": door, "fingerprint": fingerprint, "used": used_us}
        for (door, fingerprint), used_us in sorted(uses.items())
    ]
    if not rows:
        return
    conn.execute(
        text(
            "INSERT INTO secret_uses (door, fingerprint, last_used_us) VALUES (:door, :fingerprint, :used)"
            " ON CONFLICT (door, fingerprint) DO UPDATE SET last_used_us = excluded.last_used_us"
            " WHERE secret_uses.last_used_us < excluded.last_used_us"
        ),
        rows,
    )


def last_uses(conn: Connection) -> dict[DoorSecret, int]:
    """When each secret that ever opened a door did so last, in microseconds since 1970 UTC."""
    return {(row.door, row.fingerprint): row.last_used_us for row in conn.execute(select(secret_uses))}
