"""Pricing usage anew: whatever our own prices priced, or could not, may change; what producers said never does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, and_, bindparam, insert, literal_column, or_, select, update

from db.day_changes import note_changes
from db.many import as_written
from db.rollups import add_up_usage, take_away, write_rollups
from db.tables import events, price_books, repricings
from scoring.events import CostKind, Lane, Tokens, Usage

_e = events.c
_IS_USAGE = _e.type == literal_column("'usage'")
_IS_OURS = or_(_e.cost_kind == CostKind.LISTED.value, and_(_e.cost_nanousd.is_(None), _e.cost_kind.is_(None)))
_SET = (
    update(events)
    .where(_e.event_day == bindparam("day"), _e.identity_id == bindparam("who"), _e.key == bindparam("event"))
    .values(cost_nanousd=bindparam("new_cost"), cost_kind=bindparam("new_kind"))
)


class Repricing(msgspec.Struct, frozen=True):
    """An event whose price is another now; ``may_give_way``: another signal may count in its place."""

    event_day: date
    identity_id: int
    key: bytes
    old: Usage
    new: Usage
    may_give_way: bool


def changed_prices(
    conn: Connection, since: date, price: Callable[[Usage, int], Usage], limit: int
) -> Iterator[Repricing]:
    """Up to ``limit`` events since ``since`` whose price is another now, by day; ``price`` is asked without a cost."""
    found = 0
    for day in conn.scalars(select(_e.event_day).where(_e.event_day >= since).distinct().order_by(_e.event_day)).all():
        rows = conn.execute(
            select(_e.identity_id, _e.key, _e.time_us, _e.signal, _e.cost_nanousd, _e.cost_kind)
            .add_columns(_e.model, _e.lane, _e.calls, _e.is_error, _e.is_retry)
            .add_columns(_e.tokens_input, _e.tokens_output, _e.tokens_cache_read, _e.tokens_cache_write)
            .where(_e.event_day == day, _IS_USAGE, _IS_OURS)
            .order_by(_e.identity_id, _e.key)
        )
        for identity, key, time_us, signal, cost, kind, model, lane, calls, is_error, is_retry, *tokens in rows:
            bare = Usage(model, Tokens(*tokens), lane=Lane(lane), is_error=is_error, is_retry=is_retry, calls=calls)
            new = price(bare, time_us)
            if new.cost_nanousd == cost:
                continue
            old = msgspec.structs.replace(bare, cost_nanousd=cost, cost_kind=CostKind(kind) if kind else None)
            yield Repricing(day, identity, key, old, new, signal is not None)
            found += 1
            if found == limit:
                return


def reprice(conn: Connection, changes: Sequence[Repricing], prices: str, at_us: int) -> None:
    """Makes ``changes``, roll-ups included, and keeps the old figures. ``prices``: their fingerprint."""
    if not changes:
        return
    conn.execute(
        _SET,
        [
            {
                "day": one.event_day,
                "who": one.identity_id,
                "event": one.key,
                "new_cost": one.new.cost_nanousd,
                "new_kind": None if one.new.cost_kind is None else one.new.cost_kind.value,
            }
            for one in changes
        ],
    )
    conn.execute(
        insert(repricings),
        [
            {
                "key": one.key,
                "at_us": at_us,
                "event_day": one.event_day,
                "identity_id": one.identity_id,
                "old_nanousd": one.old.cost_nanousd,
                "new_nanousd": one.new.cost_nanousd,
                "prices": prices,
            }
            for one in changes
        ],
    )
    counted = [one for one in changes if not one.may_give_way or _is_counted(conn, one)]
    usage = add_up_usage((as_written(conn, one.event_day), one.identity_id, one.new) for one in counted)
    for one in counted:
        take_away(usage, as_written(conn, one.event_day), one.identity_id, one.old)
    write_rollups(conn, usage, {})
    note_changes(conn, {as_written(conn, one.event_day) for one in changes})


def _is_counted(conn: Connection, one: Repricing) -> bool:
    """Asked within the transaction that writes: a better signal may have come since the change was found."""
    query = select(_e.is_shadowed).where(
        _e.event_day == one.event_day, _e.identity_id == one.identity_id, _e.key == one.key
    )
    return conn.scalar(query) is False


def is_priced_under(conn: Connection, prices: str) -> bool:
    """Is all usage priced under these prices (their fingerprint), and under none that came later?"""
    latest = conn.scalar(select(price_books.c.fingerprint).order_by(price_books.c.at_us.desc()).limit(1))
    return latest == prices


def record_prices(conn: Connection, prices: str, at_us: int) -> None:
    """All usage is priced under these prices now."""
    conn.execute(price_books.delete().where(price_books.c.fingerprint == prices))
    conn.execute(insert(price_books), {"fingerprint": prices, "at_us": at_us})
