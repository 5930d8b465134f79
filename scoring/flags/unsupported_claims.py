"""Outcomes that are claimed without usage or review to show for them, while peers' outcomes have theirs; or with their usage in
the exploration lane, where it is no cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import chain, islice

import msgspec

from scoring.events import Outcome
from scoring.evidence import Happening
from scoring.flag import Flag, FlagKind
from scoring.flags.facts import FlagFacts
from scoring.flags.flagged import flagged_happenings
from scoring.flags.past import claims
from scoring.others import Others
from scoring.wording import percent

_LEAST_PEERS = 4
_USUAL = 0.7  # of peers' outcomes have usage to show: only then does its absence say anything
_LEAST_SHARE = 0.4
_BUSY = 1.8  # times as many outcomes as peers have
_REAL = 0.5  # of what peers get done stands beside them: somebody who mostly works without AI has less
_VERY_BUSY = 2.5  # times as many outcomes as peers have say enough
_UNREVIEWED_SHARE = 0.5
_THIN = 0.25  # of what peers' outcomes cost in the middle: so little usage cannot stand for so many
_RARE = 0.2  # of peers' outcomes have usage in the exploration lane at most: only then is it odd
_LEAD = timedelta(days=1)
_MOST_LEAD = timedelta(days=28)


class _Claims(msgspec.Struct, frozen=True):
    """A person's outcomes in the window, and which of them have no usage; ``unreviewed`` those that nobody judged either.

    ``usd_each`` is what an outcome cost; ``is_tied``: the person's usage names tasks; ``explored`` have usage in the
    exploration lane.
    """

    person_id: int
    every: tuple[Happening, ...]
    unsupported: tuple[Happening, ...]
    unreviewed: tuple[Happening, ...]
    usd_each: float
    is_tied: bool
    reviewed_share: float
    explored: tuple[Happening, ...]

    @property
    def supported_share(self) -> float:
        return 1 - len(self.unsupported) / len(self.every)

    @property
    def explored_share(self) -> float:
        return len(self.explored) / len(self.every)


class _Peers(msgspec.Struct, frozen=True):
    """What is usual in a group: the share with usage, the share that somebody reviewed, how many outcomes, what one cost, and
    the share with usage in the exploration lane."""

    supported_share: Others
    reviewed_share: Others
    outcomes: Others
    usd_each: Others
    explored_share: Others


def unsupported_claims(facts: FlagFacts) -> Iterator[Flag]:
    """Whoever claims ``flags.claims`` outcomes and more without usage, when peers' have it: either nobody reviewed them,
    or they come on top of as much as peers get done; or so many that their usage is spread very thin. Else whoever has that
    usage in the exploration lane, when peers have not."""
    tied = {person_id for person_id, _ in facts.traces.tasks_seen}
    for group in facts.groups:
        every = (_claims_of(facts, one, is_tied=one in tied) for one in group.peers)
        found = [one for one in every if one is not None]
        peers = _Peers(
            Others(one.supported_share for one in found),
            Others(one.reviewed_share for one in found),
            Others(len(one.every) for one in found),
            Others(one.usd_each for one in found),
            Others(one.explored_share for one in found),
        )
        for one in found:
            if one.person_id in group.members:
                yield from islice(chain(_flag(facts, one, peers), _in_wrong_lane(facts, one, peers)), 1)


def _claims_of(facts: FlagFacts, person_id: int, *, is_tied: bool) -> _Claims | None:
    """None for somebody without outcomes."""
    every = claims(facts, person_id)
    if not every:
        return None
    is_supported = (
        partial(_is_named, facts) if is_tied else partial(_is_beside_usage, facts, _days_of_usage(facts, person_id))
    )
    unsupported = tuple(one for one in every if not is_supported(one))
    return _Claims(
        person_id,
        tuple(every),
        unsupported,
        unreviewed=tuple(one for one in unsupported if not _is_reviewed(one)),
        usd_each=facts.spent_in_window.get(person_id, 0.0) / len(every),
        is_tied=is_tied,
        reviewed_share=sum(map(_is_reviewed, every)) / len(every),
        explored=tuple(one for one in every if _is_in(one, facts.traces.tasks_explored)),
    )


def _days_of_usage(facts: FlagFacts, person_id: int) -> set[date]:
    """The days on which a person used anything, asserted or not: in one's favour that counts as well."""
    return set(map(date.fromordinal, facts.traces.day_usage.of(person_id).days.tolist()))


def _is_named(facts: FlagFacts, one: Happening) -> bool:
    """Is there usage that names the task?"""
    return _is_in(one, facts.traces.tasks_seen)


