"""Peer groups: whom everybody is compared with."""

from __future__ import annotations

from scoring.evidence import Person
from scoring.peers import Group, peer_groups
from scoring.program import OutcomeBoard


def people(*functions: str) -> list[Person]:
    """People of these functions, the last one first."""
    return [Person(number, function=function) for number, function in enumerate(functions, start=1)][::-1]


SIX = people("sales", "", "legal", "legal", "legal", "")
EVERYBODY = tuple(range(1, 7))


def test_those_of_a_function_are_peers_and_the_rest_is_compared_with_everybody() -> None:
    assert peer_groups(SIX, OutcomeBoard(smallest_peer_group=3)) == (
        Group("The 2 others in legal", frozenset({3, 4, 5}), (3, 4, 5)),
        Group("The 5 others in the cohort", frozenset({1, 2, 6}), EVERYBODY),
    )


def test_who_is_of_no_function_has_no_function_in_common_with_others() -> None:
    assert peer_groups(people("", ""), OutcomeBoard(smallest_peer_group=2)) == (
        Group("The 1 other in the cohort", frozenset({1, 2}), (1, 2)),
    )


def test_a_function_with_one_too_few_is_compared_with_everybody() -> None:
    assert peer_groups(SIX, OutcomeBoard(smallest_peer_group=4)) == (
        Group("The 5 others in the cohort", frozenset(EVERYBODY), EVERYBODY),
    )


def test_functions_that_are_large_enough_leave_nobody_over() -> None:
    assert peer_groups(people("sales", "sales", "legal", "legal"), OutcomeBoard(smallest_peer_group=2)) == (
        Group("The 1 other in legal", frozenset({3, 4}), (3, 4)),
        Group("The 1 other in sales", frozenset({1, 2}), (1, 2)),
    )


def test_where_the_rules_say_so_everybody_is_one_group() -> None:
    assert peer_groups(SIX, OutcomeBoard(peer_group="cohort", smallest_peer_group=2)) == (
        Group("The 5 others in the cohort", frozenset(EVERYBODY), EVERYBODY),
    )


def test_somebody_alone_has_no_others() -> None:
    assert peer_groups([Person(7)], OutcomeBoard()) == (Group("The 0 others in the cohort", frozenset({7}), (7,)),)
