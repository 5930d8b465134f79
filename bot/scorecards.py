"""A person's two scorecards from the ledger, for any moment."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.scoreboard import evidence_in
from db.directory import DirectoryPerson
from scoring.boards import window_of
from scoring.days_off import days_off
from scoring.program import Program
from scoring.scorecards.card import Scorecard
from scoring.scorecards.efficiency import business_efficiency
from scoring.scorecards.facts import Facts
from scoring.scorecards.learning import learning_velocity
from scoring.window import Window


def scorecards_at(
    conn: Connection, person: DirectoryPerson, at_us: int, program: Program
) -> tuple[Scorecard, Scorecard]:
    """Learning velocity and business efficiency, in the outcome board's window and beside the one before it."""
    window = window_of("outcome", at_us, program)
    now, before = (
        _facts(conn, person, one, program) for one in (window, window_of("outcome", window.start_us, program))
    )
    return learning_velocity(now, before), business_efficiency(now, before)


def _facts(conn: Connection, person: DirectoryPerson, window: Window, program: Program) -> Facts:
    off = days_off(window.days, program.holidays.calendar_of(person.region))
    return Facts(evidence_in(conn, window, program), person.id, program, off)
