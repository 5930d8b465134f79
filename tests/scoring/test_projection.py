"""When a ceiling is reached at this pace."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.projection import Projection, project

JUNE = {"first": date(2026, 6, 1), "last": date(2026, 6, 30)}


def outlook(today: int, before: int, *, limit: int = 160, busiest: int = 10, so_far: int = 0) -> Projection | None:
    return project(
        limit=limit,
        before_today=before,
        busiest_day=busiest,
        today_so_far=so_far,
        today=date(2026, 6, today),
        **JUNE,
    )


def test_ten_a_working_day_reach_160_on_the_sixteenth_working_day() -> None:
    # 1 to 12 June are ten working days; the 22nd is the sixteenth, and the month has 22.
    assert outlook(15, 100) == Projection(date(2026, 6, 22), 220)


def test_a_ceiling_that_holds_to_the_end_is_never_reached() -> None:
    assert outlook(15, 100, limit=221) == Projection(None, 220)


def test_one_burst_foretells_nothing() -> None:
    assert outlook(15, 90 + 60, busiest=60) == Projection(date(2026, 6, 15), 150 + 12 * 10)
    assert outlook(15, 90 + 60, busiest=60, limit=300) == Projection(None, 270)


def test_from_five_days_on_the_busiest_is_left_out() -> None:
    assert outlook(5, 30 + 60, busiest=60, limit=10**6) == Projection(None, 90 + 18 * 22.5)
    assert outlook(8, 40 + 60, busiest=60, limit=10**6) == Projection(None, 100 + 17 * 10)


def test_what_has_come_to_the_ceiling_has_reached_it_today() -> None:
    assert outlook(15, 160) == Projection(date(2026, 6, 15), 160 + 200)  # twelve days of (160 - 10) / 9


def test_before_three_working_days_it_is_too_early_to_tell() -> None:
    assert outlook(3, 20) is None
    assert outlook(4, 30) == Projection(date(2026, 6, 22), 220)


def test_today_counts_as_far_as_it_has_come_and_as_a_usual_day_otherwise() -> None:
    assert outlook(15, 100, so_far=4) == Projection(date(2026, 6, 22), 220)
    assert outlook(15, 100, so_far=30) == Projection(date(2026, 6, 18), 240)


def test_nothing_is_foretold_of_what_is_crossed_or_over() -> None:
    assert outlook(15, 161) is None
    assert outlook(30, 100) is None


@given(st.integers(4, 29), st.lists(st.integers(0, 10**12), min_size=1, max_size=29), st.integers(1, 10**13))
def test_the_day_lies_ahead_and_the_total_is_never_below_what_is_spent(
    today: int, by_day: list[int], limit: int
) -> None:
    spent = sum(by_day)
    found = outlook(today, spent, limit=limit, busiest=max(by_day))
    if found is not None:
        assert found.total >= spent
        assert (found.reached_on is not None) == (found.total >= limit) or abs(found.total - limit) <= 1
        assert found.reached_on is None or date(2026, 6, today) <= found.reached_on <= JUNE["last"]
