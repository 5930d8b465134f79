"""What is said of a mistake in the program file: the place, what is wrong, and what to write."""

from __future__ import annotations

import re

import pytest

from scoring.program import Program
from scoring.program_file import ProgramError, parse_program, version_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not TOML: Invalid value (at end of document)"),
        ("nmae = 1", "nmae: no such key; see docs/program.md for those there are"),
        ("[boards.outcome]\nwidnow = 1", "boards.outcome.widnow: no such key; see docs/program.md for those there are"),
        ('name = ""', "name: string should have at least 1 character, not ''"),
        ("[digest]\ntop = 11", "digest.top: input should be less than or equal to 10, not 11"),
        ('timezone = "Mars"', 'timezone: "Mars" is not a time zone; write one like "Europe/Berlin"'),
        ('[boards.outcome]\nwindow = "28"', 'boards.outcome.window: "28" is not a length; write "28d" or "4w"'),
        ("[boards.outcome]\nwindow = 28", 'boards.outcome.window: "28" is not a length; write "28d" or "4w"'),
        ('[digest]\ntime = "9h"', 'digest.time: "9h" is not a time of day; write "09:00"'),
        (
            '[holidays.regions]\nsouth = "XX"',
            'holidays.regions.south: the public holidays of "XX" are not known; '
            'write a country ("DE") or a part of one ("US-CA")',
        ),
        (
            '[[budgets]]\nname = "a"\ndollars = 1\nowner = "a @b"',
            'budgets.0.owner: "a @b" is not an e-mail address; write one like "finance@acme.example"',
        ),
        (
            "[boards.compliance]\nmin_active_days = 29",
            "boards.compliance: min_active_days (29) does not fit into a window of 28d",
        ),
    ],
)
def test_a_mistake_is_told_whole(text: str, message: str) -> None:
    with pytest.raises(ProgramError, match=f"^{re.escape(message)}$"):
        parse_program(text)


@pytest.mark.parametrize(("text", "days"), [("10d", 10), ("4w", 28), ("1w", 7)])
def test_a_length_is_in_days_or_weeks(text: str, days: int) -> None:
    window = parse_program(f'[boards.outcome]\nwindow = "{text}"\nmin_active_days = 1').boards.outcome.window
    assert (window, type(window)) == (days, int)


def test_as_many_active_days_as_a_window_has_fit_into_it() -> None:
    assert parse_program("[boards.compliance]\nmin_active_days = 28").boards.compliance.min_active_days == 28


def test_a_budget_without_an_owner_has_none() -> None:
    (budget,) = parse_program('[[budgets]]\nname = "a"\ndollars = 1').budgets
    assert budget.owner == ""


def test_a_version_is_twelve_hexadecimal_digits_of_the_content() -> None:
    assert re.fullmatch("[0-9a-f]{12}", version_of(Program()))
    assert version_of(parse_program('name = "AI program"')) == version_of(Program())
    assert version_of(Program(name="Another")) != version_of(Program())
