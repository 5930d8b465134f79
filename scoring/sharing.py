"""What people share with others: whose an asset is, which reviews count, and who reuses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from scoring.events import Contribution
from scoring.evidence import Evidence, Person


class Sharing(msgspec.Struct, frozen=True):
    """What a team gave to others: ``reviewed`` assets, and how many colleagues of other teams reused them."""

    reviewed: int = 0
    reusers: int = 0


def shared_by_team(evidence: Evidence) -> dict[str, Sharing]:
    """What each team shared with effect.

    An asset counts once a colleague who is neither its author nor in the author's line of reports has reviewed it. Reuse
    counts in the window, once a colleague, and only by people of other teams.
    """
    people = {person.id: person for person in evidence.people}
    authors = authors_of(evidence)
    reviews = [(one.asset, person_id) for person_id, _, one in _contributions(evidence, "reviewed")]
    reuses = [
        (one.asset, person_id)
        for person_id, time_us, one in _contributions(evidence, "reused")
        if time_us >= evidence.window.start_us
    ]
    reviewed = {
        asset: authors[asset]
        for asset, reviewer in reviews
        if asset in authors and is_outside(reviewer, authors[asset], people)
    }
    return _by_team(people, reviewed, reuses)


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
        (one.time_us, one.key, one.person_id, one.fact)
        for one in evidence.happenings
        if isinstance(one.fact, Contribution) and one.fact.action == action and one.person_id in known
    ]
    return [(person_id, time_us, fact) for time_us, _, person_id, fact in sorted(found, key=lambda one: one[:2])]


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
