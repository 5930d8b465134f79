"""Leave-one-out comparison, against the slow and obvious way."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.comparison import percentiles, placement, ranks, shrinkage, yardsticks

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
    assert list(shrinkage(np.array([0.0, 5.0, 95.0]), 5)) == [0, 0.5, 0.95]
    assert list(shrinkage(np.array([0.0, 5.0]), 0)) == [0, 1]


def test_placement_is_half_at_the_median_and_saturates() -> None:
    assert placement(0) == 0.5
    assert placement(1) == pytest.approx(0.8413, abs=0.0001)
    assert placement(1000) == 1
    assert placement(-1000) == 0


def test_equal_scores_share_the_better_rank() -> None:
    assert ranks([5, 9, 5, 1]) == [2, 1, 2, 4]


def test_a_percentile_is_the_share_of_others_below_with_ties_counting_half() -> None:
    assert percentiles([1, 2, 3]) == [0, 50, 100]
    assert percentiles([2, 2, 2]) == [50, 50, 50]
    assert percentiles([7]) == [100]
