"""What all boards have in common: which days each looks at, and what it says it measures."""

from __future__ import annotations

from datetime import UTC, datetime
from math import fsum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.boards import BOARDS, all_standings, board_named, window_of
from scoring.boards.credits import credit, diminishing
from scoring.boards.points import most_points
from scoring.program import Boards, Program
from scoring.standings import Component
from scoring.window import from_us, to_us, window_before
from tests.scoring.boards.test_team import players

NOON_US = to_us(datetime(2026, 6, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize("board", ["team", "outcome", "exploration", "compliance"])
def test_a_board_looks_at_as_many_days_as_its_program_says(board: str) -> None:
    program = Program(boards=Boards.model_validate({board: {"window": "14d"}}))
    window = window_of(board, NOON_US, program)
    assert (window.day_count, window.end_us) == (14, NOON_US)
    assert from_us(window.start_us) == datetime(2026, 5, 19, tzinfo=UTC)


def test_days_begin_where_the_program_says() -> None:
    window = window_of("outcome", NOON_US, Program(timezone="Asia/Tokyo"))
    assert from_us(window.start_us) == datetime(2026, 5, 4, 15, tzinfo=UTC)


def test_a_window_that_ends_at_midnight_has_no_cut_day() -> None:
    zone = Program().zone
    midnight_us = to_us(datetime(2026, 6, 1, tzinfo=UTC))
    whole, cut = window_before(midnight_us, 2, zone), window_before(midnight_us + 1, 2, zone)
    assert (whole.cut_day, len(whole.whole_days), whole.day_count) == (None, 2, 2)
    assert (cut.cut_day, len(cut.whole_days), cut.day_count) == (cut.days[-1], 1, 2)
    assert window_before(midnight_us - 1, 2, zone).cut_day == whole.days[-1]


def test_moments_are_whole_microseconds() -> None:
    moment = datetime(2026, 6, 1, 12, 0, 0, 1, tzinfo=UTC)
    assert isinstance(to_us(moment), int)
    assert to_us(moment) - NOON_US == 1


def test_boards_are_found_by_name_and_each_says_what_it_measures() -> None:
    assert {one.name: (one.ranks, one.needs_days) for one in BOARDS} == {
        "team": ("teams", False),
        "outcome": ("people", False),
        "exploration": ("people", True),
        "compliance": ("people", False),
        "raw": ("people", True),
    }
    assert all(board_named(one.name) is one and one.measures.endswith(".") for one in BOARDS)
    with pytest.raises(KeyError):
        board_named("tokens")


def test_all_boards_at_once_are_each_board_by_itself() -> None:
    evidence = players()
    wanted = [(one.name, evidence) for one in BOARDS]
    assert all_standings(wanted, Program(), "v1") == tuple(one.standings(evidence, Program(), "v1") for one in BOARDS)


def test_boards_of_the_same_people_over_another_window_are_found_anew() -> None:
    evidence = players()
    later = msgspec.structs.replace(evidence, window=window_before(NOON_US, 14, Program().zone))
    wanted = [(name, one) for one in (evidence, later) for name in ("team", "outcome")]
    found = all_standings(wanted, Program(), "v1")
    assert found == tuple(board_named(name).standings(one, Program(), "v1") for name, one in wanted)
    assert found[1] != found[3]


def test_people_are_scored_once_for_both_boards_of_their_outcomes() -> None:
    evidence = players()
    found = all_standings([("team", evidence), ("outcome", evidence), ("outcome", evidence)], Program(), "v1")
    assert found[1] is found[2]


def test_a_credit_is_a_share_of_its_points_whatever_others_do() -> None:
    found = credit(
        "models", 4, "models", share=diminishing(4, 2), samples=9, max_points=150.001, text="4 models tried."
    )
    assert found == Component("models", 4, "models", 9, None, 0.75, 112.501, 150.001, "4 models tried.", 0.0)
    assert [diminishing(count, 2) for count in (0, 2, 4, 6)] == [0, 0.5, 0.75, 0.875]


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6))
def test_parts_are_never_worth_more_than_a_thousand_together_and_hardly_less(weights: list[float]) -> None:
    total = fsum(weights)
    worth = fsum(most_points(one, total) for one in weights)
    assert 1000 - 0.001 * len(weights) <= worth <= 1000


def test_a_whole_share_is_whole() -> None:
    assert [most_points(one, 1.0) for one in (0.1, 0.15, 0.29, 0.3, 1.0)] == [100, 150, 290, 300, 1000]
