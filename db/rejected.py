"""What doors kept aside: where and why a record could not be read, never what it said."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, insert

from db.tables import rejected_records


class Rejected(msgspec.Struct, frozen=True):
    """A record that was not taken: its place in the delivery and the reason, without any value."""

    place: str
    reason: str


def keep_rejected(conn: Connection, source: str, records: Sequence[Rejected], now_us: int) -> None:
    """Keeps ``records`` of a delivery by ``source`` aside."""
    rows = [{"source": source, "received_us": now_us, "place": r.place, "reason": r.reason} for r in records]
    conn.execute(insert(rejected_records), rows)
