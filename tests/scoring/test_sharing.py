"""Which reviews count: none that were traded in a circle, whatever the order, and whatever else happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.events import Contribution
from scoring.evidence import Evidence, Happening, Person
from scoring.library import Worth, library_of, worth_of_review, worth_of_use
from scoring.sharing import Sharing, counting_reviews, is_outside, shared_by_team
from tests.scoring.companies import BASELINE_START_US, WINDOW, happening

PEOPLE = tuple(Person(number, team=f"team {number}") for number in range(9))


def shelf(*reviews: tuple[int, int], order: int = 1) -> Evidence:
    """Everybody shared one asset; ``reviews`` says who reviewed whose, one after the other."""
    found = [
        happening(one.id, f"s{one.id}", WINDOW.start_us, Contribution("shared", f"a{one.id}", "tool")) for one in PEOPLE
    ]
    for number, (reviewer, author) in enumerate(reviews[::order]):
        fact = Contribution("reviewed", f"a{author}")
        found.append(happening(reviewer, f"r{reviewer}-{author}", WINDOW.start_us + 1 + number, fact))
        used = Contribution("reused", f"a{author}")
        found.append(happening(reviewer, f"u{reviewer}-{author}", WINDOW.start_us + 1 + number, used))
    return Evidence(WINDOW, BASELINE_START_US, PEOPLE, (), (), tuple(found))


def counted(evidence: Evidence) -> set[tuple[int, int]]:
    return {(one.reviewer, one.author) for one in counting_reviews(evidence)}


edges = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12, unique=True)


@given(size=st.integers(2, 5), more=edges, order=st.sampled_from([1, -1]))
def test_a_circle_of_reviews_counts_for_nobody_in_it(size: int, more: list[tuple[int, int]], order: int) -> None:
    circle = [(one, (one + 1) % size) for one in range(size)]
    alone = shelf(*circle, order=order)
    assert counted(alone) == set()
    assert shared_by_team(alone) == {}
    assert not counted(shelf(*circle, *more, order=order)) & set(circle)


@given(edges, st.tuples(st.integers(0, 8), st.integers(0, 8)))
def test_no_further_review_makes_an_earlier_one_count(
    reviews: list[tuple[int, int]], one_more: tuple[int, int]
) -> None:
    assert counted(shelf(*reviews, one_more)) - {one_more} <= counted(shelf(*reviews))


def test_one_review_from_outside_the_circle_is_enough() -> None:
    evidence = shelf((0, 1), (1, 0), (2, 1))
    assert counted(evidence) == {(2, 1)}
    assert shared_by_team(evidence) == {"team 1": Sharing(reviewed=1, reusers=2)}


def test_what_a_team_shared_is_each_reviewed_asset_and_each_colleague_of_another_team_who_reused_any() -> None:
    people = (Person(0, team="red"), Person(1, team="red"), Person(2, team="blue"), Person(3, team="green"))
    first = WINDOW.start_us

    def said(person_id: int, action: str, asset: str, time_us: int) -> Happening:
        return happening(
            person_id, f"{person_id}{action}{asset}{time_us}", time_us, Contribution(action, asset, "tool")
        )

    happened = (
        said(2, "reused", "unreviewed", first),
        said(3, "reused", "a", first - 1),  # before the window
        said(2, "reused", "a", first),
        said(2, "reused", "b", first),
        said(1, "reused", "a", first),  # of the team itself
        said(3, "reused", "nobody's", first),
        *(said(0, "shared", asset, first - 9) for asset in ("a", "b", "unreviewed")),
        *(said(2, "reviewed", asset, first - 5) for asset in ("a", "b")),
    )
    evidence = Evidence(WINDOW, BASELINE_START_US, people, (), (), happened)
    assert shared_by_team(evidence) == {"red": Sharing(reviewed=2, reusers=1)}


def test_the_author_anywhere_above_the_reviewer_is_no_outsider_and_lines_may_be_circles() -> None:
    people = {1: Person(1, manager_id=2), 2: Person(2, manager_id=3), 3: Person(3, manager_id=2)}
    assert [is_outside(1, author, people) for author in (1, 2, 3, 4)] == [False, False, False, True]
    assert is_outside(9, 1, people)


def test_a_long_way_round_is_a_community() -> None:
    round_six = [(one, (one + 1) % 6) for one in range(6)]
    assert counted(shelf(*round_six)) == set(round_six)


@pytest.mark.parametrize(
    ("reviewer", "worth"), [(1, Worth.OWN), (0, Worth.CIRCLE), (3, Worth.COUNTS), (2, Worth.REPORT), (4, Worth.CIRCLE)]
)
def test_whoever_reviews_is_told_before_what_it_will_count(reviewer: int, worth: Worth) -> None:
    done = shelf((1, 0), (0, 4)).happenings
    library = library_of(done)
    people = {2: Person(2, manager_id=1)}
    assert worth_of_review(library, library["a1"], reviewer, people) is worth


def test_the_library_knows_whose_each_is_and_who_else_looked() -> None:
    done: tuple[Happening, ...] = (*shelf((0, 1), (1, 1), (2, 1)).happenings,)
    again = happening(5, "again", WINDOW.start_us + 9, Contribution("shared", "a1", "tool"))
    asset = library_of([again, *done])["a1"]
    assert (asset.author_id, asset.reviewers, asset.users) == (1, {0, 2}, {0, 2})
    assert (asset.id, asset.kind, asset.title, asset.url) == ("a1", "tool", "", "")
    assert asset.shared_us == WINDOW.start_us


def test_an_asset_of_which_nothing_is_said_has_a_name_alone() -> None:
    (asset,) = library_of([happening(5, "bare", WINDOW.start_us, Contribution("shared", "bare"))]).values()
    assert (asset.kind, asset.title, asset.url, asset.users) == ("", "", "", frozenset())


def test_a_use_by_ones_own_team_counts_for_nothing() -> None:
    asset = library_of(shelf().happenings)["a1"]
    assert worth_of_use(asset, Person(2, team="red"), Person(1, team="red")) is Worth.SAME_TEAM
    assert worth_of_use(asset, Person(2, team="blue"), Person(1, team="red")) is Worth.COUNTS
    assert worth_of_use(asset, Person(1, team="red"), Person(1, team="red")) is Worth.OWN