def _is_in(one: Happening, tasks: Collection[tuple[int, str]]) -> bool:
    return isinstance(one.fact, Outcome) and (one.person_id, one.fact.task) in tasks


def _is_beside_usage(facts: FlagFacts, days: Collection[date], one: Happening) -> bool:
    """Is there any usage in its time?"""
    end = facts.day_of(one.time_us)
    started_us = one.fact.started_us if isinstance(one.fact, Outcome) else None
    start = end if started_us is None else max(facts.day_of(started_us), end - _MOST_LEAD)
    return any(start - _LEAD <= day <= end for day in days)


def _is_reviewed(one: Happening) -> bool:
    fact = one.fact
    return isinstance(fact, Outcome) and (
        fact.is_accepted is not None or fact.quality is not None or fact.edit_distance is not None
    )


def _flag(facts: FlagFacts, one: _Claims, peers: _Peers) -> Iterator[Flag]:
    if len(peers.outcomes) < _LEAST_PEERS:
        return
    usual = peers.supported_share.median(one.supported_share)
    if usual < _USUAL:
        return
    middle, each = peers.outcomes.median(len(one.every)), peers.usd_each.median(one.usd_each)
    is_review_usual = peers.reviewed_share.median(one.reviewed_share) >= _USUAL
    claimed = _claimed(facts.rules.claims, one, middle, is_review_usual=is_review_usual) or _thin(
        facts.rules.claims, one, each, middle
    )
    if not claimed:
        return
    times = len(one.every) / middle
    unreviewed = f"; {len(one.unreviewed)} of them have no review either" if one.unreviewed else ""
    yield flagged_happenings(
        one.person_id,
        FlagKind.UNSUPPORTED_CLAIMS,
        claimed,
        len(claimed) / facts.rules.claims,
        evidence={
            "outcomes": len(one.every),
            "without_usage": len(one.unsupported),
            "without_usage_or_review": len(one.unreviewed),
            "usd_each": round(one.usd_each, 4),
            "peers_usd_each": round(each, 4),
            "peers_with_usage_share": round(usual, 2),
            "times_as_many_as_peers": round(times, 1),
            "limit_outcomes": facts.rules.claims,
        },
        text=f"{len(claimed)} of {len(one.every)} outcomes have little or no usage to show, as {percent(usual)} of peers' "
        f"have in the middle{unreviewed}. They are {times:.1f} times as many as peers have.",
    )


def _in_wrong_lane(facts: FlagFacts, one: _Claims, peers: _Peers) -> Iterator[Flag]:
    """Production work whose usage stands in the exploration lane, as hardly any of peers' does."""
    if len(peers.outcomes) < _LEAST_PEERS or len(one.explored) < facts.rules.claims:
        return
    usual = peers.explored_share.median(one.explored_share)
    if one.explored_share < _LEAST_SHARE or usual > _RARE:
        return
    yield flagged_happenings(
        one.person_id,
        FlagKind.UNSUPPORTED_CLAIMS,
        one.explored,
        len(one.explored) / facts.rules.claims,
        evidence={
            "outcomes": len(one.every),
            "in_exploration": len(one.explored),
            "peers_in_exploration_share": round(usual, 2),
            "limit_outcomes": facts.rules.claims,
        },
        text=f"{len(one.explored)} of {len(one.every)} outcomes have usage in the exploration lane, where it is no cost of "
        f"theirs; {percent(usual)} of peers' have in the middle.",
    )


def _claimed(limit: int, one: _Claims, middle: float, *, is_review_usual: bool) -> tuple[Happening, ...]:
    """The outcomes without usage, where they are many and nobody reviewed them as is usual, or they come on top of a peer's
    work."""
    if len(one.unsupported) < max(limit, _LEAST_SHARE * len(one.every)):
        return ()
    supported = len(one.every) - len(one.unsupported)
    is_on_top = len(one.every) >= _BUSY * middle and supported >= _REAL * middle
    if is_on_top or len(one.every) >= _VERY_BUSY * middle:
        return one.unsupported
    is_unreviewed = len(one.unreviewed) >= max(limit, _UNREVIEWED_SHARE * len(one.every)) and one.usd_each > 0
    return one.unreviewed if is_unreviewed and is_review_usual else ()


def _thin(limit: int, one: _Claims, each: float, middle: float) -> tuple[Happening, ...]:
    """All outcomes of somebody whose usage names no tasks, where they are very many for very little of it."""
    is_much = len(one.every) >= max(limit, _VERY_BUSY * middle)
    return one.every if not one.is_tied and is_much and one.usd_each < _THIN * each else ()
