"""Where the limits of a spike lie: how far above the usual, beside which days, and what has been so before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest

from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.usage_spike import is_month_end
from tests.scoring.flags.cases import MONTH_END, RECENT, WORKDAYS, facts, found, usage
from tests.scoring.flags.test_spikes_told import IN_A_ROW, work_but_on

EARLIER = tuple(day for day in WORKDAYS if day < RECENT[0])


def spike(
    by_day: dict[date, float], days: Iterable[date] = WORKDAYS, done: Sequence[Happening] = (), usd: float = 1.0
) -> Flag | None:
    """Of Ada, who uses ``usd`` on each of ``days`` but for ``by_day``."""
    rows = [row for day in sorted({*days, *by_day}) for row in usage(days=[day], usd=by_day.get(day, usd))]
    return found(FlagKind.USAGE_SPIKE, facts(rows, done))


@pytest.mark.parametrize(("usd", "is_flagged"), [(2.49, False), (2.5, True)])
def test_each_day_of_a_sprint_is_two_and_a_half_usual_ones(usd: float, is_flagged: bool) -> None:
    week = [date(2026, 5, 25) + timedelta(days=number) for number in range(7)]
    assert (spike(dict.fromkeys(week, usd), done=work_but_on(*week)) is not None) is is_flagged


def test_each_day_of_a_spike_is_two_and_a_half_usual_ones_too() -> None:
    for usd, days in ((2.49, IN_A_ROW[1:]), (2.5, IN_A_ROW)):
        flag = spike({IN_A_ROW[0]: usd, IN_A_ROW[1]: 30.0, IN_A_ROW[2]: 30.0})
        assert flag is not None
        assert flag.days == days


@pytest.mark.parametrize(("count", "is_flagged"), [(9, False), (10, True)])
def test_ten_days_beside_the_end_of_a_month_tell_what_is_usual(count: int, is_flagged: bool) -> None:
    days = RECENT[14 - count : 14]
    assert (spike(dict.fromkeys(MONTH_END, 6.0), days, work_but_on(*MONTH_END)) is not None) is is_flagged


@pytest.mark.parametrize(("count", "is_flagged"), [(9, False), (10, True)])
def test_ten_days_beside_a_spike_tell_what_is_usual(count: int, is_flagged: bool) -> None:
    assert (spike({RECENT[0]: 90.0}, RECENT[1 : count + 1]) is not None) is is_flagged


def test_a_sprint_is_held_against_whole_runs_of_as_many_days_at_any_other_time() -> None:
    uneven = {day: (0.25, 0.5, 4.0)[number // 4 % 3] for number, day in enumerate(WORKDAYS)}  # the line is at 6.53
    assert spike(uneven | dict.fromkeys(MONTH_END, 8.0), done=work_but_on(*MONTH_END)) is not None


@pytest.mark.parametrize(("usd", "is_flagged"), [(12.0, False), (14.0, True)])
def test_whose_days_differ_much_are_held_against_how_much_they_do(usd: float, is_flagged: bool) -> None:
    differing = {day: (0.5, 1.0, 2.0)[number % 3] for number, day in enumerate(WORKDAYS)}
    assert (spike(differing | dict.fromkeys(RECENT[3:8], usd)) is not None) is is_flagged


def test_a_day_above_the_usual_that_is_none_of_those_far_above_is_nothing() -> None:
    differing = {day: (0.5, 1.0, 2.0)[number % 3] for number, day in enumerate(WORKDAYS)}
    assert spike(differing | {RECENT[3]: 3.0}) is None


def test_days_that_cost_nothing_are_no_usual_days() -> None:
    weekends = [day + timedelta(days=after) for day in WORKDAYS if day.weekday() == 4 for after in (1, 2)]
    free = dict.fromkeys((*EARLIER[:30], *weekends), 0.0)
    flag = spike(free | dict.fromkeys(IN_A_ROW, 40.0))
    assert flag is not None
    assert flag.evidence["usd_on_a_usual_day"] == 1.0


def test_a_calm_day_in_between_does_not_part_a_stretch_and_two_do() -> None:
    for gap, days in ((2, (RECENT[3], RECENT[5])), (3, (RECENT[3],))):
        flag = spike({RECENT[3]: 400.0, RECENT[3 + gap]: 50.0})
        assert flag is not None
        assert flag.days == days


@pytest.mark.parametrize(("usd", "is_flagged"), [(0.624, False), (0.625, True)])
def test_a_sprint_is_worth_a_dollar_beyond_the_usual(usd: float, is_flagged: bool) -> None:
    sprint = MONTH_END[:2]
    flag = spike(dict.fromkeys(sprint, usd), done=work_but_on(*sprint), usd=0.125)
    assert (flag is not None) is is_flagged


@pytest.mark.parametrize(("more_days", "is_flagged"), [(0, False), (1, True)])
def test_one_such_day_in_twice_as_many_days_before_makes_it_a_habit(more_days: int, is_flagged: bool) -> None:
    saturdays = [date(2026, 3, 14)] * more_days
    assert (spike({EARLIER[7]: 90.0, RECENT[3]: 90.0}, [*WORKDAYS, *saturdays]) is not None) is is_flagged


def test_half_as_often_before_is_a_habit_and_less_is_none() -> None:
    assert spike({EARLIER[7]: 90.0, RECENT[3]: 90.0}) is None
    two = dict.fromkeys((RECENT[3], RECENT[4]), 90.0)
    assert spike(two | {EARLIER[7]: 90.0}) is not None


@pytest.mark.parametrize(("months", "is_flagged"), [((5,), True), ((4, 5), False), ((3, 5), False)])
def test_a_sprint_in_two_months_is_the_season_where_no_work_is_known(months: Sequence[int], is_flagged: bool) -> None:
    ends = [day for day in WORKDAYS if is_month_end(day) and day.month in months]
    assert (spike(dict.fromkeys(ends, 20.0)) is not None) is is_flagged


@pytest.mark.parametrize(("calm", "is_flagged"), [(4, False), (5, True)])
def test_six_high_days_of_the_ten_since_the_first_are_a_new_habit(calm: int, is_flagged: bool) -> None:
    days = [*WORKDAYS[:40], *RECENT[: 6 + calm]]
    assert (spike(dict.fromkeys(RECENT[:6], 40.0), days) is not None) is is_flagged


@pytest.mark.parametrize(("usd", "is_flagged"), [(3.9, True), (4.0, False)])
def test_other_days_have_grown_from_what_they_were(usd: float, is_flagged: bool) -> None:
    later = {day: usd for day in RECENT if day > IN_A_ROW[-1]}
    assert (spike(dict.fromkeys(IN_A_ROW, 160.0) | later, usd=2.0) is not None) is is_flagged


def of_a_usual_day(by_day: dict[date, float]) -> object:
    flag = spike(by_day)
    return None if flag is None else flag.evidence["usd_on_a_usual_day"]


def test_a_usual_day_is_the_middle_one_or_the_mean_or_that_of_the_days_nearby_whichever_is_more() -> None:
    burst = dict.fromkeys(IN_A_ROW, 90.0)
    light = {day: 0.1 for number, day in enumerate(WORKDAYS) if number % 5 < 2}
    assert of_a_usual_day(light | burst) == 1.0
    heavy_once = dict.fromkeys(EARLIER[:25], 2.4)
    assert of_a_usual_day(heavy_once | burst) == 1.614  # 25 of 57 days took 2.4 dollars
    nearby = dict.fromkeys(EARLIER[-7:], 2.4)
    assert of_a_usual_day(nearby | burst) == 1.98  # seven of the ten days before, three of a dollar
