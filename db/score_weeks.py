"""How scores went: of each ISO week the last that was published, for whoever had a place."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Connection, select, text

from db.tables import score_weeks

_KEEP = text(
    "INSERT INTO score_weeks (board, subject, week, person_id, score, rank, at_us, program_version)"
    " SELECT board, subject, :week, person_id, score, rank, at_us, program_version FROM standings"
    " WHERE board = :board AND rank IS NOT NULL"
    " ON CONFLICT (board, subject, week) DO UPDATE SET score = excluded.score, rank = excluded.rank,"
    " at_us = excluded.at_us, program_version = excluded.program_version"
)


class ScoreWeek(msgspec.Struct, frozen=True):
    """A score as it stood at the end of an ISO week (``2026-W22``), or stands in the one under way."""

    week: str
    score: float
    rank: int


def keep_week(conn: Connection, board: str, day: date) -> None:
    """Keeps what is published of ``board`` as that of the week of ``day``."""
    year, week, _ = day.isocalendar()
    conn.execute(_KEEP, {"board": board, "week": f"{year}-W{week:02}"})


def weeks_of(conn: Connection, board: str, subject: str, most: int) -> tuple[ScoreWeek, ...]:
    """The newest ``most`` weeks of a person (by id as text) or team, oldest first."""
    s = score_weeks.c
    query = select(s.week, s.score, s.rank).where(s.board == board, s.subject == subject).order_by(s.week.desc())
    return tuple(ScoreWeek(*row) for row in reversed(conn.execute(query.limit(most)).all()))
