"""The same prompt over and over is a loop; retries, templates and scheduled jobs are not."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.flag import Flag, FlagKind
from scoring.flags.traces import Repeat
from tests.scoring.flags.cases import ADA, RECENT, facts, found, usage


def loop(*repeats: Repeat) -> Flag | None:
    return found(FlagKind.PROMPT_LOOP, facts(usage(), repeats=repeats))


def repeat(day: date = RECENT[0], calls: int = 20, tokens: int = 60_000, **said: int) -> Repeat:
    return Repeat(ADA, day, calls, tokens, **said)


def test_twenty_a_day_on_two_days_are_a_loop() -> None:
    flag = loop(repeat(), repeat(RECENT[4]))
    assert flag is not None
    assert flag.days == (RECENT[0], RECENT[4])
    assert flag.evidence["repeats"] == 40
    assert loop(repeat(), repeat(RECENT[4], calls=19)) is None


@pytest.mark.parametrize(("calls", "is_flagged"), [(59, False), (60, True)])
def test_on_a_single_day_it_takes_three_times_as_many(calls: int, is_flagged: bool) -> None:
    assert (loop(repeat(calls=calls)) is not None) is is_flagged


def test_a_few_small_repeats_in_a_full_day_are_none() -> None:
    assert loop(*(repeat(day, tokens=24_000) for day in RECENT)) is None
    assert loop(*(repeat(day, tokens=26_000) for day in RECENT)) is not None


def test_several_prompts_of_a_day_add_up() -> None:
    assert loop(repeat(calls=30), repeat(calls=30)) is not None


def test_a_template_used_for_one_task_after_the_other_is_none() -> None:
    assert loop(*(repeat(day, tasks=3) for day in RECENT)) is None
    assert loop(*(repeat(day, tasks=2) for day in RECENT)) is not None


def test_a_job_that_asks_a_few_times_an_hour_all_day_is_none() -> None:
    assert loop(*(repeat(day, calls=96, hours=24) for day in RECENT)) is None
    assert loop(*(repeat(day, calls=97, hours=24) for day in RECENT)) is not None
