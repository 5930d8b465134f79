"""What people share with others: whose an asset is, which reviews count, and who reuses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scoring.events import Contribution
from scoring.evidence import Evidence, Person

_LONGEST_CIRCLE = 5  # as for the flag review_ring: what goes round among more people than that is a community


class Sharing(msgspec.Struct, frozen=True):
    """What a team gave to others: ``reviewed`` assets, and how many colleagues of other teams reused them."""

    reviewed: int = 0
    reusers: int = 0


class Review(msgspec.Struct, frozen=True):
    """``reviewer`` looked at what ``author`` shared."""

    asset: str
    author: int
    reviewer: int


def shared_by_team(evidence: Evidence) -> dict[str, Sharing]:
    """What each team shared with effect.

    An asset counts once a colleague has reviewed it whose review counts (``counting_reviews``). Reuse counts in the
    window, once a colleague, and only by people of other teams.
    """
    people = {person.id: person for person in evidence.people}
    reuses = [
        (one.asset, person_id)
        for person_id, time_us, one in _contributions(evidence, "reused")
        if time_us >= evidence.window.start_us
    ]
    reviewed = {review.asset: review.author for review in counting_reviews(evidence)}
    return _by_team(people, reviewed, reuses)


def counting_reviews(evidence: Evidence) -> tuple[Review, ...]:
    """The reviews that may count in somebody's favour, oldest first.

    Those of people who are neither the author nor in the author's line of reports, and that were not traded in a circle.
    """
    people = {person.id: person for person in evidence.people}
    authors = authors_of(evidence)
    reviews = [
        Review(one.asset, authors[one.asset], person_id)
        for person_id, _, one in _contributions(evidence, "reviewed")
        if one.asset in authors
    ]
    given = given_to((one.reviewer, one.author) for one in reviews)
    got = {author for authors_helped in given.values() for author in authors_helped}
    traded = {
        (reviewer, author)
        for reviewer, helped in given.items()
        if reviewer in got
        for author in helped
        if is_traded(given, reviewer, author)
    }
    return tuple(
        one
        for one in reviews
        if (one.reviewer, one.author) not in traded and is_outside(one.reviewer, one.author, people)
    )


def given_to(reviews: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """Whose work each reviewer looked at, of reviewers with authors; their own left out."""
    given: dict[int, set[int]] = {}
    for reviewer, author in reviews:
        if reviewer != author:
            given.setdefault(reviewer, set()).add(author)
    return given


def is_traded(given: Mapping[int, set[int]], reviewer: int, author: int) -> bool:
    """Does the favour come back: do reviews lead from ``author`` to ``reviewer`` again, in a circle of up to five people?

    Who came first does not matter, and neither does whether anybody agreed on it: nobody can see that.
    """
    reached = {author}
    for _ in range(_LONGEST_CIRCLE - 1):
        reached = {other for one in reached for other in given.get(one, ())}
        if reviewer in reached:
            return True
    return False


def authors_of(evidence: Evidence) -> dict[str, int]:
    """Whose each asset is, by the asset's id: the first to share it is its author."""
    authors: dict[str, int] = {}
    for person_id, _, one in _contributions(evidence, "shared"):
        authors.setdefault(one.asset, person_id)
    return authors


def is_outside(reviewer: int, author: int, people: Mapping[int, Person]) -> bool:
    """Is ``reviewer`` neither ``author`` nor in the author's line of reports?"""
    seen: set[int] = set()
    above: int | None = reviewer
    while above is not None and above not in seen:
        if above == author:
            return False
        seen.add(above)
        above = people[above].manager_id if above in people else None
    return True


def _contributions(evidence: Evidence, action: str) -> list[tuple[int, int, Contribution]]:
    """Person, moment and fact of each contribution of ``action`` by somebody known, oldest first."""
    known = {person.id for person in evidence.people}
    found = [
        (one, one.fact)
        for one in evidence.happenings
        if isinstance(one.fact, Contribution) and one.fact.action == action and one.person_id in known
    ]
    found.sort(key=lambda pair: (pair[0].time_us, pair[0].key))
    return [(one.person_id, one.time_us, fact) for one, fact in found]


def _by_team(
    people: Mapping[int, Person], authors: Mapping[str, int], reuses: Sequence[tuple[str, int]]
) -> dict[str, Sharing]:
    assets: dict[str, set[str]] = {}
    reusers: dict[str, set[int]] = {}
    for asset, author in authors.items():
        assets.setdefault(people[author].team, set()).add(asset)
    for asset, reuser in reuses:
        if asset in authors and people[reuser].team != people[authors[asset]].team:
            reusers.setdefault(people[authors[asset]].team, set()).add(reuser)
    return {team: Sharing(len(shared), len(reusers.get(team, ()))) for team, shared in assets.items()}
