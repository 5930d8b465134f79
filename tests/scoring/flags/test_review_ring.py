"""A closed circle that reviews itself is a ring; a reciprocal review and a team that others review are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pytest

from scoring.evidence import Happening
from scoring.flag import FlagKind
from scoring.flags import DETECTORS
from tests.scoring.companies import WINDOW
from tests.scoring.flags.cases import contribution, facts


def given(reviews: Mapping[int, Sequence[int]], each: int = 1) -> list[Happening]:
    """``reviews``: who reviewed ``each`` assets of whom."""
    found = []
    for giver, authors in reviews.items():
        for author in authors:
            for number in range(each):
                asset = f"{author} for {giver} {number}"
                found += [contribution(author, "shared", asset), contribution(giver, "reviewed", asset, hour=1)]
    return found


def ring(reviews: Sequence[Happening]) -> set[int]:
    flags = list(DETECTORS[FlagKind.REVIEW_RING](facts(done=reviews)))
    assert all(len(flag.keys) == flag.evidence["given_inside"] for flag in flags)
    return {flag.person_id for flag in flags}


@pytest.mark.parametrize(("each", "flagged"), [(1, set()), (2, set()), (3, {1, 2})])
def test_three_reviews_each_way_and_few_others_are_a_ring(each: int, flagged: set[int]) -> None:
    assert ring(given({1: [2], 2: [1]}, each)) == flagged


def test_a_ring_may_go_round() -> None:
    assert ring(given({1: [2], 2: [3], 3: [1]}, 3)) == {1, 2, 3}


def test_reviewing_oneself_is_a_ring_of_one() -> None:
    assert ring(given({1: [1]}, 3)) == {1}


def test_who_reviews_others_as_well_or_is_reviewed_by_them_is_in_no_ring() -> None:
    assert ring([*given({1: [2], 2: [1]}, 3), *given({1: [3, 4]})]) == set()
    assert ring([*given({1: [2], 2: [1]}, 3), *given({3: [1], 4: [1]})]) == set()


def test_a_team_of_six_that_reviews_itself_is_no_ring() -> None:
    assert ring(given({one: [other for other in range(1, 7) if other != one] for one in range(1, 7)})) == set()


def test_a_review_as_the_window_begins_counts_and_one_before_it_does_not() -> None:
    done = given({1: [2], 2: [1]}, 3)
    reviews = [number for number, one in enumerate(done) if b"reviewed" in one.key]
    for time_us, expected in ((WINDOW.start_us, {1, 2}), (WINDOW.start_us - 1, set())):
        moved = [
            msgspec.structs.replace(one, time_us=time_us if number == reviews[0] else one.time_us)
            for number, one in enumerate(done)
        ]
        shared_before = [
            msgspec.structs.replace(one, time_us=time_us - 1) if b"shared" in one.key else one for one in moved
        ]
        assert ring(shared_before) == expected


def test_the_same_review_again_counts_once() -> None:
    asset = [contribution(1, "shared", "a"), contribution(2, "shared", "b")]
    again = [
        contribution(giver, "reviewed", asset, hour) for giver, asset in ((1, "b"), (2, "a")) for hour in (1, 2, 3)
    ]
    assert ring([*asset, *again]) == set()
