"""From everybody's components to places: scores, ranks, percentiles, and how sure a place is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, hypot

import msgspec
import numpy as np

from scoring.comparison import percentiles, ranks
from scoring.standings import Component, Entry

# Intervals of this many standard errors that do not overlap differ at about 5 % (Goldstein & Healy, "The Graphical
# Presentation of a Collection of Means", JRSS A 158, 1995). Places as intervals: Goldstein & Spiegelhalter, JRSS A 159, 1996.
_STANDARD_ERRORS = 1.39


class Candidate(msgspec.Struct, frozen=True):
    """A person or team that may be ranked, before it has a place. ``standard_error`` is that of the score, in points."""

    person_id: int | None
    team: str | None
    components: tuple[Component, ...]
    next_step: str
    is_provisional: bool = False
    standard_error: float = 0.0

    @property
    def score(self) -> float:
        return round(fsum(part.points for part in self.components), 3)


def person_candidates(
    person_ids: Sequence[int],
    components: Mapping[int, tuple[Component, ...]],
    advice: Mapping[str, str],
    best: Mapping[str, float],
) -> list[Candidate]:
    """A candidate for each person. ``advice`` says by component what would help, ``best`` where nothing is left to do."""
    return [
        Candidate(
            person_id,
            None,
            parts := components[person_id],
            next_step(parts, advice, best),
            is_provisional(parts),
            hypot(*(part.standard_error for part in parts)),
        )
        for person_id in person_ids
    ]


def place(candidates: Sequence[Candidate]) -> tuple[Entry, ...]:
    """The candidates by rank, equal ones in the order of person or team."""
    scores = [one.score for one in candidates]
    best, worst = _rank_intervals(scores, [one.standard_error for one in candidates])
    rows = zip(candidates, scores, ranks(scores), percentiles(scores), best, worst, strict=True)
    entries = [
        Entry(
            rank=rank,
            person_id=one.person_id,
            team=one.team,
            score=score,
            percentile=percentile,
            is_provisional=one.is_provisional,
            components=one.components,
            next_step=one.next_step,
            standard_error=round(one.standard_error, 3),
            best_rank=highest,
            worst_rank=lowest,
        )
        for one, score, rank, percentile, highest, lowest in rows
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.rank, entry.person_id, entry.team)))


def is_provisional(parts: Sequence[Component]) -> bool:
    """Is over half of the weight unmeasured?"""
    unmeasured = fsum(part.max_points for part in parts if part.value is None and part.samples == 0)
    return unmeasured > fsum(part.max_points for part in parts) / 2


def next_step(parts: Sequence[Component], advice: Mapping[str, str], best: Mapping[str, float]) -> str:
    """The advice for the measured component that has most left to gain, where anything can be done better."""
    measured = [part for part in parts if part.value is not None and part.value != best.get(part.name)]
    if not measured:
        return ""
    return advice[max(measured, key=lambda part: (part.max_points - part.points, part.name)).name]


def _rank_intervals(scores: Sequence[float], standard_errors: Sequence[float]) -> tuple[list[int], list[int]]:
    """The best and the worst place that each may have: those whose intervals lie wholly above come before. O(n log n)."""
    score, reach = np.array(scores), _STANDARD_ERRORS * np.array(standard_errors)
    lows, highs = np.sort(score - reach), np.sort(score + reach)
    surely_above = len(score) - np.searchsorted(lows, score + reach, side="right")
    surely_below = np.searchsorted(highs, score - reach)
    return (1 + surely_above).tolist(), (len(score) - surely_below).tolist()
