"""Who used which models and lanes outside their safety tier, from the roll-ups; of the cut day, from the events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Subquery, and_, or_, select

from db.tables import events, identities, people, usage_days
from db.whose import Whose, belongs_to
from scoring.events import Lane
from scoring.program import Tier
from scoring.tiers import ModelUse, is_outside
from scoring.window import Window


def read_use_outside_tiers(
    conn: Connection, window: Window, tiers: tuple[Tier, ...], whose: Whose = None
) -> Iterator[ModelUse]:
    """What active people used outside their tier on the days of ``window``, under proved identities alone.

    Which combinations of tier, lane and model are outside is found first: there are few, and most days have none.
    """
    if not tiers:
        return
    for used in (_on_whole_days(window, whose), _on_cut_day(window, whose)):
        combinations = conn.execute(select(used.c.lane, used.c.model).distinct()).all()
        outside = [
            (tier.name, lane, model)
            for tier in tiers
            for lane, model in combinations
            if is_outside(tiers, tier.name, Lane(lane), model)
        ]
        if outside:
            yield from _uses(conn, used, outside)


def _uses(conn: Connection, used: Subquery, outside: list[tuple[str, str, str]]) -> Iterator[ModelUse]:
    is_outside_tier = or_(
        *(and_(people.c.tier == tier, used.c.lane == lane, used.c.model == model) for tier, lane, model in outside)
    )
    query = (
        select(identities.c.person_id, people.c.tier, used.c.day, used.c.lane, used.c.model)
        .join_from(used, identities, identities.c.id == used.c.identity_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(people.c.is_active, identities.c.is_asserted.is_(False), is_outside_tier)
        .distinct()
    )
    for person_id, tier, day, lane, model in conn.execute(query):
        yield ModelUse(person_id, tier, day, Lane(lane), model)


def _on_whole_days(window: Window, whose: Whose) -> Subquery:
    used = usage_days.c
    columns = (used.identity_id, used.day, used.lane, used.model)
    return select(*columns).where(used.day.in_(window.whole_days), *belongs_to(used.identity_id, whose)).subquery()


def _on_cut_day(window: Window, whose: Whose) -> Subquery:
    said = events.c
    return (
        select(said.identity_id, said.event_day.label("day"), said.lane, said.model)
        .where(
            said.event_day == window.cut_day,
            *belongs_to(said.identity_id, whose),
            said.type == "usage",
            said.is_shadowed.is_(False),
            said.time_us < window.end_us,
        )
        .subquery()
    )
