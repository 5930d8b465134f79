"""Badges that were awarded, and those taken back with a reason. An award is never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, or_, select, text, update

from db.tables import badge_awards
from scoring.badges.awards import Progress
from scoring.program.badges import LEVELS, Level

_b = badge_awards.c
_GIVE = text(
    "INSERT INTO badge_awards"
    " (person_id, badge, period, level, awarded_us, value, samples, text, program_version)"
    " VALUES (:person_id, :badge, :period, :level, :awarded_us, :value, :samples, :text, :program_version)"
    " ON CONFLICT (person_id, badge, period, level) DO NOTHING"
)


class Award(msgspec.Struct, frozen=True):
    """A badge that somebody was given. ``revoked_reason`` is "" while it holds.

    ``visibility``: what the person chose, ``shared`` or ``private``; "" = nothing yet.
    """

    person_id: int
    badge: str
    period: str
    level: Level
    awarded_us: int
    value: float
    samples: int
    text: str
    program_version: str
    revoked_reason: str = ""
    visibility: str = ""


def give(conn: Connection, earned: Sequence[Progress], now_us: int) -> tuple[Progress, ...]:
    """Awards what is ``earned`` and ``not_given`` yet. Returns those that are new."""
    new = not_given(conn, earned)
    return tuple(one for one in new if conn.execute(_GIVE, _row(one, now_us)).rowcount == 1)


def not_given(conn: Connection, earned: Sequence[Progress]) -> tuple[Progress, ...]:
    """What of ``earned`` was not given yet: that level, or a higher one, in that period. What was taken back was given."""
    given = _levels_given(conn, {one.period for one in earned})
    return tuple(one for one in earned if _is_higher(one.level, given.get((one.person_id, one.badge, one.period), ())))


def awards_at(conn: Connection, at_us: int, *, since_us: int = 0, person_id: int | None = None) -> tuple[Award, ...]:
    """The awards that held at ``at_us`` and were given after ``since_us``, newest first; of everybody or one person."""
    query = (
        select_awards()
        .where(_b.awarded_us <= at_us, _b.awarded_us > since_us, or_(_b.revoked_us.is_(None), _b.revoked_us > at_us))
        .order_by(_b.awarded_us.desc(), _b.person_id, _b.badge, _b.period, _b.level)
    )
    if person_id is not None:
        query = query.where(_b.person_id == person_id)
    return tuple(award_of(row) for row in conn.execute(query))


def taken_back(conn: Connection, at_us: int) -> frozenset[tuple[int, str, str]]:
    """Person, badge and period of every award that was revoked by ``at_us``."""
    query = select(_b.person_id, _b.badge, _b.period).where(_b.revoked_us <= at_us)
    return frozenset((person_id, badge, period) for person_id, badge, period in conn.execute(query))


def revoke(
    conn: Connection, person_id: int, badge: str, period: str, *, by: str, reason: str, now_us: int
) -> tuple[Award, ...]:
    """Takes a person's badge of a period back, at every level; what was taken. ``by``: who decided it, an opaque name."""
    held = and_(_b.person_id == person_id, _b.badge == badge, _b.period == period, _b.revoked_us.is_(None))
    taken = tuple(award_of(row) for row in conn.execute(select_awards().where(held)))
    conn.execute(update(badge_awards).where(held).values(revoked_us=now_us, revoked_by=by, revoked_reason=reason))
    return taken


def revoked_of(conn: Connection, person_id: int) -> tuple[Award, ...]:
    """What was taken back from the person and is still, newest first."""
    query = select_awards().where(_b.person_id == person_id, _b.revoked_us.is_not(None))
    return tuple(map(award_of, conn.execute(query.order_by(_b.revoked_us.desc(), _b.badge, _b.period, _b.level))))


def restore(conn: Connection, person_id: int, badge: str, period: str) -> int:
    """Gives a person's badge of a period back that was taken; how many levels."""
    taken = and_(_b.person_id == person_id, _b.badge == badge, _b.period == period, _b.revoked_us.is_not(None))
    nothing = {"revoked_us": None, "revoked_by": None, "revoked_reason": None}
    return conn.execute(update(badge_awards).where(taken).values(nothing)).rowcount


def _levels_given(conn: Connection, periods: set[str]) -> dict[tuple[int, str, str], list[Level]]:
    given: dict[tuple[int, str, str], list[Level]] = {}
    query = select(_b.person_id, _b.badge, _b.period, _b.level).where(_b.period.in_(sorted(periods)))
    for person_id, badge, period, level in conn.execute(query):
        given.setdefault((person_id, badge, period), []).append(Level(level))
    return given


def _is_higher(level: Level | None, given: Sequence[Level]) -> bool:
    return level is not None and all(LEVELS.index(level) > LEVELS.index(one) for one in given)


def _row(one: Progress, now_us: int) -> dict[str, Any]:
    names = ("person_id", "badge", "period", "value", "samples", "text", "program_version")
    return {**{name: getattr(one, name) for name in names}, "level": str(one.level), "awarded_us": now_us}


def select_awards() -> Select[Any]:
    """Every award; ``award_of`` reads its rows."""
    return select(*(_b[name] for name in Award.__struct_fields__))


def award_of(row: Any) -> Award:
    """A row of ``select_awards``."""
    said = dict(row._mapping)
    texts = {name: said[name] or "" for name in ("revoked_reason", "visibility")}
    return Award(**{**said, **texts, "level": Level(said["level"])})
