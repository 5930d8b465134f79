"""Usage by person, local day, lane and strength of identity, from the roll-ups; the day that is cut, from the events.

Days that are over are read from their columns (``db.usage_columns``) where they have any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Connection, Select, and_, case, cast, func, select

from db.many import as_written, portions
from db.owners import Owners, read_owners
from db.rows import read_tuples
from db.tables import events, usage_days
from db.usage_columns import days_in_columns, read_columns
from db.whose import Whose, belongs_to
from scoring.events import CostKind
from scoring.usage import LANES, DaySpending, DayUsage, Integers, OfDays, together
from scoring.window import Window

_IDENTITY_DAYS = 50_000  # rows that are held at once, about
_COUNTS = DayUsage.__struct_fields__[
    4:
]  # as they stand in the database: whoever changes them empties ``usage_columns``
_NUMBERS = 2 + len(_COUNTS)  # columns that are kept of a day
_POSITIONS = {lane.value: position for position, lane in enumerate(LANES)}


def read_day_usage(conn: Connection, window: Window, columns: type[OfDays], whose: Whose = None) -> OfDays:
    """What the directory's active people used in ``window``: a row a person, day, lane and strength.

    Only ``columns`` are asked for.
    """
    return together(columns, list(stream_day_usage(conn, window, columns, whose)))


def stream_day_usage(conn: Connection, window: Window, columns: type[OfDays], whose: Whose = None) -> Iterator[OfDays]:
    """What ``read_day_usage`` reads, a day at a time and by identity, so that a person may have several rows a day.

    Few rows are held at once: of a large company those of a day, of a small one those of many days, as each question takes
    its time. Identities are joined to people here, once, and not in SQL day by day.
    """
    owners = read_owners(conn, whose)
    in_columns = () if whose is not None else days_in_columns(conn, window.whole_days)
    for day, (identity_ids, lanes, *counts) in read_columns(conn, in_columns, _NUMBERS):
        wanted = (counts[_COUNTS.index(name)] for name in _counts_of(columns))
        yield _of_owners(owners, columns, np.full(len(lanes), day.toordinal()), identity_ids, lanes, *wanted)
    for some in portions([one for one in window.whole_days if one not in {*in_columns}], days_at_once(owners)):
        yield from _day_by_day(conn, _of_whole_days(some, whose), some, owners, columns)
    if window.cut_day is not None:
        yield from _day_by_day(conn, _of_cut_day(window, whose), (window.cut_day,), owners, columns)


def days_at_once(owners: Owners) -> int:
    """How many days to ask for at once, so that few rows are held."""
    return max(1, _IDENTITY_DAYS // max(1, len(owners.identity_ids)))


def ordinals(conn: Connection, days: Sequence[date], said: Sequence[Any]) -> Integers:
    """``said``, of ``days`` as the driver gives them, as numbers."""
    numbered = {as_written(conn, one): one.toordinal() for one in days}
    return np.array([numbered[day] for day in said], dtype=np.int64)


def sum_up_usage(conn: Connection, day: date) -> Integers:
    """What ``db.usage_columns`` keeps of ``day``: identity, lane and all counts of ``DayUsage``."""
    _, *numbers = _numbers(conn, _of_whole_days((day,), None), (day,), DayUsage)
    return np.array(numbers)


def _day_by_day(
    conn: Connection, usage: Select[Any], days: Sequence[date], owners: Owners, columns: type[OfDays]
) -> Iterator[OfDays]:
    """``usage`` of ``days``, one after the other."""
    every = _of_owners(owners, columns, *_numbers(conn, usage, days, columns))
    for one in days:
        yield every.where(every.days == one.toordinal())


def _numbers(
    conn: Connection, usage: Select[Any], days: Sequence[date], columns: type[DaySpending]
) -> tuple[Integers, ...]:
    """Day, identity, lane and counts of ``usage`` of ``days``, each as a column."""
    by_identity = usage.subquery()
    lane = case(*((by_identity.c.lane == name, position) for name, position in _POSITIONS.items()))
    sums = [cast(by_identity.c[name], BigInteger) for name in _counts_of(columns)]
    rows = read_tuples(conn, select(by_identity.c.day, by_identity.c.identity_id, lane, *sums))
    said, *numbers = zip(*rows, strict=True) if rows else [()] * (3 + len(sums))
    return (ordinals(conn, days, said), *(np.array(one, dtype=np.int64) for one in numbers))


def _of_owners(
    owners: Owners, columns: type[OfDays], days: Integers, identity_ids: Integers, lanes: Integers, *counts: Integers
) -> OfDays:
    places, is_known = owners.places_of(identity_ids)
    keys: tuple[Any, ...] = (owners.person_ids[places], days[is_known], lanes[is_known], owners.is_asserted[places])
    return columns(*keys, *(one[is_known] for one in counts))


def _counts_of(columns: type[DaySpending]) -> tuple[str, ...]:
    return columns.__struct_fields__[4:]


def _of_whole_days(days: Sequence[date], whose: Whose) -> Select[Any]:
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
