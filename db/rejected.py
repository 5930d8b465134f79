"""What doors kept aside: where and why records could not be read, never what they said.

All are counted, by the quarter of an hour; of the records themselves the newest are kept, as examples.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, tuple_

from db.many import insert_rows
from db.tables import rejected_counts, rejected_records

MOST_KEPT = 10_000
MOST_KEPT_OF_A_DELIVERY = 100
KEPT_DAYS = 35

_DAY_US = 24 * 3600 * 1_000_000
_SLOT_US = 15 * 60 * 1_000_000


class Rejected(msgspec.Struct, frozen=True):
    """A record that was not taken: its place in the delivery and the reason, without any value."""

    place: str
    reason: str


def keep_rejected(conn: Connection, source: str, records: Sequence[Rejected], now_us: int) -> None:
    """Counts ``records`` of a delivery by ``source`` and keeps the first of them aside, in place of old ones."""
    if not records:
        return
    counted = [(source, now_us - now_us % _SLOT_US, len(records))]
    then = "ON CONFLICT (source, slot_us) DO UPDATE SET records = rejected_counts.records + excluded.records"
    insert_rows(conn, rejected_counts, ("source", "slot_us", "records"), counted, then)
    kept = records[:MOST_KEPT_OF_A_DELIVERY]
    rows = [{"source": source, "received_us": now_us, "place": r.place, "reason": r.reason} for r in kept]
    conn.execute(insert(rejected_records), rows)
    _forget_old(conn, now_us)


def rejected_by_source(conn: Connection, since_us: int) -> dict[str, int]:
    """How many records each door has kept aside since ``since_us``, at most 35 days back."""
    counts = rejected_counts.c
    rows = conn.execute(
        select(counts.source, func.sum(counts.records))
        .where(counts.slot_us >= since_us - since_us % _SLOT_US)
        .group_by(counts.source)
        .order_by(counts.source)
    )
    return {source: int(records) for source, records in rows}


def _forget_old(conn: Connection, now_us: int) -> None:
    """What another transaction is at is left to it: nobody waits for anybody here."""
    kept, counts, since_us = rejected_records.c, rejected_counts.c, now_us - KEPT_DAYS * _DAY_US
    newest = select(func.max(kept.id)).scalar_subquery()
    old = select(kept.id).where(or_(kept.id <= newest - MOST_KEPT, kept.received_us < since_us))
    conn.execute(delete(rejected_records).where(kept.id.in_(old.with_for_update(skip_locked=True))))
    uncounted = select(counts.source, counts.slot_us).where(counts.slot_us < since_us).with_for_update(skip_locked=True)
    conn.execute(delete(rejected_counts).where(tuple_(counts.source, counts.slot_us).in_(uncounted)))
