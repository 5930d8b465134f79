"""Which models people used, by lane, from the roll-ups; and who had accepted work before a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Connection, cast, func, select

from db.tables import activity_days, identities, people, usage_days
from scoring.events import Lane
from scoring.usage import ModelUsage
from scoring.window import Window


def read_model_usage(conn: Connection, window: Window) -> tuple[ModelUsage, ...]:
    """The active people's usage by lane and model on the whole days of ``window``."""
    used = usage_days.c
    counted = (
        used.calls,
        used.errors,
        used.retries,
        used.tokens_input,
        used.tokens_output,
        used.tokens_cache_read,
        used.tokens_cache_write,
    )
    by_identity = (
        select(used.identity_id, used.lane, used.model, *(func.sum(column).label(column.name) for column in counted))
        .where(used.day.in_(window.whole_days))
        .group_by(used.identity_id, used.lane, used.model)
        .subquery()
    )
    keys = (identities.c.person_id, by_identity.c.lane, by_identity.c.model)
    sums = (cast(func.sum(by_identity.c[column.name]), BigInteger) for column in counted)
    query = (
        select(*keys, *sums)
        .join_from(by_identity, identities, identities.c.id == by_identity.c.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active)
        .group_by(*keys)
        .order_by(*keys)
    )
    return tuple(ModelUsage(person_id, Lane(lane), *rest) for person_id, lane, *rest in conn.execute(query))


def had_accepted_work(conn: Connection, before: date) -> frozenset[int]:
    """Who had an outcome that was not declined in the production lane before the day ``before``."""
    did = activity_days.c
    query = (
        select(identities.c.person_id)
        .join_from(activity_days, identities, identities.c.id == did.identity_id)
        .where(
            did.type == "outcome",
            did.lane == Lane.PRODUCTION.value,
            did.day < before,
            did.events > did.declined,
            identities.c.person_id.is_not(None),
        )
        .distinct()
    )
    return frozenset(conn.execute(query).scalars())
