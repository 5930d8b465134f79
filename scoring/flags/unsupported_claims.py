"""Outcomes that are claimed without usage or review to show for them, while peers' outcomes have theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from statistics import median

import msgspec

from scoring.events import Outcome
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_happenings
from scoring.flags.trivial_tasks import claims
from scoring.peers import Group

_LEAST_PEERS = 4
_USUAL = 0.7  # of peers' outcomes have usage to show: only then does its absence say anything
_LEAST_SHARE = 0.4
_BUSY = 1.8  # times as many outcomes as peers have
_REAL = 0.5  # of what peers get done stands beside them: somebody who mostly works without AI has less
_VERY_BUSY = 2.5  # times as many outcomes as peers have say enough
_UNREVIEWED_SHARE = 0.5
_LEAD = timedelta(days=1)
_MOST_LEAD = timedelta(days=28)


class _Claims(msgspec.Struct, frozen=True):
    """A person's outcomes in the window, and which of them have no usage; ``unreviewed`` those that nobody judged either."""

    person_id: int
    every: tuple[Happening, ...]
    unsupported: tuple[Happening, ...]
    unreviewed: tuple[Happening, ...]
    has_usage: bool

    @property
    def supported_share(self) -> float:
        return 1 - len(self.unsupported) / len(self.every)


def unsupported_claims(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever claims ``flags.claims`` outcomes and more without usage, when peers' have it: either nobody reviewed them,
    or they come on top of as much as peers get done."""
    days = _days_of_usage(facts)
    tied = {person_id for person_id, _ in facts.traces.tasks_seen}
    for group in facts.groups:
        every = [_claims_of(facts, one, days.get(one, set()), is_tied=one in tied) for one in group.peers]
        found = [one for one in every if one.every]
        for one in found:
            if one.person_id in group.members:
                yield from _flag(facts, group, one, [other for other in found if other is not one])


def _days_of_usage(facts: FlagFacts) -> dict[int, set[date]]:
    """The days on which each person used anything, asserted or not: in one's favour that counts as well."""
    usage = facts.traces.day_usage
    found: dict[int, set[date]] = {}
    for person_id, day in zip(usage.person_ids.tolist(), usage.days.tolist(), strict=True):
        found.setdefault(person_id, set()).add(date.fromordinal(day))
    return found


def _claims_of(facts: FlagFacts, person_id: int, days: set[date], *, is_tied: bool) -> _Claims:
    every = claims(facts, person_id)
    unsupported = [one for one in every if not _is_supported(facts, one, days, is_tied=is_tied)]
    unreviewed = [one for one in unsupported if not _is_reviewed(one)]
    return _Claims(person_id, tuple(every), tuple(unsupported), tuple(unreviewed), bool(days))


def _is_supported(facts: FlagFacts, one: Happening, days: set[date], *, is_tied: bool) -> bool:
    """By its own task, where the person's usage names tasks; else by any usage in its time."""
    fact = one.fact
    if not isinstance(fact, Outcome):
        return True
    if is_tied:
        return fact.task is not None and (one.person_id, fact.task) in facts.traces.tasks_seen
    end = facts.day_of(one.time_us)
    start = end if fact.started_us is None else max(facts.day_of(fact.started_us), end - _MOST_LEAD)
    return any(start - _LEAD <= day <= end for day in days)


def _is_reviewed(one: Happening) -> bool:
    fact = one.fact
    return isinstance(fact, Outcome) and (
        fact.is_accepted is not None or fact.quality is not None or fact.edit_distance is not None
    )


def _flag(facts: FlagFacts, group: Group, one: _Claims, peers: Sequence[_Claims]) -> Iterator[Flag]:
    limit = facts.rules.claims
    if len(peers) < _LEAST_PEERS or len(one.unsupported) < limit:
        return
    usual = median(other.supported_share for other in peers)
    share = 1 - one.supported_share
    middle = median(len(other.every) for other in peers)
    times = len(one.every) / middle
    is_on_top = times >= _BUSY and len(one.every) - len(one.unsupported) >= _REAL * middle
    is_too_much = is_on_top or times >= _VERY_BUSY
    if usual < _USUAL or share < _LEAST_SHARE:
        return
    is_unreviewed = len(one.unreviewed) >= max(limit, _UNREVIEWED_SHARE * len(one.every)) and one.has_usage
    if not is_unreviewed and not is_too_much:
        return
    claimed = one.unsupported if is_too_much else one.unreviewed
    yield flagged_happenings(
        one.person_id,
        FlagKind.UNSUPPORTED_CLAIMS,
        claimed,
        len(claimed) / limit,
        evidence={
            "outcomes": len(one.every),
            "without_usage": len(one.unsupported),
            "without_usage_or_review": len(one.unreviewed),
            "peers_with_usage_share": round(usual, 2),
            "times_as_many_as_peers": round(times, 1),
            "limit_outcomes": limit,
        },
        text=f"{len(one.unsupported)} of {len(one.every)} outcomes have no usage to show, {len(one.unreviewed)} of them no "
        f"review either; in the middle {usual:.0%} of peers' outcomes have. That is {times:.1f} times as many outcomes as "
        f"peers have.",
    )
