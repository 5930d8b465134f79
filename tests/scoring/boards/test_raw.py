"""The raw board by example: a cap a day, nothing under a flag, one lane, a new start each month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scoring.boards import raw, window_of
from scoring.boards.raw import CappedUse
from scoring.events import Lane
from scoring.evidence import Evidence, Person
from scoring.flag import FlagState
from scoring.program import Boards, Program, RawBoard
from scoring.standings import Component, Withheld, WithheldReason
from scoring.usage import UsageDay, day_usage
from scoring.window import to_us
from tests.scoring.companies import BASELINE_START_US, WINDOW, flagged, with_flags

FIRST, SECOND = WINDOW.days[0], WINDOW.days[1]
PROGRAM = Program(boards=Boards(raw=RawBoard(on=True, daily_cap_tokens=1_000)))


def company(*rows: UsageDay) -> Evidence:
    people = tuple(Person(number) for number in (1, 2))
    return Evidence(WINDOW, BASELINE_START_US, people, (), (), (), day_usage(rows))


def tokens(evidence: Evidence) -> dict[int | None, float | None]:
    return {entry.person_id: entry.components[0].value for entry in raw.standings(evidence, PROGRAM, "v").entries}


def test_of_a_day_no_more_than_the_cap_counts_whatever_its_parts() -> None:
    evidence = company(
        UsageDay(1, FIRST, tokens=700, calls=1),
        UsageDay(1, FIRST, tokens=700, calls=1, is_asserted=True),
        UsageDay(1, SECOND, tokens=300, calls=1),
        UsageDay(2, FIRST, tokens=1_000_000, calls=9),
    )
    assert tokens(evidence) == {1: 1_300, 2: 1_000}
    first = raw.standings(evidence, PROGRAM, "v").entries[0]
    assert first.score == pytest.approx(1000 * 1_300 / (1_000 * WINDOW.day_count), abs=0.001)
    assert first.components[0].samples == 3


def test_a_place_says_all_its_figures() -> None:
    found = raw.standings(company(UsageDay(1, FIRST, tokens=1_400, calls=3)), PROGRAM, "v")
    (entry,) = found.entries
    said = "1,000 tokens; of a day, 1,000 count at the most."
    share = 1 / WINDOW.day_count
    assert entry.components == (Component("tokens", 1_000, "tokens", 3, None, share, 35.714, 1000, said),)
    assert entry.next_step == "Nothing here: more tokens are no aim. The outcome board shows what they were good for."
    assert (found.board, found.window, found.program_version) == ("raw", WINDOW, "v")


def test_a_day_of_calls_without_tokens_is_no_use() -> None:
    evidence = company(UsageDay(1, FIRST, calls=5), UsageDay(1, SECOND, tokens=1, calls=2))
    assert raw.capped_use(evidence, PROGRAM.boards.raw) == {1: CappedUse(tokens=1, calls=2)}


def test_the_sandbox_does_not_count_in_production() -> None:
    assert tokens(company(UsageDay(1, FIRST, lane=Lane.EXPLORATION, tokens=900))) == {}


@pytest.mark.parametrize("state", [FlagState.CONFIRMED, FlagState.OPEN])
def test_a_day_under_a_flag_does_not_count(state: FlagState) -> None:
    evidence = company(UsageDay(1, FIRST, tokens=500), UsageDay(1, SECOND, tokens=300))
    found = raw.capped_use(with_flags(evidence, flagged(1, state)), PROGRAM.boards.raw)
    assert found[1].tokens == 300


def test_who_used_nothing_is_told_so() -> None:
    refused = raw.standings(company(UsageDay(1, FIRST, tokens=1)), PROGRAM, "v").withheld
    missing = ("No tokens of yours count this month.",)
    assert refused == (Withheld(2, None, WithheldReason.TOO_LITTLE_EVIDENCE, missing),)


@pytest.mark.parametrize(
    ("when", "first", "days"),
    [((2026, 6, 15, 10), 1, 15), ((2026, 6, 1, 0), 1, 31), ((2026, 6, 1, 1), 1, 1)],
)
def test_it_starts_anew_each_month(when: tuple[int, ...], first: int, days: int) -> None:
    window = window_of("raw", to_us(datetime(*when, tzinfo=UTC)), PROGRAM)  # type: ignore[misc]
    assert (window.days[0].day, window.day_count) == (first, days)


def test_a_month_has_begun_a_microsecond_after_midnight() -> None:
    window = window_of("raw", to_us(datetime(2026, 6, 1, tzinfo=UTC)) + 1, PROGRAM)
    assert window.days == (date(2026, 6, 1),)


def test_the_month_is_that_of_the_programs_zone() -> None:
    berlin = Program(timezone="Europe/Berlin", boards=PROGRAM.boards)
    early = to_us(datetime(2026, 5, 31, 22, 30, tzinfo=UTC))  # half past midnight on 1 June in Berlin
    window = window_of("raw", early, berlin)
    assert window.days == (date(2026, 6, 1),)
