"""Whoever is asked to teach has been good for long, by value and not by use."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scoring.program import Teachers
from scoring.standings import Entry, Standings
from scoring.teachers import steady
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US

RULES = Teachers(windows=2, top_percent=25)
WINDOW = window_before(MONDAY_NOON_US, 28, ZoneInfo("UTC"))


def window(percentiles: dict[int, float], provisional: int = 0) -> Standings:
    entries = tuple(
        Entry(1, person_id, None, 500.0, percentile, person_id == provisional, ())
        for person_id, percentile in percentiles.items()
    )
    return Standings("outcome", WINDOW, "v1", entries, ())


def test_whoever_was_among_the_first_each_time_is_asked_the_steadiest_first() -> None:
    windows = [window({1: 90, 2: 99, 3: 80}), window({1: 90, 2: 76, 3: 74})]
    assert steady(windows, RULES) == (1, 2)


def test_the_limit_itself_is_among_the_first() -> None:
    assert steady([window({1: 75.0, 2: 74.9})] * 2, RULES) == (1,)


def test_one_good_window_is_not_enough() -> None:
    assert steady([window({1: 99})], RULES) == ()
    assert steady([window({1: 99}), window({})], RULES) == ()


def test_whoever_stood_provisionally_has_not_shown_it_yet() -> None:
    assert steady([window({1: 99}), window({1: 99}, provisional=1)], RULES) == ()


def test_whoever_is_under_a_flag_or_a_warning_is_asked_once_it_is_settled() -> None:
    assert steady([window({1: 99, 2: 98})] * 2, RULES, {1}) == (2,)


percentiles = st.dictionaries(st.integers(1, 9), st.floats(0, 100), max_size=9)


@given(st.lists(percentiles, min_size=2, max_size=4))
def test_nobody_is_asked_who_was_ever_below_the_limit(drawn: list[dict[int, float]]) -> None:
    rules = Teachers(windows=len(drawn), top_percent=25)
    found = steady([window(one) for one in drawn], rules)
    assert set(found) == {id for id in range(10) if all(one.get(id, 0) >= 75 for one in drawn)}
    assert list(found) == sorted(found, key=lambda id: (-min(one[id] for one in drawn), id))
