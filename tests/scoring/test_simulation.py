"""Two orders compared: how alike they are, who moves, and why."""

from __future__ import annotations

import pytest

from scoring.boards.placing import Candidate, place
from scoring.simulation import compare
from scoring.standings import Component, Standings, Withheld, WithheldReason
from tests.scoring.companies import WINDOW


def board(scores: dict[int, dict[str, float]], *refused: Withheld) -> Standings:
    candidates = [
        Candidate(
            person_id,
            None,
            tuple(Component(name, 1.0, "x", 1, None, 0.5, points, 500, "x") for name, points in parts.items()),
            "",
        )
        for person_id, parts in scores.items()
    ]
    return Standings("outcome", WINDOW, "v", place(candidates), refused)


BEFORE = board({1: {"a": 300, "b": 100}, 2: {"a": 200, "b": 100}, 3: {"a": 100, "b": 100}})


def test_the_same_rules_move_nobody() -> None:
    found = compare(BEFORE, BEFORE, 1)
    assert (found.tau, found.moves, found.top_entered, found.top_left) == (1, (), 0, 0)


def test_the_opposite_order_is_minus_one_and_names_what_moved_people_most() -> None:
    found = compare(BEFORE, board({1: {"a": 100, "b": 100}, 2: {"a": 200, "b": 100}, 3: {"a": 300, "b": 90}}), 1)
    assert (found.board, found.tau) == ("outcome", -1)
    assert [(one.person_id, one.rank_before, one.rank_after, one.places, one.why) for one in found.moves] == [
        (1, 1, 3, -2, "a -200.0 points"),
        (3, 3, 1, 2, "a +200.0 points"),
    ]
    assert (found.top_entered, found.top_left) == (1, 1)


def test_a_move_has_the_score_before_and_after() -> None:
    found = compare(BEFORE, board({2: {"a": 200, "b": 100}, 1: {"a": 10, "b": 100}, 4: {"a": 5, "b": 100}}), 1)
    assert {one.person_id: (one.score_before, one.score_after) for one in found.moves} == {
        1: (400, 110),
        2: (300, 300),
        3: (200, None),
        4: (None, 105),
    }


def test_one_swap_among_three_is_a_third_alike() -> None:
    swapped = board({1: {"a": 300, "b": 100}, 2: {"a": 100, "b": 100}, 3: {"a": 200, "b": 100}})
    assert compare(BEFORE, swapped, 1).tau == 0.3333


def test_who_is_no_longer_ranked_is_told_what_is_missing() -> None:
    refused = Withheld(2, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("9 accepted tasks are needed; 5 so far.",))
    found = compare(BEFORE, board({1: {"a": 300, "b": 100}, 3: {"a": 100, "b": 100}}, refused), 1)
    assert [(one.person_id, one.rank_after, one.why) for one in found.moves] == [
        (3, 2, "others moved"),
        (2, None, "9 accepted tasks are needed; 5 so far."),
    ]
    assert (found.ranked_before, found.ranked_after) == (3, 2)


def test_why_somebody_enters_or_leaves_is_said() -> None:
    others = Withheld(9, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("Somebody else's.",))
    mute = Withheld(2, None, WithheldReason.OPTED_OUT, ())
    found = compare(BEFORE, board({4: {"a": 9}}, others, mute), 1)
    assert {one.person_id: one.why for one in found.moves} == {
        1: "not ranked under the other rules",
        2: "not ranked under the other rules",
        3: "not ranked under the other rules",
        4: "ranked only under the other rules",
    }
    two = Withheld(2, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("First.", "Second."))
    (left,) = compare(board({2: {"a": 1}}), board({}, others, two), 1).moves
    assert left.why == "First. Second."


def test_what_moved_somebody_is_the_part_that_changed_most_new_and_old_ones_included() -> None:
    before = board({1: {"cycle_time": 100, "old": 50}, 2: {"cycle_time": 90, "old": 10}})
    after = board({1: {"cycle_time": 90, "brand_new": 1}, 2: {"cycle_time": 40, "brand_new": 95}})
    assert {one.person_id: one.why for one in compare(before, after, 1).moves} == {
        1: "old -50.0 points",
        2: "brand new +95.0 points",
    }
    slow = board({1: {"cycle_time": 10}, 2: {"cycle_time": 90}})
    slower = compare(board({1: {"cycle_time": 100}, 2: {"cycle_time": 90}}), slow, 1).moves[0]
    assert slower.why == "cycle time -90.0 points"


@pytest.mark.parametrize(("change", "why"), [(0.04, "others moved"), (-0.04, "others moved"), (0.06, "a +0.1 points")])
def test_a_change_that_would_be_shown_as_nothing_is_none(change: float, why: str) -> None:
    before = board({1: {"a": 100.0}, 2: {"a": 90.0}})
    move = compare(before, board({1: {"a": 100 + change}, 2: {"a": 300.0}}), 1).moves[0]
    assert (move.person_id, move.why) == (1, why)


def test_teams_move_under_their_names() -> None:
    def of(scores: dict[str, float]) -> Standings:
        parts = {name: (Component("a", 1.0, "x", 1, None, 0.5, points, 500, "x"),) for name, points in scores.items()}
        return Standings("team", WINDOW, "v", place([Candidate(None, name, parts[name], "") for name in scores]), ())

    found = compare(of({"red": 9, "blue": 5}), of({"red": 3, "blue": 5}), 1)
    assert [(one.person_id, one.team, one.rank_after) for one in found.moves] == [(None, "red", 2), (None, "blue", 1)]


def test_moves_come_largest_first_then_by_place() -> None:
    before = board({one: {"a": 100 - one} for one in range(1, 6)})
    after = board({5: {"a": 99}, 2: {"a": 98}, 3: {"a": 97}, 1: {"a": 96}, 4: {"a": 95}})
    assert [(one.person_id, one.places) for one in compare(before, after, 1).moves] == [(5, 4), (1, -3), (4, -1)]
    swapped = compare(board({9: {"a": 2}, 3: {"a": 1}}), board({3: {"a": 2}, 9: {"a": 1}}), 1)
    assert [(one.person_id, one.places) for one in swapped.moves] == [(9, -1), (3, 1)]


@pytest.mark.parametrize("scores", [{}, {1: {"a": 5.0}}])
def test_too_few_to_compare_have_no_correlation(scores: dict[int, dict[str, float]]) -> None:
    assert compare(board(scores), board(scores), 1).tau is None


def test_ties_count_as_in_tau_b() -> None:
    tied = board({1: {"a": 5}, 2: {"a": 5}, 3: {"a": 9}})
    strict = board({1: {"a": 5}, 2: {"a": 6}, 3: {"a": 9}})
    assert compare(strict, tied, 1).tau == 0.8165  # 2 of 3 pairs agree, one is tied: 2 / √(3 · 2)


def test_an_order_without_differences_is_like_itself_alone() -> None:
    flat = board({1: {"a": 5}, 2: {"a": 5}})
    assert compare(flat, flat, 1).tau == 1
    assert compare(flat, board({1: {"a": 5}, 2: {"a": 6}}), 1).tau == 0
