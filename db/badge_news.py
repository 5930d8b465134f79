"""Who hears of their badges when, and what they chose to do with them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, bindparam, update

from db.badges import Award, award_of, select_awards
from db.tables import badge_awards
from scoring.badges.awards import Progress
from scoring.program.badges import Level

SHARED, PRIVATE = "shared", "private"
_b = badge_awards.c


def untold(conn: Connection, since_us: int) -> tuple[Award, ...]:
    """Awards given after ``since_us`` of which nobody has told the person; by person, oldest first."""
    query = select_awards().where(_b.told_us.is_(None), _b.awarded_us > since_us, _b.revoked_us.is_(None))
    return tuple(map(award_of, conn.execute(query.order_by(_b.person_id, _b.awarded_us, _b.badge, _b.period))))


def record_news(conn: Connection, told: Iterable[tuple[Award | Progress, int]]) -> None:
    """Keeps when each person hears of an award."""
    rows = [
        {"of": one.person_id, "named": one.badge, "in": one.period, "at": str(one.level), "when": told_us}
        for one, told_us in told
    ]
    if not rows:
        return
    the_award = and_(
        _b.person_id == bindparam("of"),
        _b.badge == bindparam("named"),
        _b.period == bindparam("in"),
        _b.level == bindparam("at"),
    )
    conn.execute(update(badge_awards).where(the_award).values(told_us=bindparam("when")), rows)


def told_between(conn: Connection, start_us: int, end_us: int) -> tuple[Award, ...]:
    """What people heard of from ``start_us`` until before ``end_us`` and neither shared themselves nor keep private."""
    heard = and_(_b.told_us >= start_us, _b.told_us < end_us, _b.revoked_us.is_(None), _b.visibility.is_(None))
    query = select_awards().where(heard).order_by(_b.badge, _b.person_id, _b.period, _b.level)
    return tuple(map(award_of, conn.execute(query)))


def own_award(conn: Connection, person_id: int, badge: str, period: str, level: Level) -> Award | None:
    """An award that the person holds; None where they do not."""
    row = conn.execute(select_awards().where(_held(person_id, badge, period, level))).first()
    return None if row is None else award_of(row)


def choose(conn: Connection, award: Award, visibility: str) -> None:
    """Keeps what the person wants: ``SHARED`` or ``PRIVATE``."""
    held = _held(award.person_id, award.badge, award.period, award.level)
    conn.execute(update(badge_awards).where(held).values(visibility=visibility))


def _held(person_id: int, badge: str, period: str, level: Level) -> ColumnElement[bool]:
    return and_(
        _b.person_id == person_id,
        _b.badge == badge,
        _b.period == period,
        _b.level == str(level),
        _b.revoked_us.is_(None),
    )
