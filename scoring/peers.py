"""Peer groups: only comparable work is compared."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scoring.evidence import Person
from scoring.program import OutcomeBoard
from scoring.wording import counted


class Group(msgspec.Struct, frozen=True):
    """``members`` are scored against ``peers`` (of whom they are part), both by person id, ``peers`` in order."""

    label: str
    members: frozenset[int]
    peers: tuple[int, ...]


def peer_groups(people: Sequence[Person], rules: OutcomeBoard) -> tuple[Group, ...]:
    """Everybody's group: those of the same function, or the whole cohort where they are too few (or the rules say so)."""
    everyone = tuple(sorted(person.id for person in people))
    if rules.peer_group == "cohort":
        return (_whole(frozenset(everyone), everyone),)
    by_function: dict[str, list[int]] = {}
    for person in people:
        by_function.setdefault(person.function, []).append(person.id)
    groups = []
    too_few: set[int] = set()
    for function, ids in sorted(by_function.items()):
        if function == "" or len(ids) < rules.smallest_peer_group:
            too_few.update(ids)
        else:
            groups.append(Group(_others(ids, function), frozenset(ids), tuple(sorted(ids))))
    if too_few:
        groups.append(_whole(frozenset(too_few), everyone))
    return tuple(groups)


def _whole(members: frozenset[int], everyone: tuple[int, ...]) -> Group:
    return Group(_others(everyone, "the cohort"), members, everyone)


def _others(peers: Sequence[int], where: str) -> str:
    return f"The {counted(len(peers) - 1, 'other')} in {where}"
