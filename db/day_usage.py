"""Usage by person, local day, lane and strength of identity, from the roll-ups; the day that is cut, from the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Connection, Select, and_, case, cast, func, select

from db.tables import events, identities, people, usage_days
from db.whose import Whose, belongs_to
from scoring.events import CostKind
from scoring.usage import LANES, DayUsage, Integers, together
from scoring.window import Window

_IDENTITY_DAYS = 50_000  # rows that are held at once, about
_SUMS = ("calls", "errors", "retries", "tokens", "output_tokens", "cost_nanousd", "unpriced_tokens")
_POSITIONS = {lane.value: position for position, lane in enumerate(LANES)}


def read_day_usage(conn: Connection, window: Window, *, whose: Whose = None) -> DayUsage:
    """What the directory's active people used in ``window``: a row a person, day, lane and strength."""
    return together(list(stream_day_usage(conn, window, whose)))


def stream_day_usage(conn: Connection, window: Window, whose: Whose = None) -> Iterator[DayUsage]:
    """What ``read_day_usage`` reads, a day at a time and by identity, so that a person may have several rows a day.

    Few rows are held at once: of a large company those of a day, of a small one those of many days, as each question takes
    its time. Identities are joined to people here, once, and not in SQL day by day.
    """
    owners = _read_owners(conn, whose)
    days, at_once = window.whole_days, max(1, _IDENTITY_DAYS // max(1, len(owners.identity_ids)))
    for start in range(0, len(days), at_once):
        some = days[start : start + at_once]
        yield from _day_by_day(conn, _of_whole_days(some, whose), some, owners)
    if window.cut_day is not None:
        yield from _day_by_day(conn, _of_cut_day(window, whose), (window.cut_day,), owners)


class _Owners(msgspec.Struct, frozen=True, eq=False):
    """Whose each identity is, by identity id; only those of active people."""

    identity_ids: Integers
    person_ids: Integers
    is_asserted: NDArray[np.bool_]


def _read_owners(conn: Connection, whose: Whose) -> _Owners:
    query = (
        select(identities.c.id, identities.c.person_id, identities.c.is_asserted)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active, *belongs_to(identities.c.id, whose))
        .order_by(identities.c.id)
    )
    table = _integers(conn, query, 3)
    return _Owners(table[0], table[1], table[2].astype(bool))


def _day_by_day(conn: Connection, usage: Select[Any], days: Sequence[date], owners: _Owners) -> Iterator[DayUsage]:
    """``usage`` of ``days``, one after the other."""
    by_identity = usage.subquery()
    lane = case(*((by_identity.c.lane == name, position) for name, position in _POSITIONS.items()))
    sums = (cast(by_identity.c[name], BigInteger) for name in _SUMS)
    rows = conn.execute(select(by_identity.c.day, by_identity.c.identity_id, lane, *sums)).all()
    if not rows or not len(owners.identity_ids):
        return
    said, *columns = zip(*rows, strict=True)
    ordinals = np.array([one.toordinal() for one in said])
    identity_ids, lanes, *counts = (np.array(column, dtype=np.int64) for column in columns)
    found = np.minimum(np.searchsorted(owners.identity_ids, identity_ids), len(owners.identity_ids) - 1)
    is_known = owners.identity_ids[found] == identity_ids
    every = DayUsage(owners.person_ids[found], ordinals, lanes, owners.is_asserted[found], *counts).where(is_known)
    for one in days:
        yield every.where(every.days == one.toordinal())


def _integers(conn: Connection, query: Select[Any], columns: int) -> Integers:
    """The answer as columns."""
    flat = np.fromiter(chain.from_iterable(conn.execute(query).all()), dtype=np.int64)
    return np.ascontiguousarray(flat.reshape(-1, columns).T)


def _of_whole_days(days: tuple[date, ...], whose: Whose) -> Select[Any]:
    used = usage_days.c
    tokens = used.tokens_input + used.tokens_output + used.tokens_cache_read + used.tokens_cache_write
    return (
        select(
            used.identity_id,
            used.day.label("day"),
            used.lane,
            func.sum(used.calls).label("calls"),
            func.sum(used.errors).label("errors"),
            func.sum(used.retries).label("retries"),
            func.sum(tokens).label("tokens"),
            func.sum(used.tokens_output).label("output_tokens"),
            func.sum(used.cost_nanousd).label("cost_nanousd"),
            func.sum(used.unpriced_tokens).label("unpriced_tokens"),
        )
        .where(used.day.in_(days), *belongs_to(used.identity_id, whose))
        .group_by(used.identity_id, used.day, used.lane)
    )


def _of_cut_day(window: Window, whose: Whose) -> Select[Any]:
    said = events.c
    tokens = said.tokens_input + said.tokens_output + said.tokens_cache_read + said.tokens_cache_write
    is_unpriced = and_(said.cost_nanousd.is_(None), said.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
    return (
        select(
            said.identity_id,
            said.event_day.label("day"),
            said.lane,
            func.sum(said.calls).label("calls"),
            func.sum(case((said.is_error, 1), else_=0)).label("errors"),
            func.sum(case((said.is_retry, 1), else_=0)).label("retries"),
            func.sum(tokens).label("tokens"),
            func.sum(said.tokens_output).label("output_tokens"),
            func.coalesce(func.sum(said.cost_nanousd), 0).label("cost_nanousd"),
            func.sum(case((is_unpriced, tokens), else_=0)).label("unpriced_tokens"),
        )
        .where(
            said.event_day == window.cut_day,
            *belongs_to(said.identity_id, whose),
            said.type == "usage",
            said.is_shadowed.is_(False),
            said.time_us < window.end_us,
        )
        .group_by(said.identity_id, said.event_day, said.lane)
    )
