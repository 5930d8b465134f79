"""Most improved: measured in both windows, by fifty points and by more than chance, largest gain first."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.improvement import Improvement, most_improved
from scoring.standings import Entry, Standings
from tests.scoring.companies import WINDOW


def board(*entries: Entry) -> Standings:
    return Standings("outcome", WINDOW, "v1", entries, ())


def entry(who: int | str, score: float, **said: Any) -> Entry:
    is_team = isinstance(who, str)
    place = {"rank": 1, "percentile": 50.0, "is_provisional": False, "components": ()}
    return Entry(person_id=None if is_team else who, team=who if is_team else None, score=score, **{**place, **said})


@pytest.mark.parametrize(("gain", "is_news"), [(49.999, False), (50.0, True)])
def test_fifty_points_are_news(gain: float, is_news: bool) -> None:
    assert bool(most_improved(board(entry(1, 100 + gain)), board(entry(1, 100.0)), 3)) is is_news


@pytest.mark.parametrize(("gain", "is_news"), [(99.9, False), (100.0, True)])
def test_the_gain_is_larger_than_the_standard_error_of_the_difference(gain: float, is_news: bool) -> None:
    now, then = entry(1, 100 + gain, standard_error=60.0), entry(1, 100.0, standard_error=80.0)
    assert bool(most_improved(board(now), board(then), 3)) is is_news


def test_whoever_is_new_or_not_measured_in_both_comes_in_no_list_and_hides_nobody() -> None:
    now = board(entry(1, 900.0, is_provisional=True), entry(2, 900.0), entry(3, 900.0), entry(4, 300.1234))
    then = board(entry(1, 100.0), entry(3, 100.0, is_provisional=True), entry(4, 200.0))
    assert most_improved(now, then, 3) == (Improvement(4, None, 100.123),)


def test_the_largest_gains_come_first_and_equal_ones_by_place() -> None:
    people = board(*(entry(who, 500.0 + (who == 3)) for who in (5, 4, 3, 2)))
    before = board(*(entry(who, 100.0) for who in (2, 3, 4, 5)))
    assert [one.person_id for one in most_improved(people, before, 3)] == [3, 5, 4]
    teams = board(*(entry(team, 500.0) for team in ("red", "blue")))
    assert most_improved(teams, board(entry("blue", 0.0), entry("red", 0.0)), 3) == (
        Improvement(None, "red", 500.0),
        Improvement(None, "blue", 500.0),
    )
