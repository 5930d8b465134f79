"""On which days and for which models a negotiated price holds, and what a price has to say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scoring.program import Price

JUNE = {"begins": date(2026, 6, 1), "until": date(2026, 6, 30)}
FIRST, LAST, BEFORE, AFTER = date(2026, 6, 1), date(2026, 6, 30), date(2026, 5, 31), date(2026, 7, 1)


def price(**said: Any) -> Price:
    return Price(**{"model": "gpt-4o*", "input": 1, "output": 2, **said})


def test_it_holds_from_its_first_day_to_its_last() -> None:
    assert [price(**JUNE).fits("gpt-4o", day) for day in (BEFORE, FIRST, LAST, AFTER)] == [False, True, True, False]


def test_without_a_first_or_last_day_it_holds_before_and_for_ever() -> None:
    assert [price().fits("gpt-4o", day) for day in (date.min, date.max)] == [True, True]
    assert [price(until=LAST).fits("gpt-4o", day) for day in (date.min, LAST, AFTER)] == [True, True, False]
    assert [price(begins=FIRST).fits("gpt-4o", day) for day in (BEFORE, FIRST, date.max)] == [False, True, True]


def test_it_holds_for_the_models_that_its_pattern_fits() -> None:
    assert price().fits("gpt-4o-mini", FIRST)
    assert not price().fits("my-gpt-4o", FIRST)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"percent_off": 10}, "percent_off stands alone; leave out input, output, cache_read and cache_write"),
        ({"input": None}, "a price needs input and output"),
        ({"output": None}, "a price needs input and output"),
        ({"begins": LAST, "until": FIRST}, "it ends on 2026-06-01, before it begins"),
    ],
)
def test_a_price_that_says_too_much_or_too_little_is_none(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        price(**said)


@pytest.mark.parametrize("rate", ["input", "output", "cache_read", "cache_write"])
def test_a_share_off_the_list_price_stands_alone(rate: str) -> None:
    assert Price(model="*", percent_off=10).percent_off == 10
    with pytest.raises(ValueError, match="percent_off stands alone"):
        Price(model="*", percent_off=10, **{rate: 1})


def test_a_price_may_hold_for_a_single_day() -> None:
    assert price(begins=FIRST, until=FIRST).fits("gpt-4o", FIRST)
