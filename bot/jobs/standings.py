"""Every hour: the standings of each board that is on, computed and published for everybody to read.

A decision about a flag or a dispute is followed at once.
"""

from __future__ import annotations

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.scoreboard import standings_of_all
from bot.slots import Hourly, Slot
from db import disputes, flags
from db.score_weeks import keep_week
from db.standings import publish
from scoring.evidence import Evidence
from scoring.flag import Flag
from scoring.standings import Standings


def refresh(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Computes before it takes the slot: the store stays free for events meanwhile."""
    world = context.world
    rules = world.rule_book_at(slot.at_us)
    boards, program = rules.program.boards_on, rules.program
    with world.store.read() as conn:

        def flags_of(evidence: Evidence) -> tuple[Flag, ...]:
            return context.flags.at(conn, slot.at_us, rules, world.now_us(), evidence)

        results = standings_of_all(conn, boards, slot.at_us, program, rules.version, flags_of=flags_of)

    def write(conn: Connection) -> None:
        for result in results:
            if publish(conn, result):
                keep_week(conn, result.board, result.window.days[-1])

    return (Work(write=write, lines=tuple(map(_line, results))),)


def _line(result: Standings) -> str:
    return f"{result.board}: {len(result.entries)} ranked, {len(result.withheld)} without a rank."


def _decided_us(conn: Connection) -> int:
    return max(flags.last_decision_us(conn), disputes.last_upheld_us(conn))


STANDINGS = Job("standings", lambda _program: Hourly(), in_thread(refresh), decided_us=_decided_us)
