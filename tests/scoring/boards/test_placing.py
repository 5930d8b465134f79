"""How sure a place is: intervals that hold what they promise."""

from __future__ import annotations

import numpy as np

from scoring.boards.placing import Candidate, place
from scoring.standings import Component


def candidate(number: int, points: float, error: float) -> Candidate:
    part = Component("x", points, "points", 1, None, 0.5, round(points, 3), 1000, "x", error)
    return Candidate(number, None, (part,), "", standard_error=error)


def test_whose_intervals_do_not_touch_have_one_place_each() -> None:
    entries = place([candidate(1, 300, 10), candidate(2, 500, 10), candidate(3, 400, 10)])
    assert [(one.person_id, one.rank, one.best_rank, one.worst_rank) for one in entries] == [
        (2, 1, 1, 1),
        (3, 2, 2, 2),
        (1, 3, 3, 3),
    ]


def test_whose_intervals_touch_share_the_places_between_them() -> None:
    entries = place([candidate(1, 500, 50), candidate(2, 420, 50), candidate(3, 100, 1)])
    assert [(one.rank, one.best_rank, one.worst_rank) for one in entries] == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]


def test_without_error_equal_scores_share_places_and_others_stand_fast() -> None:
    entries = place([candidate(1, 500, 0), candidate(2, 500, 0), candidate(3, 400, 0)])
    assert [(one.rank, one.best_rank, one.worst_rank) for one in entries] == [(1, 1, 2), (1, 1, 2), (3, 3, 3)]


def test_the_true_place_lies_in_the_interval_nine_times_in_ten() -> None:
    """40 people of known worth, measured with known error, 200 times."""
    generator = np.random.default_rng(7)
    held = total = 0
    for _ in range(200):
        truth = generator.normal(500, 100, 40)
        errors = generator.uniform(10, 80, 40)
        measured = truth + generator.normal(0, errors)
        places = {int(person): rank for rank, person in enumerate(np.argsort(-truth), start=1)}
        for entry in place([candidate(number, float(measured[number]), float(errors[number])) for number in range(40)]):
            held += entry.best_rank <= places[entry.person_id or 0] <= entry.worst_rank
            total += 1
    assert 0.9 <= held / total <= 0.999
