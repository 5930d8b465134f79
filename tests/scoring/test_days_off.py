"""Weekends and public holidays, by the calendar of a place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from scoring.days_off import days_off, is_calendar
from scoring.program import Holidays

CHRISTMAS_WEEK = [date(2026, 12, 21) + timedelta(days=number) for number in range(7)]


def test_without_a_calendar_saturdays_and_sundays_are_off() -> None:
    assert days_off(CHRISTMAS_WEEK, None) == {date(2026, 12, 26), date(2026, 12, 27)}


def test_public_holidays_of_the_country_and_of_its_part_are_off() -> None:
    assert date(2026, 12, 25) in days_off(CHRISTMAS_WEEK, "DE")
    corpus_christi = date(2026, 6, 4)
    assert days_off([corpus_christi], "DE-BY") == {corpus_christi}
    assert days_off([corpus_christi], "DE-BE") == set()


def test_weekends_are_those_of_the_country() -> None:
    friday, sunday = date(2026, 6, 5), date(2026, 6, 7)
    assert days_off([friday, sunday], "SA") == {friday}


@pytest.mark.parametrize(
    ("code", "is_known"), [("DE", True), ("US-CA", True), ("", False), ("EMEA", False), ("DE-ZZ", False)]
)
def test_calendars_are_countries_and_their_parts(code: str, is_known: bool) -> None:
    assert is_calendar(code) is is_known


def test_a_region_has_the_calendar_that_the_program_gives_it_or_that_of_its_own_name() -> None:
    rules = Holidays(regions={"Nordics": "SE", "FR": "BE"})
    assert [rules.calendar_of(one) for one in ("Nordics", "FR", "JP", "EMEA", "")] == ["SE", "BE", "JP", None, None]


def test_a_calendar_that_nobody_knows_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValidationError, match="Atlantis"):
        Holidays(regions={"Sea": "Atlantis"})
