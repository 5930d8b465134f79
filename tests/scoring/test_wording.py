"""Figures as people write them, at the edges of each way."""

from __future__ import annotations

import pytest

from scoring.wording import counted, hours, money, percent


@pytest.mark.parametrize(
    ("count", "said"), [(3.5, "3.5 hours"), (47.9, "47.9 hours"), (48, "2.0 days"), (60, "2.5 days")]
)
def test_hours_are_days_from_two_days_on(count: float, said: str) -> None:
    assert hours(count) == said


@pytest.mark.parametrize(
    ("dollars", "said"), [(0, "$0.00"), (0.0999, "$0.0999"), (0.1, "$0.10"), (1234.5, "$1,234.50")]
)
def test_money_below_ten_cents_has_four_decimals(dollars: float, said: str) -> None:
    assert money(dollars) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 tasks"), (1, "1 task"), (1.0, "1 task"), (1.5, "1.5 tasks"), (1400, "1,400 tasks")]
)
def test_one_alone_is_in_the_singular(count: float, said: str) -> None:
    assert counted(count, "task") == said


def test_a_share_is_said_in_whole_percent() -> None:
    assert (percent(0), percent(0.424), percent(1)) == ("0 %", "42 %", "100 %")
