"""Whether the audit trail is what it was: every hash once more, from the first row to the end of the chain."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, func, select

from db.tables import trail, trail_head
from db.trail import NO_HASH, Action, TrailHead, TrailRow, hash_of, reason_hash_of, trail_rows

_BEGINNING = TrailHead(0, NO_HASH)


class TrailCheck(msgspec.Struct, frozen=True):
    """What became of a check: ``head`` is the last row that holds; ``fault`` says what is wrong after it ("" = nothing).

    ``broken_at``: the number of the first row that is not as it was written, or is gone; None where all hold.
    """

    head: TrailHead
    broken_at: int | None = None
    fault: str = ""


def check_trail(conn: Connection, anchor: TrailHead | None = None) -> TrailCheck:
    """Recomputes the chain. With ``anchor``, an end of it that was noted elsewhere, that row must be in it as it was."""
    end = conn.execute(
        select(trail_head.c.number, trail_head.c.hash, select(func.max(trail.c.number)).scalar_subquery())
    )
    said = end.one_or_none()
    if said is None:
        return TrailCheck(_BEGINNING, 1, "the end of the chain is not on record any more")
    ends = [TrailHead(said[0], said[1]), *([] if anchor is None else [anchor])]
    sound, erased, missing = _BEGINNING, set[int](), set[int]()
    for row in trail_rows(conn):  # what is added meanwhile included: an erasure may be among it
        fault = _fault(row, sound, ends)
        if fault:
            return TrailCheck(sound, sound.number + 1, fault)
        if row.reason_hash is not None and row.reason is None:
            missing.add(row.number)
        erased |= _reasons_erased(row)
        sound = TrailHead(row.number, row.hash)
    return _check_end(sound, ends[0], said[2] or 0, anchor) or _check_reasons(sound, missing - erased)


def _fault(row: TrailRow, before: TrailHead, ends: Sequence[TrailHead]) -> str:
    if row.number != before.number + 1:
        return f"row {before.number + 1} is gone; the next one is {row.number}"
    if row.hash != hash_of(row, before.hash):
        return f"row {row.number} or what stands before it is not what was written"
    if any(row.number == end.number and row.hash != end.hash for end in ends):
        return f"row {row.number} is another than the one that was noted: the trail was written anew"
    if row.reason is None:
        return ""
    if row.reason_salt is None or row.reason_hash != reason_hash_of(row.reason_salt, row.reason):
        return f"the reason in row {row.number} is not the one that was written"
    return ""


def _check_end(sound: TrailHead, end: TrailHead, last: int, anchor: TrailHead | None) -> TrailCheck | None:
    if last != end.number:
        after = min(last, end.number)
        return TrailCheck(sound, after + 1, f"the end of the chain was row {end.number}, and the last row is {last}")
    if anchor is not None and anchor.number > sound.number:
        return TrailCheck(sound, sound.number + 1, f"row {anchor.number} was noted, and the last row is {sound.number}")
    return None


def _check_reasons(sound: TrailHead, missing: set[int]) -> TrailCheck:
    if not missing:
        return TrailCheck(sound)
    first = min(missing)
    return TrailCheck(sound, first, f"the reason in row {first} is gone, and no erasure took it")


def _reasons_erased(row: TrailRow) -> set[int]:
    """The rows whose reasons an erasure took."""
    if row.action != Action.ERASED:
        return set()
    taken = msgspec.json.decode(row.facts).get("reasons_erased", [])
    return set(taken)
