"""The compliance board by example: clean days, milestones, and no place for mere absence."""

from __future__ import annotations

import pytest

from scoring.boards import compliance
from scoring.boards.compliance import SafeUse, safe_use
from scoring.events import Lane, Policy, Training
from scoring.evidence import ActiveDays, Evidence, Happening, Person
from scoring.program import Boards, Program
from scoring.standings import Component, Standings, Withheld, WithheldReason
from tests.scoring.companies import BASELINE_START_US, DAY_US, WINDOW, flagged, happening, with_flags


def standings(*did: Happening, days: int = 5, **weights: float) -> Standings:
    active = (ActiveDays(1, Lane.EXPLORATION, days), ActiveDays(2, Lane.PRODUCTION, 9))
    evidence = Evidence(WINDOW, BASELINE_START_US, (Person(1), Person(2)), (), active, did)
    boards = Boards.model_validate({"compliance": {"weights": weights}})
    return compliance.standings(evidence, Program(boards=boards), "v")


def points(found: Standings, person_id: int = 1) -> dict[str, float]:
    entry = next(one for one in found.entries if one.person_id == person_id)
    return {part.name: part.points for part in entry.components}


def milestone(name: str, time_us: int = WINDOW.start_us) -> Happening:
    return happening(1, f"m{name}", time_us, Policy("milestone", name))


def violation(days_ago: float, severity: str = "low") -> Happening:
    return happening(
        1, f"v{days_ago}", WINDOW.end_us - int(days_ago * DAY_US), Policy("violation", "secrets", severity)
    )


def test_clean_days_and_milestones_make_the_score() -> None:
    assert points(standings()) == {"clean_streak": 600, "milestones": 0}
    assert points(standings(milestone("a"), milestone("b", 0))) == {"clean_streak": 600, "milestones": 200}


def test_a_violation_begins_the_streak_anew_and_an_old_one_is_past() -> None:
    assert points(standings(violation(7.5)))["clean_streak"] == pytest.approx(600 * 7 / WINDOW.day_count, abs=0.001)
    assert points(standings(violation(7.5), violation(14)))["clean_streak"] == pytest.approx(150, abs=0.001)
    assert points(standings(violation(40)))["clean_streak"] == 600


def texts(found: Standings) -> list[str]:
    return [part.text for part in next(one for one in found.entries if one.person_id == 1).components]


def test_each_part_is_a_sentence() -> None:
    assert texts(standings()) == ["No violation in 28 days.", "0 milestones of safe use reached."]
    assert texts(standings(violation(1.5), milestone("a"))) == [
        "1 day since the last violation.",
        "1 milestone of safe use reached.",
    ]
    assert standings().program_version == "v"


def test_each_part_says_all_its_figures() -> None:
    found = standings(violation(7.5), milestone("a"), milestone("b"), milestone("c"), clean_streak=1, milestones=2)
    first, second = found.entries
    assert first.components == (
        Component("clean_streak", 7, "days", 5, None, 0.25, 83.333, 333.333, "7 days since the last violation."),
        Component(
            "milestones",
            3,
            "milestones",
            3,
            None,
            pytest.approx(1 - 0.5**1.5),
            430.964,
            666.666,
            "3 milestones of safe use reached.",
        ),
    )
    assert first.next_step == "Keep within the rules of safe use; every clean day brings this back."
    assert second.next_step == "Reach the next milestone of safe use; your AI ops team knows which there are."
    assert (found.board, found.window) == ("compliance", WINDOW)


def test_a_part_without_weight_is_left_out() -> None:
    assert points(standings(clean_streak=0.5, milestones=0)) == {"clean_streak": 1000}
    assert points(standings(milestone("a"), milestone("b"), clean_streak=0, milestones=0.5)) == {"milestones": 500}


def test_everybody_has_their_own_violations_milestones_and_active_days() -> None:
    def by(person_id: int, number: int, days_ago: int, fact: Policy | Training) -> Happening:
        return happening(person_id, str(number), WINDOW.end_us - days_ago * DAY_US, fact)

    did = (
        by(1, 1, 1, Training("prompting", "completed")),
        by(1, 2, 3, Policy("violation", "secrets", "low")),
        by(1, 3, 9, Policy("violation", "secrets", "low")),
        by(1, 4, 40, Policy("milestone", "start")),
        by(1, 5, 2, Policy("milestone", "start")),
        by(1, 6, 2, Policy("milestone", "review")),
        by(2, 7, 5, Policy("violation", "licences", "low")),
    )
    active = tuple(
        ActiveDays(person_id, lane, days)
        for person_id, lane, days in (
            (1, Lane.EXPLORATION, 7),
            (1, Lane.PRODUCTION, 4),
            (2, Lane.PRODUCTION, 0),
        )
    )
    people = Person(1), Person(2), Person(3)
    assert safe_use(Evidence(WINDOW, BASELINE_START_US, people, (), active, did)) == {
        1: SafeUse(clean_days=3, violations=2, milestones=2, active_days=7),
        2: SafeUse(clean_days=5, violations=1, milestones=0, active_days=0),
        3: SafeUse(clean_days=28, violations=0, milestones=0, active_days=0),
    }


def test_a_violation_counts_from_the_first_moment_of_the_window_on() -> None:
    def at(time_us: int) -> Happening:
        return happening(1, "v", time_us, Policy("violation", "secrets", "low"))

    assert texts(standings(at(WINDOW.start_us)))[0] == "27 days since the last violation."
    assert texts(standings(at(WINDOW.start_us - 1)))[0] == "No violation in 28 days."


def test_an_open_serious_violation_holds_the_place_back() -> None:
    found = standings(violation(40, "high"))
    assert [(one.person_id, one.reason) for one in found.withheld] == [(1, WithheldReason.POLICY_HOLD)]


def test_who_has_no_place_is_told_in_the_order_of_person() -> None:
    people = Person(3, is_in_cohort=False), Person(1, is_opted_out=True), Person(2)
    held = happening(2, "v", WINDOW.start_us, Policy("violation", "secrets", "high"))
    active = (ActiveDays(2, Lane.PRODUCTION, 9),)
    evidence = Evidence(WINDOW, BASELINE_START_US, people, (), active, (held,))
    found = compliance.standings(with_flags(evidence, flagged(1)), Program(), "v")
    assert [(one.person_id, one.reason) for one in found.withheld] == [
        (1, WithheldReason.OPTED_OUT),
        (2, WithheldReason.POLICY_HOLD),
        (3, WithheldReason.NOT_IN_COHORT),
    ]
    watched = compliance.standings(with_flags(evidence, flagged(2)), Program(), "v")
    assert watched.withheld[1].reason is WithheldReason.QUARANTINED


def test_mere_absence_is_no_safe_use() -> None:
    found = standings(days=4)
    assert found.withheld == (
        Withheld(1, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("Work with AI on 5 days is needed; 4 so far.",)),
    )
