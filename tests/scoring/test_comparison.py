"""Leave-one-out comparison, against the slow and obvious way."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.comparison import medians_of_each, percentiles, places, ranks, shrinkage, yardsticks

_figures = st.lists(st.tuples(st.integers(-20, 20).map(float), st.booleans()), min_size=1, max_size=12)


@settings(deadline=None)
@given(_figures)
def test_everybody_is_compared_with_the_others_alone(drawn: list[tuple[float, bool]]) -> None:
    figures = [figure for figure, _ in drawn]
    is_reference = [reference for _, reference in drawn]
    made = yardsticks(np.array(figures), np.array(is_reference))
    for position in range(len(figures)):
        others = [figures[n] for n in range(len(figures)) if is_reference[n] and n != position]
        if not others:
            assert np.isnan(made.medians[position])
            continue
        assert made.medians[position] == median(others)
        spread = median(abs(other - median(others)) for other in others) * 1.4826
        assert made.spreads[position] == pytest.approx(spread)


def test_few_samples_count_little_and_many_almost_fully() -> None:
    assert list(shrinkage(np.array([0.0, 1.0, 5.0, 95.0]), 5)) == [0, 1 / 6, 0.5, 0.95]
    assert list(shrinkage(np.array([0.0, 1.0, 5.0]), 0)) == [0, 1, 1]
    assert list(shrinkage(np.array([0.0, 1.0]), 0.25)) == [0, 0.8]


@settings(deadline=None)
@given(_figures, st.lists(st.integers(-20, 20).map(float), min_size=12, max_size=12), st.floats(0.1, 10))
def test_a_place_is_the_chance_to_be_ahead_of_one_of_the_others(
    drawn: list[tuple[float, bool]], points: list[float], reach: float
) -> None:
    figures, references = np.array([one for one, _ in drawn]), np.array([reference for _, reference in drawn])
    count = len(drawn)
    made = places(np.array(points[:count]), figures, references, np.full(count, reach))
    for position in range(count):
        others = [figures[n] for n in range(count) if references[n] and n != position]
        if not others:
            assert np.isnan(made[position])
            continue
        chances = [min(1, max(0, 0.5 + (points[position] - other) / (2 * reach))) for other in others]
        assert made[position] == pytest.approx(sum(chances) / len(chances), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=20), st.floats(0.1, 3))
def test_the_places_of_a_group_are_a_half_on_average_however_skewed_it_is(figures: list[float], reach: float) -> None:
    drawn = np.array(figures)
    made = places(drawn, drawn, np.full(len(drawn), True), np.full(len(drawn), reach))
    assert made.mean() == pytest.approx(0.5, abs=1e-9)


def test_equal_scores_share_the_better_rank() -> None:
    assert ranks([5, 9, 5, 1]) == [2, 1, 2, 4]


def test_a_percentile_is_the_share_of_others_below_with_ties_counting_half() -> None:
    assert percentiles([1, 2, 3]) == [0, 50, 100]
    assert percentiles([2, 2, 2]) == [50, 50, 50]
    assert percentiles([4, 1, 2, 3]) == [100, 0, 33.3, 66.7]
    assert percentiles([5, 5, 1]) == [75, 75, 0]
    assert percentiles([7]) == [100]
    assert percentiles([]) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 1e6)), max_size=30))
def test_medians_of_each_are_those_of_the_figures_that_belong_together(rows: list[tuple[int, float]]) -> None:
    owners = np.array([owner for owner, _ in rows], dtype=np.int64)
    figures = np.array([figure for _, figure in rows])
    assert medians_of_each(owners, figures).tolist() == [float(np.median(figures[owners == one])) for one in owners]
