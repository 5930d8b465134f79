"""Far more usage than on one's own usual days, and no more work: a spike; busy days and new ways of working are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scoring.evidence import Person
from scoring.flag import Flag, FlagKind
from scoring.flags.usage_spike import is_month_end
from tests.scoring.companies import WINDOW
from tests.scoring.flags.cases import ADA, MONTH_END, RECENT, WORKDAYS, facts, found, outcomes, spent, usage


def spike(by_day: dict[date, float], done: object = None) -> Flag | None:
    work = outcomes() if done is None else done
    return found(FlagKind.USAGE_SPIKE, facts(spent(by_day), work))  # type: ignore[arg-type]


def at(usd: float) -> dict[date, float]:
    return dict.fromkeys(MONTH_END, usd)


@pytest.mark.parametrize(("usd", "is_flagged"), [(1.0, False), (3.5, False), (4.5, True), (20.0, True)])
def test_a_sprint_at_the_end_of_the_month_is_worth_eight_usual_days(usd: float, is_flagged: bool) -> None:
    flag = spike(at(usd), outcomes(days=[day for day in WORKDAYS[::2] if day not in MONTH_END]))
    assert (flag is not None) is is_flagged
    if flag:
        assert flag.days == MONTH_END
        assert flag.evidence["times_a_usual_day"] == usd
        assert flag.evidence["month_end"] == "yes"
        assert "work done then was 0.0 times the usual" in flag.text


@pytest.mark.parametrize(("usd", "is_flagged"), [(9, False), (13, True)])
def test_at_any_other_time_it_takes_thirty(usd: float, is_flagged: bool) -> None:
    days = RECENT[3:6]
    flag = spike(dict.fromkeys(days, usd), outcomes(days=[day for day in WORKDAYS[::2] if day not in days]))
    assert (flag is not None) is is_flagged


def test_a_busy_month_end_that_got_as_much_more_done_is_none() -> None:
    work = outcomes(days=WORKDAYS[::2])
    busy = [one for one in outcomes(days=MONTH_END, a_day=8) if one.key not in {other.key for other in work}]
    assert spike(at(9.0), [*work, *busy]) is None


def test_a_weekly_batch_is_none() -> None:
    assert spike({day: 40.0 for day in WORKDAYS if day.weekday() == 3}) is None


def test_a_new_way_of_working_that_lasts_is_none() -> None:
    assert spike({day: 40.0 for day in RECENT if day >= RECENT[8]}) is None


def test_who_has_too_few_days_of_their_own_cannot_spike() -> None:
    rows = [*usage(days=RECENT[:9]), *usage(days=RECENT[-1:], usd=100)]
    assert found(FlagKind.USAGE_SPIKE, facts(rows)) is None
    rows = [*usage(days=RECENT[:10]), *usage(days=RECENT[-1:], usd=100)]
    assert found(FlagKind.USAGE_SPIKE, facts(rows)) is not None


def test_pennies_are_none() -> None:
    cheap = [row for day in WORKDAYS for row in usage(days=[day], usd=0.3 if day in MONTH_END else 0.01)]
    assert found(FlagKind.USAGE_SPIKE, facts(cheap)) is None


def test_what_a_laptop_merely_says_and_what_the_sandbox_takes_are_no_suspicion() -> None:
    said = usage(days=MONTH_END, usd=50, is_asserted=True)
    assert found(FlagKind.USAGE_SPIKE, facts([*usage(), *said])) is None


def test_nobody_outside_the_cohort_is_flagged() -> None:
    outside = (Person(ADA, function="engineering", is_in_cohort=False),)
    assert found(FlagKind.USAGE_SPIKE, facts(spent(at(50.0)), with_peers=False, people=outside)) is None


def test_of_people_whose_work_nobody_knows_an_earlier_month_end_like_it_is_the_season() -> None:
    before = [day for day in WORKDAYS if is_month_end(day)]
    assert spike(at(20.0), ()) is not None
    assert spike(dict.fromkeys(before, 20.0), ()) is None


def test_a_month_ends_with_its_last_five_working_days_and_the_free_days_among_them() -> None:
    ends = [day for number in range(31) if is_month_end(day := date(2026, 5, 1) + timedelta(days=number))]
    assert ends == [date(2026, 5, day) for day in range(25, 32)]
    assert WINDOW.days[0] < ends[0]


def test_whose_work_comes_in_lumps_is_held_against_the_mean_of_other_days() -> None:
    lumps = {day: 0.1 if number % 3 else 3.0 for number, day in enumerate(WORKDAYS)}
    assert spike(lumps | at(3.5)) is None
    assert spike(lumps | at(9.0)) is not None


@pytest.mark.parametrize(("places", "is_flagged"), [((2, 9, 16), False), ((9, 10, 11), True)])
def test_heavy_days_all_over_are_ones_work_and_in_a_row_a_spike(places: tuple[int, ...], is_flagged: bool) -> None:
    rows = [row for number, day in enumerate(RECENT) for row in usage(days=[day], usd=10 if number in places else 0.1)]
    assert (found(FlagKind.USAGE_SPIKE, facts(rows, outcomes(days=RECENT[::4]))) is not None) is is_flagged
