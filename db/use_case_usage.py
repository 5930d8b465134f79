"""Usage by use case, which roll-ups do not know: from the events, and so only where a budget asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, select

from db.tables import events, identities
from scoring.events import CostKind
from scoring.usage import LANES, DayUsage, columns_of
from scoring.window import Window

_POSITIONS = {lane.value: position for position, lane in enumerate(LANES)}
NOBODY = 0
"""The person id of usage that nobody answers to."""


def read_use_case_usage(conn: Connection, window: Window) -> Iterator[tuple[str, DayUsage]]:
    """Each use case with everybody's usage for it in ``window``; what nobody answers to is ``NOBODY``'s."""
    said = events.c
    tokens = said.tokens_input + said.tokens_output + said.tokens_cache_read + said.tokens_cache_write
    is_unpriced = and_(said.cost_nanousd.is_(None), said.cost_kind.is_distinct_from(CostKind.SEPARATE.value))
    person = func.coalesce(identities.c.person_id, NOBODY)
    sums = (
        func.sum(said.calls),
        func.sum(tokens),
        func.coalesce(func.sum(said.cost_nanousd), 0),
        func.sum(case((is_unpriced, tokens), else_=0)),
        func.sum(case((said.is_error, 1), else_=0)),
        func.sum(case((said.is_retry, 1), else_=0)),
        func.sum(said.tokens_output),
    )
    query = (
        select(said.use_case, person, said.event_day, said.lane, identities.c.is_asserted)
        .add_columns(*(cast(one, BigInteger) for one in sums))
        .join_from(events, identities, identities.c.id == said.identity_id)
        .where(
            said.event_day.in_(window.days),
            said.type == "usage",
            said.is_shadowed.is_(False),
            said.time_us < window.end_us,
            said.use_case.is_not(None),
        )
        .group_by(said.use_case, person, said.event_day, said.lane, identities.c.is_asserted)
        .order_by(said.use_case)
    )
    for use_case, rows in groupby(conn.execute(query), key=itemgetter(0)):
        yield (
            use_case,
            columns_of(
                (person_id, day.toordinal(), _POSITIONS[lane], is_asserted, *counts)
                for _, person_id, day, lane, is_asserted, *counts in rows
            ),
        )
