"""The team board by example: who is ranked, and what each part of a team's score says."""

from __future__ import annotations

import msgspec
import pytest

from scoring.boards import outcome, team
from scoring.events import Contribution
from scoring.evidence import Evidence, Person
from scoring.program import Boards, Program, TeamBoard, TeamWeights
from scoring.standings import Component, Standings, WithheldReason
from tests.scoring.boards.test_outcome import company
from tests.scoring.companies import WINDOW, flagged, happening, with_flags, with_happenings

FIRST = WINDOW.start_us
REVIEWER, FRIEND = 90, 91
SHARED = (
    happening(0, "s", FIRST, Contribution("shared", "guide", "tool")),
    happening(REVIEWER, "r", FIRST + 1, Contribution("reviewed", "guide")),
)


def players(*idle: Person, size: int = 3, shared: bool = True) -> Evidence:
    """Team red of ``size`` at work, each for more dollars than the one before, and ``idle`` people beside them."""
    evidence = company(*(float(dollars) for dollars in range(1, size + 1)))
    people = (*(Person(one, team="red") for one in range(size)), *idle, Person(REVIEWER), Person(FRIEND, team="blue"))
    evidence = msgspec.structs.replace(evidence, people=people)
    return with_happenings(evidence, *SHARED) if shared else evidence


def standings(evidence: Evidence, program: Program | None = None) -> Standings:
    return team.standings(evidence, program or Program(), "v1")


def parts(evidence: Evidence, program: Program | None = None) -> dict[str, Component]:
    (entry,) = standings(evidence, program).entries
    return {one.name: one for one in entry.components}


def missing(evidence: Evidence) -> dict[str | None, tuple[str, ...]]:
    return {one.team: one.missing for one in standings(evidence).withheld}


def test_the_smallest_team_that_is_ranked_has_three_members() -> None:
    assert [entry.team for entry in standings(players(size=3)).entries] == ["red"]
    assert missing(players(size=2))["red"] == ("A team needs 3 members who take part; this one has 2.",)


def test_members_who_do_not_take_part_are_none() -> None:
    guest, gone = Person(80, team="red", is_in_cohort=False), Person(81, team="red", is_opted_out=True)
    assert missing(players(guest, gone, size=2))["red"] == ("A team needs 3 members who take part; this one has 2.",)
    assert parts(players(guest, gone))["participation"].value == 1


def test_a_team_without_a_score_or_without_anything_reviewed_is_told_both() -> None:
    idle = tuple(Person(number, team="idle") for number in range(80, 83))
    told = missing(players(*idle, shared=False))
    assert told["idle"][0] == "No member has enough accepted work for a score yet."
    assert told["idle"][1] == told["red"][0]
    assert told["red"] == (
        "Share something that others can use (a prompt template, a page, a tool) and have it reviewed by a colleague "
        "who does not report to its author.",
    )
    assert {one.reason for one in standings(players(*idle, shared=False)).withheld} == {
        WithheldReason.TOO_LITTLE_EVIDENCE
    }


def test_each_part_says_its_figures_and_they_make_the_score() -> None:
    evidence = players(Person(80, team="red"))
    reused = happening(FRIEND, "u", FIRST + 2, Contribution("reused", "guide"))
    found = parts(with_happenings(evidence, reused))
    middle = found["results"].value or 0
    assert (found["results"].unit, found["results"].samples, found["results"].max_points) == ("points", 3, 800)
    assert found["results"].placement == middle / 1000
    assert found["results"].points == pytest.approx(0.8 * middle, abs=0.001)
    assert found["results"].text == (
        f"The member in the middle scores {middle:.0f} on the outcome board (3 members with enough accepted work)."
    )
    riders = found["participation"]
    assert (riders.value, riders.unit, riders.samples, riders.max_points) == (0.75, "share of members", 4, 0)
    assert (riders.placement, riders.points) == (0.75, pytest.approx(-0.2 * middle, abs=0.001))
    assert riders.text == "3 of 4 members have enough accepted work; the results count by that share."
    shared = found["collaboration"]
    assert (shared.value, shared.unit, shared.samples, shared.max_points) == (0.25, "reusers per member", 2, 200)
    assert shared.placement == 1 - 0.25**0.25
    assert shared.points == pytest.approx(200 * (1 - 0.25**0.25), abs=0.001)
    assert shared.text == "1 asset shared and reviewed, reused by 1 colleague of other teams."


@pytest.mark.parametrize(("provisional", "expected"), [(0, False), (2, False), (3, True)])
def test_a_team_is_provisional_where_more_than_half_of_its_scores_are(provisional: int, expected: bool) -> None:
    evidence = players(size=4)
    outcomes = outcome.standings(evidence, Program(), "v1")
    entries = tuple(
        msgspec.structs.replace(entry, is_provisional=number < provisional)
        for number, entry in enumerate(outcomes.entries)
    )
    (entry,) = team.standings_by(msgspec.structs.replace(outcomes, entries=entries), evidence, Program()).entries
    assert entry.is_provisional is expected


