"""The compliance board by example: clean days, milestones, and no place for mere absence."""

from __future__ import annotations

import pytest

from scoring.boards import compliance
from scoring.events import Lane, Policy
from scoring.evidence import ActiveDays, Evidence, Happening, Person
from scoring.program import Program
from scoring.standings import Standings, WithheldReason
from tests.scoring.companies import BASELINE_START_US, DAY_US, WINDOW, happening


def standings(*did: Happening, days: int = 5) -> Standings:
    active = (ActiveDays(1, Lane.EXPLORATION, days), ActiveDays(2, Lane.PRODUCTION, 9))
    evidence = Evidence(WINDOW, BASELINE_START_US, (Person(1), Person(2)), (), active, did)
    return compliance.standings(evidence, Program(), "v")


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


def test_a_violation_counts_from_the_first_moment_of_the_window_on() -> None:
    def at(time_us: int) -> Happening:
        return happening(1, "v", time_us, Policy("violation", "secrets", "low"))

    assert texts(standings(at(WINDOW.start_us)))[0] == "27 days since the last violation."
    assert texts(standings(at(WINDOW.start_us - 1)))[0] == "No violation in 28 days."


def test_an_open_serious_violation_holds_the_place_back() -> None:
    found = standings(violation(40, "high"))
    assert [(one.person_id, one.reason) for one in found.withheld] == [(1, WithheldReason.POLICY_HOLD)]


def test_mere_absence_is_no_safe_use() -> None:
    found = standings(days=4)
    assert [(one.person_id, one.missing) for one in found.withheld] == [
        (1, ("Work with AI on 5 days is needed; 4 so far.",))
    ]
