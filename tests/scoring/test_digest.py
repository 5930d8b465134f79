"""A digest shows the top, never the bottom, and names only those who may be named."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.boards import board_named
from scoring.digest import BoardSection, BoardWeek, OfficeHours, Place, boards_shown, compose
from scoring.program import Digest, Links, NamedBoards, Privacy, Program
from scoring.standings import Entry, Standings
from scoring.window import Window

WINDOW = Window(0, 1, (date(2026, 5, 4), date(2026, 5, 31)), date(2026, 6, 1))


def board(name: str, scores: list[float]) -> Standings:
    """A board of people 1, 2, … or teams team-1, team-2, … with these scores, best first."""
    entries = tuple(
        Entry(
            rank=number,
            person_id=None if name == "team" else number,
            team=f"team-{number}" if name == "team" else None,
            score=score,
            percentile=50.0,
            is_provisional=False,
            components=(),
        )
        for number, score in enumerate(scores, start=1)
    )
    return Standings(name, WINDOW, "v1", entries, ())


def week(name: str = "outcome", people: int = 20, before: list[float] | None = None) -> BoardWeek:
    return BoardWeek(board(name, [900.0 - n for n in range(people)]), board(name, before or []))


def program(top: int = 5, **privacy: object) -> Program:
    return Program(digest=Digest(top=top), privacy=Privacy(**privacy))


def name(person_id: int) -> str | None:
    """Everybody may be named but person 2."""
    return None if person_id == 2 else f"Person {person_id}"


def section(week: BoardWeek, program: Program) -> BoardSection:
    (only,) = compose(program, "v1", [week], name).sections
    return only


def test_the_first_places_are_shown_and_the_unnamed_stay_unnamed() -> None:
    shown = section(week(), program(top=3))
    assert [(place.rank, place.label) for place in shown.places] == [(1, "Person 1"), (2, None), (3, "Person 3")]
    assert (shown.unnamed, shown.ranked, shown.note) == (1, 20, "")


@given(st.integers(0, 40), st.integers(1, 10), st.sampled_from(["team", "outcome"]))
def test_nobody_of_the_lower_half_is_ever_shown(ranked: int, top: int, name: str) -> None:
    shown = section(week(name, ranked), program(top=top))
    assert len(shown.places) <= top
    assert all(place.rank <= max(1, ranked / 2) for place in shown.places)
    assert bool(shown.places) != bool(shown.note)


@pytest.mark.parametrize(("ranked", "shown"), [(1, 1), (2, 1), (3, 1), (4, 2)])
def test_of_few_teams_the_upper_half_is_shown_and_one_at_least(ranked: int, shown: int) -> None:
    assert len(section(week("team", ranked), program()).places) == shown


def test_where_few_people_have_a_place_none_of_them_is_shown() -> None:
    few = section(week(people=4, before=[100.0] * 4), program(smallest_group=5))
    assert (few.places, few.most_improved) == ((), ())
    assert few.note == "Fewer than 5 people have a place so far, so nobody is named."


def test_few_teams_may_be_shown() -> None:
    assert [place.label for place in section(week("team", people=4), program()).places] == ["team-1", "team-2"]


def test_a_board_without_evidence_says_so_kindly() -> None:
    empty = section(week("team", people=0), program())
    assert empty.note == "No team has enough work behind them for a place yet; places appear as it comes in."


def test_with_names_off_only_teams_are_spoken_of() -> None:
    weeks = [week("team"), week("outcome")]
    assert boards_shown(weeks, program(named_boards=NamedBoards.OFF)) == (weeks[0],)
    assert boards_shown(weeks, program()) == tuple(weeks)


def test_who_improved_most_stands_beside_the_board() -> None:
    risers = section(week(people=10, before=[899.0, 300.0, 400.0, 890.0]), program()).most_improved
    assert [(riser.label, riser.gain) for riser in risers] == [(None, 599.0), ("Person 3", 498.0)]


def test_teams_that_improved_are_named() -> None:
    (riser,) = section(week("team", people=2, before=[500.0]), program()).most_improved
    assert (riser.label, riser.gain) == ("team-1", 400.0)


def test_the_window_and_the_rules_are_named() -> None:
    digest = compose(program(), "v1", [week("team"), week()], name)
    assert (digest.first_day, digest.last_day) == (date(2026, 5, 4), date(2026, 6, 1))
    assert digest.program_version == "v1"


def test_a_board_with_a_window_of_its_own_says_so() -> None:
    short = Window(0, 1, (date(2026, 5, 31),), date(2026, 6, 1))
    teams = msgspec.structs.replace(board("team", [1.0]), window=short)
    digest = compose(program(), "v1", [BoardWeek(teams, teams), week()], name)
    assert (digest.first_day, digest.last_day) == (date(2026, 5, 4), date(2026, 6, 1))
    assert [section.measures.endswith("This board looks at 2 days.") for section in digest.sections] == [True, False]


def test_a_digest_has_the_programs_name_links_and_teachers() -> None:
    links = Links(rules="https://acme.test/rules", training="https://acme.test/courses")
    hours = [OfficeHours("Ada", "prompts", "Tuesdays at 3")]
    digest = compose(Program(name="Acme AI", links=links), "v1", [week()], name, hours)
    assert (digest.program_name, digest.rules_url, digest.training_url) == ("Acme AI", links.rules, links.training)
    assert digest.office_hours == tuple(hours)


def test_a_section_says_which_board_it_is_and_what_it_measures() -> None:
    found = section(week(), program(top=1))
    board = board_named("outcome")
    assert (found.board, found.title, found.measures) == ("outcome", board.title, board.measures)
    assert found.places == (Place(1, "Person 1", 900.0),)


def test_as_many_as_the_smallest_group_are_enough_and_of_three_improvers_three_are_named() -> None:
    before = [898.0 - 100 * number for number in range(5)]
    found = section(
        BoardWeek(board("outcome", [900.0, 899.0, 898.0, 897.0, 896.0]), board("outcome", before)),
        program(smallest_group=5),
    )
    assert (len(found.places), found.note) == (2, "")
    assert [one.gain for one in found.most_improved] == [398.0, 299.0, 200.0]


def test_a_board_of_people_without_evidence_says_so_too_and_is_left_out_beside_one_with_news() -> None:
    assert section(week(people=0), program()).note == (
        "No person has enough work behind them for a place yet; places appear as it comes in."
    )
    both = compose(program(), "v1", [week("team", people=0), week()], name)
    assert [one.board for one in both.sections] == ["outcome"]
    neither = compose(program(), "v1", [week("team", people=0), week(people=0)], name)
    assert [one.board for one in neither.sections] == ["team"]


def test_a_board_with_a_shorter_window_says_how_many_days_it_looks_at() -> None:
    short = Window(0, 1, (date(2026, 5, 31),), date(2026, 6, 1))
    teams = msgspec.structs.replace(board("team", [1.0]), window=short)
    first, second = compose(program(), "v1", [BoardWeek(teams, teams), week()], name).sections
    assert first.measures == f"{board_named('team').measures} This board looks at 2 days."
    assert second.measures == board_named("outcome").measures


@pytest.mark.parametrize("people", [0, 3, 20])
def test_nothing_in_a_digest_speaks_of_tokens_or_money(people: int) -> None:
    digest = compose(program(), "v1", [week("team", people), week("outcome", people)], name)
    assert not re.search(r"token|cost|\$|dollar|usd|nano|spen[dt]", msgspec.json.encode(digest).decode(), re.IGNORECASE)
