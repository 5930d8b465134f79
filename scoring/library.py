"""The library: what people shared lately, who reviewed and used each piece, and what a further review or use would count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from scoring.events import Contribution
from scoring.evidence import Happening, Person
from scoring.sharing import given_to, is_outside, is_traded


class SharedAsset(msgspec.Struct, frozen=True):
    """Something that its author shared, and the others who reviewed and used it."""

    id: str
    kind: str
    title: str
    url: str
    author_id: int
    shared_us: int
    reviewers: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()


class Worth(StrEnum):
    """Whether a review or a use counts on boards, and if not, why."""

    COUNTS = "counts"
    OWN = "own"
    REPORT = "report"  # the author's line of reports
    CIRCLE = "circle"  # the favour would come back
    SAME_TEAM = "same_team"  # of a use


def library_of(contributions: Iterable[Happening]) -> dict[str, SharedAsset]:
    """The assets by id, oldest first; the first to share one is its author."""
    ordered = sorted(contributions, key=lambda one: (one.time_us, one.key))
    said = [(one, one.fact) for one in ordered if isinstance(one.fact, Contribution)]
    found: dict[str, tuple[Happening, Contribution]] = {}
    others: dict[tuple[str, str], set[int]] = {}
    for one, fact in said:
        if fact.action == "shared":
            found.setdefault(fact.asset, (one, fact))
        else:
            others.setdefault((fact.action, fact.asset), set()).add(one.person_id)
    return {
        asset: SharedAsset(
            asset,
            fact.kind or "",
            fact.title or "",
            fact.url or "",
            one.person_id,
            one.time_us,
            reviewers=frozenset(others.get(("reviewed", asset), ())) - {one.person_id},
            users=frozenset(others.get(("reused", asset), ())) - {one.person_id},
        )
        for asset, (one, fact) in found.items()
    }


def worth_of_review(
    library: Mapping[str, SharedAsset], asset: SharedAsset, reviewer: int, people: Mapping[int, Person]
) -> Worth:
    """What a review of ``asset`` by ``reviewer`` counts; ``people`` has at least everybody above the reviewer."""
    if reviewer == asset.author_id:
        return Worth.OWN
    if not is_outside(reviewer, asset.author_id, people):
        return Worth.REPORT
    reviews = ((who, one.author_id) for one in library.values() for who in one.reviewers)
    return Worth.CIRCLE if is_traded(given_to(reviews), reviewer, asset.author_id) else Worth.COUNTS


def worth_of_use(asset: SharedAsset, user: Person, author: Person) -> Worth:
    """What it counts that ``user`` uses ``asset``."""
    if user.id == asset.author_id:
        return Worth.OWN
    return Worth.SAME_TEAM if user.team == author.team else Worth.COUNTS
