"""How sure a place is: intervals that hold what they promise."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from scoring.boards.placing import Candidate, is_provisional, next_step, person_candidates, place
from scoring.standings import Component, Entry


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


def part(
    name: str = "x", value: float | None = 1, samples: int = 1, *, most: float = 100, points: float = 0
) -> Component:
    return Component(
        name, value, "points", samples, None, 0.5, points, most, "x", standard_error=3 if name == "x" else 4
    )


def test_a_place_keeps_all_of_its_candidate() -> None:
    ada = Candidate(1, None, (part(points=100.5), part("y", points=0.0004)), "Rest.", True, 5.00049)
    bob = Candidate(2, None, (part(points=300),), "Share.", False, 10)
    assert place([ada, bob]) == (
        Entry(1, 2, None, 300, 100, False, bob.components, "Share.", 10, 1, 1),
        Entry(2, 1, None, 100.5, 0, True, ada.components, "Rest.", 5, 2, 2),
    )


def test_equal_ones_stand_in_the_order_of_person_or_team() -> None:
    ada, bob = candidate(1, 500, 0), candidate(2, 500, 0)
    assert [one.person_id for one in place([bob, ada])] == [1, 2]
    blue, red = (msgspec.structs.replace(ada, person_id=None, team=team) for team in ("blue", "red"))
    assert [one.team for one in place([red, blue])] == ["blue", "red"]


def test_nobody_has_no_place() -> None:
    assert place([]) == ()


def test_a_person_stands_with_their_components_and_the_error_of_the_whole() -> None:
    components = {1: (part(), part("y", points=50)), 2: (part("y", None, 0),)}
    assert person_candidates([2, 1], components, {"x": "Do x.", "y": "Do y."}, best={}) == [
        Candidate(2, None, components[2], "", True, 4),
        Candidate(1, None, components[1], "Do x.", False, 5),
    ]


@pytest.mark.parametrize(("unmeasured", "expected"), [(100, False), (100.5, True)])
def test_a_score_is_provisional_where_over_half_of_its_weight_is_unmeasured(unmeasured: float, expected: bool) -> None:
    assert is_provisional([part(most=100), part("y", None, 0, most=unmeasured)]) is expected


def test_what_has_no_value_and_yet_samples_is_measured() -> None:
    assert not is_provisional([part(value=None, samples=1)])
    assert not is_provisional([part(value=0, samples=0)])


def test_advice_is_for_the_measured_part_with_most_left_to_gain() -> None:
    advice = {"a": "Do a.", "b": "Do b.", "c": "Do c."}
    rich, poor, unknown = part("a", most=300, points=200), part("b", most=150, points=10), part("c", None, 0, most=900)
    assert next_step([rich, poor, unknown], advice, best={}) == "Do b."
    assert next_step([part("b"), part("a")], advice, best={}) == "Do b."
    assert next_step([part("a"), part("b")], advice, best={}) == "Do b."
    assert next_step([unknown], advice, best={}) == ""


def test_what_is_at_its_best_needs_no_advice() -> None:
    advice = {"a": "Do a.", "b": "Do b."}
    faultless, other = part("a", value=0, most=300, points=100), part("b", value=0, most=100, points=90)
    assert next_step([faultless, other], advice, best={"a": 0}) == "Do b."
    assert next_step([part("a", value=1, most=300), other], advice, best={"a": 0}) == "Do a."
    assert next_step([faultless], advice, best={"a": 0}) == ""
