"""Usage by person, local day, lane and strength of identity, from the roll-ups; the day that is cut, from the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, Connection, Select, and_, case, cast, func, select, union_all

from db.owners import Owners, read_owners
from db.rows import read_integers
from db.tables import events, identities, people, usage_days
from db.whose import Whose, belongs_to
from scoring.events import CostKind
from scoring.usage import LANES, DayUsage, OfDays, columns_of
from scoring.window import Window

_IDENTITY_DAYS = 50_000  # rows that are held at once, about
_SUMS = DayUsage.__struct_fields__[4:]
_POSITIONS = {lane.value: position for position, lane in enumerate(LANES)}


def read_day_usage(conn: Connection, window: Window, *, days_before: int = 0, whose: Whose = None) -> DayUsage:
    """What the directory's active people used in ``window`` and on the ``days_before`` local days before it."""
    earlier = tuple(window.days[0] - timedelta(days=number) for number in range(days_before, 0, -1))
    whole_days = _of_whole_days((*earlier, *window.whole_days), whose)
    return _by_person(conn, union_all(whole_days, _of_cut_day(window, whose)))


def stream_day_usage(conn: Connection, window: Window, columns: type[OfDays]) -> Iterator[OfDays]:
    """What ``read_day_usage`` reads, a day at a time and by identity, so that a person may have several rows a day.

    Few rows are held at once: of a large company those of a day, of a small one those of many days, as each question takes
    its time. Identities are joined to people here, once, and not in SQL day by day. Only ``columns`` are asked for.
    """
    owners = read_owners(conn)
    days, at_once = window.whole_days, max(1, _IDENTITY_DAYS // max(1, len(owners.identity_ids)))
    for start in range(0, len(days), at_once):
        some = days[start : start + at_once]
        yield from _day_by_day(conn, _of_whole_days(some), some, owners, columns)
    if window.cut_day is not None:
        yield from _day_by_day(conn, _of_cut_day(window), (window.cut_day,), owners, columns)


def _day_by_day(
    conn: Connection, usage: Select[Any], days: Sequence[date], owners: Owners, columns: type[OfDays]
) -> Iterator[OfDays]:
    """``usage`` of ``days``, one after the other."""
    by_identity = usage.subquery()
    day = case(*((by_identity.c.day == one, one.toordinal()) for one in days))
    lane = case(*((by_identity.c.lane == name, position) for name, position in _POSITIONS.items()))
    sums = [cast(by_identity.c[name], BigInteger) for name in columns.__struct_fields__[4:]]
    query = select(by_identity.c.identity_id, day, lane, *sums)
    identity_ids, ordinals, lanes, *counts = read_integers(conn, query, 3 + len(sums))
    places, is_known = owners.places_of(identity_ids)
    whose: tuple[Any, ...] = (
        owners.person_ids[places],
        ordinals[is_known],
        lanes[is_known],
        owners.is_asserted[places],
    )
    every = columns(*whose, *(one[is_known] for one in counts))
    for one in days:
        yield every.where(every.days == one.toordinal())


def _by_person(conn: Connection, usage: Select[Any] | CompoundSelect[Any]) -> DayUsage:
    by_identity = usage.subquery()
    sums = (cast(func.sum(by_identity.c[name]), BigInteger) for name in _SUMS)
    keys = (identities.c.person_id, by_identity.c.day, by_identity.c.lane, identities.c.is_asserted)
    query = (
        select(*keys, *sums)
        .join_from(by_identity, identities, identities.c.id == by_identity.c.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active)
        .group_by(*keys)
    )
    return columns_of(
        (person_id, day.toordinal(), _POSITIONS[lane], is_asserted, *counts)
        for person_id, day, lane, is_asserted, *counts in conn.execute(query)
    )


def _of_whole_days(days: tuple[date, ...], whose: Whose = None) -> Select[Any]:
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


def _of_cut_day(window: Window, whose: Whose = None) -> Select[Any]:
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
