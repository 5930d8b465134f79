"""What the ledger knows of one person, found without reading anybody else's work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from db.day_usage import read_day_usage
from db.evidence import read_active_days, read_own_happenings, read_usage
from db.members import read_members
from db.trials import read_trials
from db.whose import identities_of
from scoring.evidence import Evidence
from scoring.program import Program
from scoring.usage import DayUsage
from scoring.window import Window, local_day, midnight_us


def read_own_evidence(
    conn: Connection, person_id: int, *, window: Window, baseline_days: int, program: Program
) -> Evidence:
    """As ``read_evidence``, with usage by day and trials, but of one person, and of others only what touches their work.

    Policy events from before the baseline are left out. In a fixed order, the same on both databases.
    """
    first_day = local_day(window.start_us, program.zone) - timedelta(days=baseline_days)
    whose = identities_of(conn, person_id)
    happenings = read_own_happenings(conn, window, first_day, program, whose)
    involved = {person_id, *(one.person_id for one in happenings)}
    return Evidence(
        window=window,
        baseline_start_us=midnight_us(first_day, program.zone),
        people=tuple(member.person for member in read_members(conn, program, involved)),
        usage=read_usage(conn, window, whose),
        active_days=read_active_days(conn, window, whose),
        happenings=happenings,
        day_usage=read_day_usage(conn, window, DayUsage, whose),
        trials=read_trials(conn, window, whose),
    )
