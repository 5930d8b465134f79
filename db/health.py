"""How the store is doing, for operators: figures only, no names."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, func, select, text, union

from db.tables import activity_days, events, identities, outbox, usage_days


class SourceSeen(msgspec.Struct, frozen=True):
    """A producer and the local day of the last event that it reported."""

    source: str
    last_day: str
    identities: int


class Pricing(msgspec.Struct, frozen=True):
    """How many calls there were and how many have no known price; the same of tokens, which metrics bring without calls."""

    calls: int
    unpriced_calls: int
    tokens: int = 0
    unpriced_tokens: int = 0


def ping(conn: Connection) -> None:
    """Raises when the database does not answer."""
    conn.execute(text("SELECT 1"))


def event_count(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(events)) or 0


def outbox_states(conn: Connection) -> dict[str, int]:
    """How many messages to Slack are in each state."""
    rows = conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state).order_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}


def sources_seen(conn: Connection) -> tuple[SourceSeen, ...]:
    """Every source that has reported anything, the latest first."""
    days = (
        select(usage_days.c.identity_id, usage_days.c.day)
        .union_all(select(activity_days.c.identity_id, activity_days.c.day))
        .subquery()
    )
    last = func.max(days.c.day)
    rows = conn.execute(
        select(identities.c.source, last, func.count(identities.c.id.distinct()))
        .join(days, days.c.identity_id == identities.c.id)
        .group_by(identities.c.source)
        .order_by(last.desc(), identities.c.source)
    )
    return tuple(SourceSeen(source, str(day), count) for source, day, count in rows)


def last_days(conn: Connection, today: date, days: int) -> dict[str, date | None]:
    """Each source there is and the last of the ``days`` days up to ``today`` on which it reported; None = on none.

    Asked day by day, the newest first, until every source is found: cheap where sources report daily, however large
    the company.
    """
    found: dict[str, date | None] = dict.fromkeys(
        conn.scalars(select(identities.c.source).distinct().order_by(identities.c.source))
    )
    for back in range(days):
        if None not in found.values():
            break
        day = today - timedelta(days=back)
        reporting = union(
            select(usage_days.c.identity_id).where(usage_days.c.day == day),
            select(activity_days.c.identity_id).where(activity_days.c.day == day),
        ).subquery()
        sources = select(identities.c.source).join(reporting, reporting.c.identity_id == identities.c.id).distinct()
        for source in conn.scalars(sources):
            found[source] = found[source] or day
    return found


def pricing(conn: Connection, since_day: date | None = None) -> Pricing:
    """Priced and unpriced calls since ``since_day``, or over all time."""
    days = usage_days.c
    tokens = days.tokens_input + days.tokens_output + days.tokens_cache_read + days.tokens_cache_write
    figures = (days.calls, days.unpriced_calls, tokens, days.unpriced_tokens)
    query = select(*(func.coalesce(func.sum(figure), 0) for figure in figures))
    if since_day is not None:
        query = query.where(days.day >= since_day)
    return Pricing(*map(int, conn.execute(query).one()))
