"""A spike in full, and where the limits of the rule lie: what is told of it, what counts as its work, what has come to stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from tests.scoring.flags.cases import (
    MONTH_END,
    RECENT,
    WORKDAYS,
    facts,
    flag_on,
    found,
    outcomes,
    spent,
    usage,
)

IN_A_ROW = RECENT[3:6]  # 8, 11 and 12 May


def spike(by_day: dict[date, float], done: Iterable[Happening], days: Iterable[date] = WORKDAYS) -> Flag | None:
    """Of Ada, who uses a dollar on each of ``days`` but for ``by_day``."""
    rows = [row for day in days for row in usage(days=[day], usd=by_day.get(day, 1.0))]
    return found(FlagKind.USAGE_SPIKE, facts(rows, done))


def work_but_on(*days: date) -> list[Happening]:
    return outcomes(days=[day for day in WORKDAYS[::2] if day not in days])


def test_a_sprint_at_the_end_of_the_month_in_full() -> None:
    assert spike(dict.fromkeys(MONTH_END, 20.0), work_but_on(*MONTH_END)) == flag_on(
        FlagKind.USAGE_SPIKE,
        MONTH_END,
        7.125,
        {
            "usd_on_these_days": 60.0,
            "usd_on_a_usual_day": 1.0,
            "times_a_usual_day": 20.0,
            "work_times_usual": 0.0,
            "usual_days_beyond": 57.0,
            "limit_usual_days": 8,
            "month_end": "yes",
        },
        "On 3 days from 27 to 29 May usage cost $60.00, as much as 60 usual days, at the end of the month; "
        "the work done then was 0.0 times the usual.",
    )


def test_a_spike_at_another_time_in_full() -> None:
    # Of 30 tasks one was done on these three days, and 29 on the 57 others: (1 / 3) / (29 / 57) = 0.66.
    assert spike(dict(zip(IN_A_ROW, (20.0, 15.0, 10.017), strict=True)), outcomes()) == flag_on(
        FlagKind.USAGE_SPIKE,
        IN_A_ROW,
        1.401,
        {
            "usd_on_these_days": 45.02,
            "usd_on_a_usual_day": 1.0,
            "times_a_usual_day": 15.0,
            "work_times_usual": 0.66,
            "usual_days_beyond": 42.0,
            "limit_usual_days": 30,
            "month_end": "no",
        },
        "On 3 days from 8 to 12 May usage cost $45.02, as much as 45 usual days; "
        "the work done then was 0.7 times the usual.",
    )


@pytest.mark.parametrize(("usd", "is_flagged"), [(10.99, False), (11.0, True)])
def test_it_takes_thirty_usual_days_beyond_those_that_were_used(usd: float, is_flagged: bool) -> None:
    assert (spike(dict.fromkeys(IN_A_ROW, usd), work_but_on(*IN_A_ROW)) is not None) is is_flagged


@pytest.mark.parametrize(
    ("done_on", "days", "times"),
    [
        (date(2026, 5, 8), WORKDAYS, 2.03),  # the day itself
        (date(2026, 5, 9), WORKDAYS, 2.03),  # the weekend after it
        (date(2026, 5, 10), WORKDAYS, 2.03),
        (date(2026, 5, 11), WORKDAYS, 0.0),  # a day with usage of its own
        (date(2026, 5, 11), tuple(day for day in WORKDAYS if day != date(2026, 5, 11)), 2.0),
        (date(2026, 5, 12), tuple(day for day in WORKDAYS if day != date(2026, 5, 12)), 0.0),  # four days later
    ],
)
def test_what_gets_done_in_the_three_days_after_counts_unless_they_have_usage_of_their_own(
    done_on: date, days: tuple[date, ...], times: float
) -> None:
    friday = date(2026, 5, 8)
    rest = [day for day in WORKDAYS[::2] if not friday <= day <= friday + timedelta(days=4)]
    flag = spike({friday: 90.0}, [*outcomes(days=rest), *outcomes(days=[done_on])], days)
    assert flag is not None
    assert flag.evidence["work_times_usual"] == times


def test_the_first_day_of_the_window_is_in_it_and_the_day_before_is_not() -> None:
    assert spike({RECENT[0]: 90.0}, ()) is not None
    before = next(day for day in reversed(WORKDAYS) if day < RECENT[0])
    assert spike({before: 90.0}, ()) is None


def test_work_that_was_not_accepted_is_none() -> None:
    refused = outcomes(days=IN_A_ROW, a_day=9, is_accepted=False)
    flag = spike(dict.fromkeys(IN_A_ROW, 20.0), [*work_but_on(*IN_A_ROW), *refused])
    assert flag is not None
    assert flag.evidence["work_times_usual"] == 0


def test_of_somebody_without_work_at_any_other_time_work_then_is_as_much_as_usual() -> None:
    flag = spike(dict.fromkeys(IN_A_ROW, 20.0), outcomes(days=IN_A_ROW[:1]))
    assert flag is not None
    assert flag.evidence["work_times_usual"] == 1


@pytest.mark.parametrize(("usd", "is_flagged"), [(1.99, True), (2.0, False)])
def test_where_the_other_days_have_grown_to_twice_as_much_it_is_a_new_way_of_working(
    usd: float, is_flagged: bool
) -> None:
    later = {day: usd for day in RECENT if day > IN_A_ROW[-1]}
    assert (spike(dict.fromkeys(IN_A_ROW, 80.0) | later, ()) is not None) is is_flagged


@pytest.mark.parametrize(("days_since", "is_flagged"), [(2, True), (3, False)])
def test_three_days_since_are_enough_to_tell(days_since: int, is_flagged: bool) -> None:
    days = [day for day in WORKDAYS if day <= RECENT[5 + days_since]]
    later = {day: 2.0 for day in RECENT if day > IN_A_ROW[-1]}
    assert (spike(dict.fromkeys(IN_A_ROW, 80.0) | later, (), days) is not None) is is_flagged


@pytest.mark.parametrize(("days_before", "is_flagged"), [(2, True), (3, False)])
def test_three_days_before_are_needed_to_tell(days_before: int, is_flagged: bool) -> None:
    days = RECENT[3 - days_before :]
    later = {day: 2.0 for day in RECENT if day > IN_A_ROW[-1]}
    assert (spike(dict.fromkeys(IN_A_ROW, 80.0) | later, (), days) is not None) is is_flagged


@pytest.mark.parametrize(("count", "is_flagged"), [(5, True), (6, False)])
def test_six_such_days_until_now_are_a_habit(count: int, is_flagged: bool) -> None:
    days = RECENT[:-7]  # ends before the end of the month
    high = days[-count:]
    assert (spike(dict.fromkeys(high, 40.0), (), [*WORKDAYS[:40], *days]) is not None) is is_flagged


@pytest.mark.parametrize(("usd", "is_flagged"), [(19.9, False), (20.0, True)])
def test_the_end_of_a_month_stands_out_against_the_days_just_before_it(usd: float, is_flagged: bool) -> None:
    before, end = RECENT[11:14], RECENT[14:19]
    by_day = dict.fromkeys(before, 8.0) | dict.fromkeys(end, usd)
    assert (spike(by_day, work_but_on(*end)) is not None) is is_flagged


@pytest.mark.parametrize(("usd", "is_flagged"), [(4.99, False), (5.01, True)])
def test_the_end_of_a_month_stands_out_against_the_days_just_after_it_too(usd: float, is_flagged: bool) -> None:
    first, after = RECENT[14:17], dict(zip(RECENT[17:20], (2.4, 2.0, 1.0), strict=True))
    assert (spike(dict.fromkeys(first, usd) | after, work_but_on(*first)) is not None) is is_flagged


def test_the_days_just_before_it_are_those_before_its_first() -> None:
    before, end = dict(zip(RECENT[11:14], (2.0, 1.0, 2.4), strict=True)), RECENT[14:17]
    assert spike(before | dict.fromkeys(end, 5.5), work_but_on(*end)) is not None


def test_amounts_are_held_against_ones_own_usual_day_whatever_it_takes() -> None:
    rows = [row for day in WORKDAYS for row in usage(days=[day], usd=21.5 if day in MONTH_END[:2] else 2.00013)]
    flag = found(FlagKind.USAGE_SPIKE, facts(rows, work_but_on(*MONTH_END)))
    assert flag is not None
    assert [flag.evidence[name] for name in ("usd_on_a_usual_day", "times_a_usual_day", "usual_days_beyond")] == [
        2.0001,
        10.7,
        19.5,
    ]
    assert flag.text.startswith("On 2 days from 27 to 28 May usage cost $43.00, as much as 21 usual days, at the end")


def test_ten_days_just_before_tell_what_is_usual_by_now() -> None:
    before = [day for day in WORKDAYS if day < IN_A_ROW[0]][-10:]
    flag = spike(dict.fromkeys(before, 2.4) | dict.fromkeys(IN_A_ROW, 90.0), ())
    assert flag is not None
    assert (flag.evidence["usd_on_a_usual_day"], flag.evidence["work_times_usual"]) == (2.4, 0.0)


def test_of_several_stretches_the_heaviest_is_the_spike() -> None:
    first, second = RECENT[1:3], RECENT[8:10]
    flag = spike(dict.fromkeys(first, 400.0) | dict.fromkeys(second, 30.0), ())
    assert flag is not None
    assert flag.days == first


def test_one_day_at_the_end_of_a_month_is_no_sprint() -> None:
    assert spike({MONTH_END[0]: 25.0}, work_but_on(*MONTH_END)) is None
    assert spike(dict.fromkeys(MONTH_END[:2], 25.0), work_but_on(*MONTH_END)) is not None


@pytest.mark.parametrize(("usd", "is_flagged"), [(0.43, False), (0.44, True)])
def test_a_sprint_has_to_be_worth_the_least_amount_beyond_the_usual(usd: float, is_flagged: bool) -> None:
    cheap = dict.fromkeys(WORKDAYS, 0.1) | dict.fromkeys(MONTH_END, usd)
    flag = found(FlagKind.USAGE_SPIKE, facts(spent(cheap), work_but_on(*MONTH_END)))
    assert (flag is not None) is is_flagged
