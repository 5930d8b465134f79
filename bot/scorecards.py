"""A person's two scorecards from the ledger, for any moment."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from db.directory import DirectoryPerson
from db.flags import decisions_before
from db.own_evidence import read_own_evidence
from scoring.boards import window_of
from scoring.days_off import days_off
from scoring.flag import Flag, FlagState
from scoring.flags.decisions import decided
from scoring.program import Program
from scoring.scorecards.card import Scorecard
from scoring.scorecards.efficiency import business_efficiency
from scoring.scorecards.facts import Facts
from scoring.scorecards.learning import learning_velocity
from scoring.window import Window


def scorecards_at(
    conn: Connection, person: DirectoryPerson, at_us: int, program: Program
) -> tuple[Scorecard, Scorecard]:
    """Learning velocity and business efficiency, in the outcome board's window and beside the one before it.

    Both windows go by what people had decided about flags at ``at_us``.
    """
    window = window_of("outcome", at_us, program)
    flags = decided(decisions_before(conn, at_us), program.flags.reviewers).values()
    confirmed = tuple(flag for flag in flags if flag.state is FlagState.CONFIRMED)
    now, before = (
        _facts(conn, person, one, program, confirmed)
        for one in (window, window_of("outcome", window.start_us, program))
    )
    return learning_velocity(now, before), business_efficiency(now, before)


def _facts(
    conn: Connection, person: DirectoryPerson, window: Window, program: Program, confirmed: tuple[Flag, ...]
) -> Facts:
    off = days_off(window.days, program.holidays.calendar_of(person.region))
    baseline_days = program.boards.outcome.baseline
    evidence = read_own_evidence(conn, person.id, window=window, baseline_days=baseline_days, program=program)
    return Facts(msgspec.structs.replace(evidence, flags=confirmed), person.id, program, off)
