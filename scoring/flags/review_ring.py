"""People who review and reuse each other's work in a closed circle; one reciprocal review is collegiality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from scoring.events import Contribution
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_happenings
from scoring.sharing import authors_of

_MOST_MEMBERS = 5  # a larger circle is a team
_LEAST_INSIDE = 0.75  # of what one gives, and of what one gets
_BEYOND_A_PART = 0.1  # more than what stays inside all but one of a team that reviews itself


class _Ties(msgspec.Struct, frozen=True):
    """A person's reviews and reuses: those ``given``, each with the asset's author, and by whom those were that they ``got``."""

    given: list[tuple[int, Happening]]
    got: list[int]

    def inside(self, circle: frozenset[int]) -> tuple[int, int]:
        """How many were given and got within ``circle``."""
        return sum(author in circle for author, _ in self.given), sum(giver in circle for giver in self.got)


def review_rings(facts: FlagFacts) -> Iterator[Flag]:
    """Each member of a circle, all of whom gave and got ``flags.mutual_reviews`` within it and little outside.

    A circle of one reviews itself.
    """
    given = _given(facts)
    for person_id in sorted(facts.players & given.keys()):
        circle = _circle(facts, given, person_id)
        if circle is not None:
            yield _flag(facts, given, person_id, circle)


def _given(facts: FlagFacts) -> dict[int, _Ties]:
    """By person, the reviews and reuses of the window that they gave and got; each person's first of an asset."""
    authors = authors_of(facts.evidence)
    seen: set[tuple[int, str, str]] = set()
    found: dict[int, _Ties] = {}
    contributed = [
        (one, one.fact)
        for one in facts.evidence.happenings
        if isinstance(one.fact, Contribution) and one.fact.action != "shared" and one.fact.asset in authors
    ]
    for one, fact in sorted(contributed, key=lambda pair: (pair[0].time_us, pair[0].key)):
        what = (one.person_id, fact.asset, fact.action)
        if one.time_us >= facts.evidence.window.start_us and what not in seen:
            seen.add(what)
            author = authors[fact.asset]
            found.setdefault(one.person_id, _Ties([], [])).given.append((author, one))
            found.setdefault(author, _Ties([], [])).got.append(one.person_id)
    return found


def _circle(facts: FlagFacts, ties: Mapping[int, _Ties], person_id: int) -> frozenset[int] | None:
    """The smallest closed circle of the person and those with whom they have most to do."""
    mine = ties[person_id]
    count = Counter([author for author, _ in mine.given] + mine.got)
    partners = sorted(count.keys() - {person_id}, key=lambda other: (-count[other], other))
    for circle in (frozenset([person_id, *partners[:others]]) for others in range(_MOST_MEMBERS)):
        if all(_is_inside(ties[one], circle, facts.rules.mutual_reviews) for one in circle):
            return circle
    return None


def _is_inside(ties: _Ties, circle: frozenset[int], least: int) -> bool:
    gave, got = ties.inside(circle)
    share = max(_LEAST_INSIDE, 1 - 1 / len(circle) + _BEYOND_A_PART)
    is_much = gave >= least and got >= least
    return is_much and gave >= share * len(ties.given) and got >= share * len(ties.got)


def _flag(facts: FlagFacts, ties: Mapping[int, _Ties], person_id: int, circle: frozenset[int]) -> Flag:
    mine = ties[person_id]
    gave, got = mine.inside(circle)
    with_whom = "what the same person made" if len(circle) == 1 else f"a circle of {len(circle)}"
    return flagged_happenings(
        person_id,
        FlagKind.REVIEW_RING,
        [one for author, one in mine.given if author in circle],
        min(gave, got) / facts.rules.mutual_reviews,
        evidence={
            "members": len(circle),
            "given_inside": gave,
            "given": len(mine.given),
            "received_inside": got,
            "received": len(mine.got),
            "limit_reviews": facts.rules.mutual_reviews,
        },
        text=f"{gave} of {len(mine.given)} reviews and reuses given, and {got} of {len(mine.got)} received, "
        f"stay within {with_whom}.",
    )
