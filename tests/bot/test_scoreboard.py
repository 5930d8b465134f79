"""Boards from the ledger: what they may not see of people."""

from __future__ import annotations

import pytest

from bot.scoreboard import standings_at
from db.directory import PersonRow, upsert_people
from db.engine import Store
from scoring.boards import BOARDS
from scoring.events import Contribution, Lane, Training
from scoring.program import Program
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage

DAY_US = 86_400_000_000
PEOPLE = ("ada", "ben", "cleo", "dan")


def _work(store: Store) -> None:
    with store.write() as conn:
        upsert_people(
            conn,
            [PersonRow(f"{one}@acme.test", team=team, function="IT") for one, team in zip(PEOPLE, "aaab", strict=True)],
            1,
        )
        for rank, name in enumerate(PEOPLE, start=1):
            for day in range(6):
                facts = (
                    usage(cost_nanousd=rank * 10**7),
                    usage(lane=Lane.EXPLORATION, use_case=f"case {day % rank}"),
                    outcome(task=f"{name}{day}", quality=1 / rank),
                    Training(f"module {day % rank}", "completed"),
                    Contribution("shared" if name == "ada" else "reviewed", "guide", "tool" if name == "ada" else None),
                )
                for number, fact in enumerate(facts):
                    when = MONDAY_NOON_US - 1 - day * DAY_US
                    record(conn, event(fact, id=f"{name}-{day}-{number}", subject=f"{name}@acme.test", time_us=when))


@pytest.mark.parametrize("board", [board.name for board in BOARDS])
def test_no_score_sees_anything_of_a_person_but_team_function_and_manager(store: Store, board: str) -> None:
    _work(store)
    with store.read() as conn:
        before = standings_at(conn, board, MONDAY_NOON_US, Program(), "v1")
    told = {"name": "Zoe", "slack_id": "U7", "slack_timezone": "Asia/Tokyo", "region": "JP"}
    told |= {"seniority": "executive", "maturity": "advanced", "tier": "trusted", "cohort": "pilot"}
    with store.write() as conn:
        upsert_people(conn, [PersonRow("cleo@acme.test", **told)], 2)
    with store.read() as conn:
        assert standings_at(conn, board, MONDAY_NOON_US, Program(), "v1") == before
    assert before.entries