def test_weights_share_a_thousand_points() -> None:
    program = Program(boards=Boards(team=TeamBoard(weights=TeamWeights(results=1, collaboration=3))))
    assert [one.max_points for one in parts(players(), program).values()] == [250, 0, 750]


def test_points_have_three_decimals() -> None:
    program = Program(boards=Boards(team=TeamBoard(weights=TeamWeights(results=2, collaboration=1))))
    assert [one.max_points for one in parts(players(), program).values()] == [666.667, 0, 333.333]


def test_what_free_riders_cost_has_three_decimals_too() -> None:
    riders = parts(
        players(Person(80, team="red"), Person(81, team="red"), Person(82, team="red"), Person(83, team="red"))
    )
    assert riders["participation"].value == pytest.approx(3 / 7)
    assert riders["participation"].points == round(riders["participation"].points, 3)


def test_both_parts_rounded_up_would_be_worth_more_than_a_thousand() -> None:
    program = Program(boards=Boards(team=TeamBoard(weights=TeamWeights(results=0.000_001, collaboration=1.999_999))))
    assert [one.max_points for one in parts(players(), program).values()] == [0.001, 0, 999.999]


def test_a_member_under_an_open_flag_takes_part_beside_the_last() -> None:
    evidence = players(size=4)
    by_score = sorted(outcome.standings(evidence, Program(), "v1").entries, key=lambda one: one.score)
    first, last = by_score[-1].person_id, by_score[0].person_id
    assert first is not None
    assert last is not None
    for suspect in (first, last):
        found = parts(with_flags(evidence, flagged(suspect)))
        scores = [one.score for one in by_score if one.person_id != suspect]
        assert found["results"].value == (scores[0] + scores[1]) / 2  # of four: the last twice, and two more
        assert (found["results"].samples, found["participation"].value) == (4, 1)
        assert found["collaboration"] == parts(evidence)["collaboration"]


def test_a_member_under_an_open_flag_with_too_little_work_takes_no_part() -> None:
    idle = Person(80, team="red")
    assert parts(with_flags(players(idle), flagged(80))) == parts(players(idle))
    assert parts(players(idle))["participation"].value == 0.75


def test_nothing_lost_is_a_plain_zero() -> None:
    assert str(parts(players())["participation"].points) == "0.0"


def test_what_would_help_a_team_most() -> None:
    def step(evidence: Evidence) -> str:
        return standings(evidence).entries[0].next_step

    riders = Person(80, team="red"), Person(81, team="red")
    friends = tuple(Person(number, team="blue") for number in range(70, 72))
    reuse = [happening(one.id, f"u{one.id}", FIRST + 2, Contribution("reused", "guide")) for one in friends]
    assert step(players(*riders)).startswith("Help the members who have no score yet")  # three of five
    assert step(players(riders[0])).startswith("Show another team")  # three of four are enough
    assert step(with_happenings(players(*friends), *reuse)).startswith("Share what works in your best tasks")
    # One reuser for every two members is half of the credit, and enough.
    assert step(with_happenings(players(*friends, size=4), *reuse)).startswith("Share what works in your best tasks")


def test_the_middle_of_three_scores_is_less_sure_than_their_mean() -> None:
    """By the square root of pi / 2 for normal errors; of two, the middle is the mean."""
    evidence = players()
    (entry,) = standings(evidence).entries
    errors = [one.standard_error for one in outcome.standings(evidence, Program(), "v1").entries]
    mean = sum(error**2 for error in errors) ** 0.5 / 3
    assert entry.standard_error == pytest.approx(0.8 * (3.141592653589793 / 2) ** 0.5 * mean, rel=1e-5)


def test_the_middle_of_two_scores_is_as_sure_as_their_mean() -> None:
    """Two of three members have a score: their mean counts by that share."""
    evidence = players(Person(80, team="red"), size=2)
    (entry,) = standings(evidence).entries
    errors = [one.standard_error for one in outcome.standings(evidence, Program(), "v1").entries]
    mean = sum(error**2 for error in errors) ** 0.5 / 2
    assert entry.standard_error == pytest.approx(0.8 * 2 / 3 * mean, rel=1e-4)


def test_the_board_says_which_it_is_and_by_which_rules() -> None:
    found = standings(players())
    assert (found.board, found.window, found.program_version) == ("team", WINDOW, "v1")


def test_points_are_rounded_to_three_places_and_the_error_shrinks_with_the_share_of_members() -> None:
    program = Program(boards=Boards(team=TeamBoard(weights=TeamWeights(results=2, collaboration=1))))
    whole, half = players(), players(*(Person(one, team="red") for one in (50, 51, 52)))
    (all_ranked,), (some,) = standings(whole, program).entries, standings(half, program).entries
    assert some.standard_error == pytest.approx(all_ranked.standard_error / 2, abs=0.001)
    for entry in (all_ranked, some):
        assert [round(one.points, 3) for one in entry.components] == [one.points for one in entry.components]
    reused = happening(FRIEND, "u", FIRST + 2, Contribution("reused", "guide"))
    collaboration = parts(with_happenings(whole, reused), program)["collaboration"]
    assert collaboration.points == 123.346  # a third of a thousand times 1 - 0.25 ** (1 / 3)
