"""Other rules on the same ledger, components left out, and adversaries who gain nothing and leave nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from bot.attack import attack
from bot.simulation import ablate, simulate
from bot.world import RuleBook
from db.engine import Store
from db.tables import events, identities, usage_days
from scoring.adversaries import TRICKS
from scoring.program import Boards, OutcomeBoard, OutcomeWeights, Program
from scoring.program_file import version_of
from tests.bot.jobs.company import hire, work_everybody
from tests.builders import MONDAY_NOON_US, undone


def rules(**outcome: object) -> RuleBook:
    program = Program(boards=Boards(outcome=OutcomeBoard.model_validate(outcome)))
    return RuleBook(program, version_of(program))


@pytest.fixture
def played(store: Store) -> Store:
    hire(store)
    work_everybody(store)
    return store


def test_the_same_program_changes_nothing(played: Store) -> None:
    with played.read() as conn:
        found = simulate(conn, rules(), rules(), MONDAY_NOON_US)
    assert {board.tau for board in found.boards if board.tau is not None} == {1}
    assert (found.badges, found.bands) == ((), ())
    assert all(board.moves == () for board in found.boards)
    assert all(one.percentile_before == one.percentile_after for one in found.groups)


def test_other_weights_move_people_and_a_stricter_gate_leaves_them_out(played: Store) -> None:
    quality_alone = OutcomeWeights(efficiency=0, quality=1, cycle_time=0, reliability=0, adoption=0, compliance=0)
    with played.read() as conn:
        found = simulate(conn, rules(), rules(weights=quality_alone), MONDAY_NOON_US)
        gated = simulate(conn, rules(), rules(min_accepted_tasks=100), MONDAY_NOON_US)
    outcome = next(board for board in found.boards if board.board == "outcome")
    assert outcome.ranked_before == outcome.ranked_after == 12
    assert found.version_before != found.version_after
    gate = next(board for board in gated.boards if board.board == "outcome")
    assert gate.ranked_after == 0
    assert all("100 accepted tasks are needed" in move.why for move in gate.moves)


def test_small_groups_are_not_told_of(played: Store) -> None:
    with played.read() as conn:
        found = simulate(conn, rules(), rules(prior_samples=50), MONDAY_NOON_US)
    assert {(one.dimension, one.group, one.people) for one in found.groups} == {
        ("function", "Engineering", 12),
        ("region", "", 12),
    }


def test_every_component_is_left_out_once_and_what_decides_nothing_is_known(played: Store) -> None:
    with played.read() as conn:
        found = ablate(conn, rules(), MONDAY_NOON_US)
    assert Counter(one.board for one in found) == {"team": 2, "outcome": 6, "exploration": 5, "compliance": 2}
    outcome = {one.component: one for one in found if one.board == "outcome"}
    assert outcome["reliability"].change.moves == ()
    assert not outcome["reliability"].decides
    assert outcome["quality"].change.tau is not None


def test_no_adversary_gains_a_place_and_nothing_of_it_is_kept(played: Store) -> None:
    def size() -> list[int]:
        with played.read() as conn:
            return [
                conn.scalar(select(func.count()).select_from(table)) or 0 for table in (events, usage_days, identities)
            ]

    before = size()
    with undone(played) as conn:
        found = list(attack(conn, rules(), MONDAY_NOON_US))
    assert [one.trick for one in found] == list(TRICKS)
    for one in found:
        assert all(gain.places <= 0 for gain in one.gains), one
    assert size() == before


def test_a_company_with_nobody_ranked_has_nobody_to_play(store: Store) -> None:
    hire(store)
    with undone(store) as conn:
        assert list(attack(conn, rules(), MONDAY_NOON_US)) == []
