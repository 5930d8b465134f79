"""Who was asked to teach, what they said, and which office hours they offer. Rows are only ever added; the latest counts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from db.tables import people, teacher_answers


class TeacherAnswer(StrEnum):
    """``asked``: no answer yet. ``never``: they don't want to be asked again. ``ended``: they stopped."""

    ASKED = "asked"
    OFFERS = "offers"
    NOT_NOW = "not_now"
    NEVER = "never"
    ENDED = "ended"


class Teaching(msgspec.Struct, frozen=True):
    """How it stands with one person since ``at_us``. ``topic`` and ``times`` are their own words; "" unless they offer."""

    person_id: int
    answer: TeacherAnswer
    at_us: int
    topic: str = ""
    times: str = ""


_t = teacher_answers.c


def record(conn: Connection, ones: Iterable[Teaching]) -> None:
    """Puts answers down."""
    rows = [msgspec.structs.asdict(one) | {"answer": one.answer.value} for one in ones]
    if rows:
        conn.execute(insert(teacher_answers), rows)


def teaching_of(conn: Connection, person_id: int) -> Teaching | None:
    """How it stands with the person; None = they were never asked."""
    query = select(teacher_answers).where(_t.person_id == person_id).order_by(_t.id.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _teaching(row)


def teachings(conn: Connection, at_us: int) -> dict[int, Teaching]:
    """How it stood at ``at_us`` with everybody who was ever asked, by person id; whoever has left is left out."""
    newest = select(func.max(_t.id)).where(_t.at_us <= at_us).group_by(_t.person_id)
    is_here = _t.person_id.in_(select(people.c.id).where(people.c.is_active))
    query = select(teacher_answers).where(_t.id.in_(newest), is_here).order_by(_t.person_id)
    return {row.person_id: _teaching(row) for row in conn.execute(query)}


def offers(conn: Connection, at_us: int) -> tuple[Teaching, ...]:
    """The office hours offered at ``at_us``, the longest offered first."""
    found = [one for one in teachings(conn, at_us).values() if one.answer is TeacherAnswer.OFFERS]
    return tuple(sorted(found, key=lambda one: (one.at_us, one.person_id)))


def asked_between(conn: Connection, after_us: int, until_us: int) -> int:
    """How many people were asked after ``after_us``, ``until_us`` included."""
    was_asked = (_t.answer == TeacherAnswer.ASKED.value, _t.at_us > after_us, _t.at_us <= until_us)
    return conn.scalar(select(func.count()).where(*was_asked)) or 0


def _teaching(row: Row[tuple[object, ...]]) -> Teaching:
    return Teaching(row.person_id, TeacherAnswer(row.answer), row.at_us, row.topic, row.times)
