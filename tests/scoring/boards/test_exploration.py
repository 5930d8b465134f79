"""The exploration board by example: what was tried and learnt, each further one for less, within the sandbox budget."""

from __future__ import annotations

import msgspec
import pytest

from scoring.boards import exploration
from scoring.events import Contribution, Lane, Training
from scoring.evidence import Evidence, Happening, Person, Trial
from scoring.flag import FlagState
from scoring.program import Program
from scoring.standings import Entry, WithheldReason
from scoring.usage import UsageDay, day_usage
from tests.scoring.companies import BASELINE_START_US, WINDOW, flagged, happening, with_flags

DAYS = WINDOW.days
CURIOUS = (Trial(1, DAYS[0], "a", "notes"), Trial(1, DAYS[1], "b", "notes"), Trial(1, DAYS[2], "a", "tests"))


def company(*trials: Trial, did: tuple[Happening, ...] = (), spent: tuple[UsageDay, ...] = ()) -> Evidence:
    return Evidence(WINDOW, BASELINE_START_US, (Person(1), Person(2)), (), (), did, day_usage(spent), trials)


def entry(evidence: Evidence) -> Entry:
    (found,) = exploration.standings(evidence, Program(), "v").entries
    return found


def values(evidence: Evidence) -> dict[str, float | None]:
    return {part.name: part.value for part in entry(evidence).components}


def test_the_worked_example_of_docs_scoring() -> None:
    did = (
        happening(1, "t", WINDOW.start_us, Training("prompting", "completed")),
        happening(1, "s", WINDOW.start_us, Contribution("shared", "what I found", "documentation")),
    )
    found = entry(company(*CURIOUS, did=did))
    points = {part.name: part.points for part in found.components}
    assert points == pytest.approx(
        {"use_cases": 111.012, "models": 75, "active_days": 58.579, "training": 58.579, "sharing": 75}, abs=0.001
    )
    assert found.score == pytest.approx(378.170, abs=0.002)


def test_each_part_is_a_sentence() -> None:
    did = (
        happening(1, "t", WINDOW.start_us, Training("prompting", "completed")),
        happening(1, "s", WINDOW.start_us, Contribution("shared", "what I found", "documentation")),
    )
    dear = UsageDay(1, DAYS[3], lane=Lane.EXPLORATION, cost_nanousd=20 * 10**9 + 1)
    assert [part.text for part in entry(company(*CURIOUS, did=did, spent=(dear,))).components] == [
        "2 use cases tried (1 day over the sandbox budget not counted).",
        "2 models tried.",
        "Experiments on 3 days.",
        "1 training module completed.",
        "1 finding shared.",
    ]


def test_a_day_of_exactly_the_sandbox_budget_counts() -> None:
    full = UsageDay(1, DAYS[2], lane=Lane.EXPLORATION, cost_nanousd=20 * 10**9)
    assert values(company(*CURIOUS, spent=(full,)))["active_days"] == 3


def test_each_further_one_counts_less() -> None:
    def points(count: int) -> float:
        trials = (Trial(1, DAYS[number], "a", f"use {number}") for number in range(count))
        return next(part.points for part in entry(company(*trials)).components if part.name == "use_cases")

    gains = [points(count + 1) - points(count) for count in range(2, 9)]
    assert gains == sorted(gains, reverse=True)
    assert points(20) < 300


def test_a_day_over_the_sandbox_budget_does_not_count() -> None:
    dear = UsageDay(1, DAYS[2], lane=Lane.EXPLORATION, cost_nanousd=20 * 10**9 + 1)
    assert values(company(*CURIOUS, spent=(dear,))) == {
        "use_cases": 1,
        "models": 2,
        "active_days": 2,
        "training": 0,
        "sharing": 0,
    }
    in_production = msgspec.structs.replace(dear, lane=Lane.PRODUCTION)
    assert values(company(*CURIOUS, spent=(in_production,)))["use_cases"] == 2
    (refused, _) = exploration.standings(company(*CURIOUS[1:], spent=(dear,)), Program(), "v").withheld
    assert refused.reason is WithheldReason.TOO_LITTLE_EVIDENCE
    assert "1 day over the sandbox budget of $20.00 did not count." in refused.missing


def test_the_budget_of_a_day_is_one_whatever_the_identities() -> None:
    halves = tuple(
        UsageDay(1, DAYS[2], lane=Lane.EXPLORATION, is_asserted=asserted, cost_nanousd=11 * 10**9)
        for asserted in (True, False)
    )
    assert values(company(*CURIOUS, spent=halves))["use_cases"] == 1


def test_a_confirmed_day_teaches_nothing() -> None:
    evidence = with_flags(company(*CURIOUS), flagged(1, FlagState.CONFIRMED, days=(DAYS[2],)))
    assert values(evidence)["use_cases"] == 1


def test_what_was_learnt_before_the_window_is_past() -> None:
    before = happening(1, "t", WINDOW.start_us - 1, Training("prompting", "completed"))
    assert values(company(*CURIOUS, did=(before,)))["training"] == 0
