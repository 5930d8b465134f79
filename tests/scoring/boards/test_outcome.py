"""The outcome board by example."""

from __future__ import annotations

import msgspec
import pytest

from scoring.boards import outcome
from scoring.events import Lane, Outcome, Policy
from scoring.evidence import ActiveDays, Evidence, LaneUsage, Person
from scoring.program import Boards, OutcomeBoard, OutcomeWeights, Program
from scoring.standings import Standings, WithheldReason
from tests.scoring.companies import BASELINE_START_US, DAY_US, WINDOW, flagged, happening, with_flags, with_happenings


def company(*dollars: float, tasks: int = 10) -> Evidence:
    """People 0, 1, …, each with so many accepted tasks for so many dollars."""
    happenings = [
        happening(
            person,
            f"{person}-{n}",
            WINDOW.start_us + (n + 1) * 2 * DAY_US,
            Outcome("ticket_resolved", task=f"{person}-{n}"),
        )
        for person in range(len(dollars))
        for n in range(tasks)
    ]
    return Evidence(
        WINDOW,
        BASELINE_START_US,
        tuple(Person(person) for person in range(len(dollars))),
        tuple(
            LaneUsage(person, Lane.PRODUCTION, calls=10, tokens=1000, cost_nanousd=int(cost * 10**9))
            for person, cost in enumerate(dollars)
        ),
        tuple(ActiveDays(person, Lane.PRODUCTION, tasks) for person in range(len(dollars))),
        tuple(happenings),
    )


def standings(evidence: Evidence, program: Program | None = None) -> Standings:
    return outcome.standings(evidence, program or Program(), "v1")


def test_the_worked_example_of_docs_scoring() -> None:
    ada = standings(company(1, 2, 4, 8)).entries[0]
    efficiency = next(part for part in ada.components if part.name == "efficiency")
    assert ada.person_id == 0
    assert efficiency.value == pytest.approx(0.10)
    assert efficiency.placement == pytest.approx(0.854, abs=0.0005)


def test_a_good_task_measured_as_poor_counts_half_of_each() -> None:
    """Quality is the mean of acceptance and of what was measured."""
    evidence = company(1)
    fact = Outcome("ticket_resolved", task="poor", quality=0.2)
    measured = with_happenings(evidence, happening(0, "poor", WINDOW.start_us + DAY_US, fact))

    def quality(found: Evidence) -> float | None:
        return next(part.value for part in standings(found).entries[0].components if part.name == "quality")

    assert quality(evidence) == 1
    assert quality(measured) == pytest.approx(0.6)


def errors_of_efficiency(*dollars: float, tasks: int = 10) -> list[float]:
    parts = [part for entry in standings(company(*dollars, tasks=tasks)).entries for part in entry.components]
    return [part.standard_error for part in parts if part.name == "efficiency"]


def test_the_error_of_a_place_shrinks_with_more_tasks() -> None:
    few, many = errors_of_efficiency(1, 2, 4, 8, tasks=3), errors_of_efficiency(1, 2, 4, 8, tasks=13)
    assert all(0 < less < more for less, more in zip(many, few, strict=True))


def test_the_error_of_a_place_is_one_against_how_far_apart_peers_are() -> None:
    near, far = errors_of_efficiency(1, 4, 16, 64), errors_of_efficiency(1, 16, 256, 4096)
    assert near == pytest.approx(far, abs=0.01)


def test_whoever_spends_less_for_the_same_work_stands_first() -> None:
    assert [entry.person_id for entry in standings(company(3, 1, 2)).entries] == [1, 2, 0]


def test_too_few_tasks_are_told_with_what_is_missing() -> None:
    (one, *_) = standings(company(1, 1, tasks=2)).withheld
    assert one.reason is WithheldReason.TOO_LITTLE_EVIDENCE
    assert one.missing == (
        "3 accepted tasks are needed; 2 tasks so far.",
        "Work on 3 days is needed; 2 days so far.",
    )


def test_somebody_alone_is_average_as_there_is_nobody_to_compare_with() -> None:
    (entry,) = standings(company(5)).entries
    assert entry.score == pytest.approx(500, abs=0.01)


def test_weights_that_are_zero_take_a_part_out() -> None:
    weights = OutcomeWeights(efficiency=0, quality=1, cycle_time=0, reliability=0, adoption=0, compliance=0)
    (first, *_) = standings(company(1, 2, 3), Program(boards=Boards(outcome=OutcomeBoard(weights=weights)))).entries
    assert [part.name for part in first.components] == ["quality"]


def test_the_middle_of_few_peers_is_not_told() -> None:
    parts = [part for entry in standings(company(1, 2, 3, 4)).entries for part in entry.components]
    assert all(part.typical is None and "in the middle" not in part.text for part in parts)
    assert any("in the middle" in part.text for part in standings(company(1, 2, 3, 4, 5)).entries[0].components)


def test_whose_rank_waits_stays_a_peer_and_who_takes_no_part_is_none() -> None:
    evidence = company(1, 2, 4, 8, 16, 32, 64, 128)
    people = list(evidence.people)
    people[3], people[4] = Person(3, is_opted_out=True), Person(4, is_in_cohort=False)
    few = [one for one in evidence.happenings if one.person_id != 5 or one.key.endswith((b"-1", b"-2"))]
    severe = happening(1, "v", WINDOW.start_us, Policy("violation", "secrets", "high"))
    evidence = msgspec.structs.replace(evidence, people=tuple(reversed(people)), happenings=(*few, severe))
    found = standings(with_flags(evidence, flagged(2)))
    assert (found.board, found.window, found.program_version) == ("outcome", WINDOW, "v1")
    assert [(one.person_id, one.reason) for one in found.withheld] == [
        (1, WithheldReason.POLICY_HOLD),
        (2, WithheldReason.QUARANTINED),
        (3, WithheldReason.OPTED_OUT),
        (4, WithheldReason.NOT_IN_COHORT),
        (5, WithheldReason.TOO_LITTLE_EVIDENCE),
    ]
    assert [one.person_id for one in found.entries] == [0, 6, 7]
    # The others of the first are 1, 2, 6 and 7.
    assert found.entries[0].components[0].typical == pytest.approx(0.4 * 2**2)
