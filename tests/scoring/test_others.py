"""The middle of everybody else."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.others import Others


@given(st.lists(st.integers(-5, 5) | st.floats(-1e9, 1e9), min_size=2), st.data())
def test_it_is_the_median_of_all_the_other_values(values: list[float], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    rest = [*values[:place], *values[place + 1 :]]
    assert Others(values).median(values[place]) == median(rest)
    assert len(Others(values)) == len(rest)


@pytest.mark.parametrize("count", range(2, 8))
def test_every_place_among_few_has_its_own(count: int) -> None:
    values = [float(2**number) for number in range(count)]
    medians = [median([*values[:place], *values[place + 1 :]]) for place in range(count)]
    assert [Others(values[::-1]).median(one) for one in values] == medians
