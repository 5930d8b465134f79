"""The exploration board by example: what was tried and learnt, each further one for less, within the sandbox budget."""

from __future__ import annotations

import msgspec
import pytest

from scoring.boards import exploration
from scoring.boards.exploration import Learning, learning
from scoring.events import Contribution, Lane, Training
from scoring.evidence import Evidence, Happening, Person, Trial
from scoring.flag import FlagState
from scoring.program import Boards, ExplorationBoard, Program
from scoring.standings import Component, Entry, Withheld, WithheldReason
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


DEAR = UsageDay(1, DAYS[3], lane=Lane.EXPLORATION, cost_nanousd=20 * 10**9 + 1)


def test_each_part_says_all_its_figures() -> None:
    did = (
        happening(1, "t", WINDOW.start_us, Training("prompting", "completed")),
        happening(1, "s", WINDOW.start_us, Contribution("shared", "what I found", "documentation")),
    )
    again = Trial(1, DAYS[2], "b", "tests")
    halves = [pytest.approx(1 - 0.5**power) for power in (2 / 3, 1, 1 / 2, 1 / 2, 1)]
    evidence = company(*CURIOUS, again, did=did, spent=(DEAR,))
    assert entry(evidence).components == (
        Component(
            "use_cases",
            2,
            "use cases",
            4,
            None,
            halves[0],
            111.012,
            300,
            "2 use cases tried (1 day over the sandbox budget not counted).",
        ),
        Component("models", 2, "models", 4, None, halves[1], 75, 150, "2 models tried."),
        Component("active_days", 3, "active days", 4, None, halves[2], 58.579, 200, "Experiments on 3 days."),
        Component("training", 1, "training", 1, None, halves[3], 58.579, 200, "1 training module completed."),
        Component("sharing", 1, "sharing", 1, None, halves[4], 75, 150, "1 finding shared."),
    )
    assert entry(company(*CURIOUS)).components[0].text == "2 use cases tried."
    found = exploration.standings(evidence, Program(), "v")
    assert (found.board, found.window, found.program_version) == ("exploration", WINDOW, "v")


@pytest.mark.parametrize(
    ("part", "advice"),
    [
        ("use_cases", "Try AI on a kind of task for which you have not used it yet."),
        ("models", "Give the same task to another model and compare."),
        ("active_days", "Take a quarter of an hour for an experiment on one more day."),
        ("training", "Complete a training module; most take less than an hour."),
        ("sharing", "Write down what you found out, and share it."),
    ],
)
def test_a_part_that_alone_has_weight_makes_the_whole_score(part: str, advice: str) -> None:
    none = {one.name: 0 for one in entry(company(*CURIOUS)).components}
    boards = Boards.model_validate({"exploration": {"weights": {**none, part: 0.5}}})
    (found,) = exploration.standings(company(*CURIOUS), Program(boards=boards), "v").entries
    assert [(one.name, one.max_points) for one in found.components] == [(part, 1000)]
    assert found.next_step == advice


def test_everybody_has_what_they_tried_and_learnt_themselves() -> None:
    cheap = UsageDay(1, DAYS[4], lane=Lane.EXPLORATION, cost_nanousd=1)
    confirmed = flagged(2, FlagState.CONFIRMED, days=(DAYS[5],))
    trials = (
        Trial(1, DAYS[3], "x", "over budget"),
        Trial(2, DAYS[5], "x", "confirmed"),
        Trial(1, DAYS[4], "a", "notes"),
        Trial(1, DAYS[4], "b"),
        Trial(1, DAYS[5], "a", "tests"),
        Trial(2, DAYS[3], "a", "notes"),
    )
    did = (
        happening(1, "1", WINDOW.start_us - 1, Training("earlier", "completed")),
        happening(1, "2", WINDOW.start_us, Training("prompting", "completed")),
        happening(1, "3", WINDOW.start_us, Training("agents", "completed")),
        happening(2, "4", WINDOW.start_us, Training("prompting", "completed")),
        happening(1, "5", WINDOW.start_us, Contribution("reviewed", "theirs")),
        happening(1, "6", WINDOW.start_us, Contribution("shared", "guide", "tool")),
        happening(1, "7", WINDOW.start_us + 1, Contribution("shared", "guide", "tool")),
        happening(1, "8", WINDOW.start_us, Contribution("shared", "prompts", "tool")),
        happening(1, "9", WINDOW.start_us, Contribution("shared", "notes", "tool")),
    )
    spent = DEAR, cheap, msgspec.structs.replace(DEAR, day=DAYS[8])
    evidence = with_flags(company(*trials, did=did, spent=spent), confirmed)
    evidence = msgspec.structs.replace(evidence, people=(*evidence.people, Person(3)))
    assert learning(evidence, ExplorationBoard()) == {
        1: Learning(1, use_cases=2, models=2, active_days=2, trials=3, modules=2, shared=3, days_over_budget=2),
        2: Learning(2, use_cases=1, models=1, active_days=1, trials=1, modules=1),
        3: Learning(3),
    }


def test_who_experimented_too_little_is_told_what_is_missing() -> None:
    dear = msgspec.structs.replace(DEAR, cost_nanousd=1_500 * 10**9)
    program = Program(boards=Boards(exploration=ExplorationBoard(min_active_days=3, sandbox_budget_usd=1_250.5)))
    found = exploration.standings(company(*CURIOUS[:2], spent=(dear,)), program, "v")
    needed = "Experiments on 3 days are needed; {} so far."
    over = "1 day over the sandbox budget of $1,250.50 did not count."
    assert found.withheld == (
        Withheld(1, None, WithheldReason.TOO_LITTLE_EVIDENCE, (needed.format(2), over)),
        Withheld(2, None, WithheldReason.TOO_LITTLE_EVIDENCE, (needed.format(0),)),
    )


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
    dear = msgspec.structs.replace(DEAR, day=DAYS[2])
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
