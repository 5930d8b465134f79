"""Where a figure stands among peers: leave-one-out medians, robust spread, shrinkage and ranks.

Everybody is compared with the others alone. So nobody's own figures move the yardstick that they are measured with,
and a figure that gets worse can never score better.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Figures: TypeAlias = NDArray[np.float64]

# A median absolute deviation times this estimates the standard deviation of a normal distribution
# (Rousseeuw & Croux, "Alternatives to the Median Absolute Deviation", JASA 88, 1993).
_MAD_TO_SD = 1.4826


class Yardsticks(msgspec.Struct, frozen=True):
    """For each figure, the median of those it is compared with and their spread about it; NaN where there are none."""

    medians: Figures
    spreads: Figures


def yardsticks(figures: Figures, is_reference: NDArray[np.bool_]) -> Yardsticks:
    """What each of ``figures`` (all finite) is compared with: the reference figures without its own. O(n log n)."""
    references = figures[is_reference]
    everyone = float(np.median(references)) if len(references) else np.nan
    medians = np.full(len(figures), everyone)
    spreads = np.full(len(figures), _spread(references, everyone))
    medians[is_reference] = without_each = _medians_without_each(references)
    for median in np.unique(without_each[~np.isnan(without_each)]):  # taking one away leaves at most three medians
        deviations = _medians_without_each(np.abs(references - median)) * _MAD_TO_SD
        spreads[is_reference & (medians == median)] = deviations[without_each == median]
    return Yardsticks(medians, spreads)


def medians_of_each(owners: NDArray[np.int64], figures: Figures) -> Figures:
    """For each of ``figures`` the median of all that belong to the same of ``owners``."""
    if not len(figures):
        return figures
    order = np.lexsort([figures, owners])
    _, firsts, places, counts = np.unique(owners[order], return_index=True, return_inverse=True, return_counts=True)
    ordered = figures[order]
    medians = (ordered[firsts + (counts - 1) // 2] + ordered[firsts + counts // 2]) / 2
    found = np.empty(len(figures))
    found[order] = medians[places]
    return found


def _spread(figures: Figures, median: float) -> float:
    return float(np.median(np.abs(figures - median))) * _MAD_TO_SD if len(figures) else np.nan


def shrinkage(samples: Figures, prior_samples: float) -> Figures:
    """How much of a figure's distance from its peers' median counts: n / (n + k), from 0 to 1.

    The posterior mean of a normal mean whose prior weighs as much as ``prior_samples`` observations
    (Gelman et al., "Bayesian Data Analysis", 3rd ed., section 2.5).
    """
    weights = samples + prior_samples
    return np.divide(samples, weights, out=np.zeros_like(weights), where=weights > 0)  # no samples count nothing


def places(points: Figures, figures: Figures, is_reference: NDArray[np.bool_], reaches: Figures) -> Figures:
    """For each of ``points`` the chance to be ahead of one of the others drawn at random, 0 to 1; NaN where there are none.

    The others are the reference ``figures`` but the one at the same position. Who is further behind than ``reaches`` (above
    0) counts as 1, who is further ahead as 0, and in between it rises evenly. O(n log n).

    The probability of superiority (Vargha & Delaney, "A Critique and Improvement of the CL Common Language Effect Size
    Statistics", J. Educational and Behavioral Statistics 25, 2000), with near figures taken for nearly equal.
    """
    references = np.sort(figures[is_reference])
    below = np.searchsorted(references, points - reaches)
    near = np.searchsorted(references, points + reaches) - below
    sums = np.concatenate(([0.0], np.cumsum(references)))
    ahead = below + near / 2 + (near * points - (sums[below + near] - sums[below])) / (2 * reaches)
    own = np.where(is_reference, np.clip(0.5 + (points - figures) / (2 * reaches), 0, 1), 0)
    others = len(references) - is_reference
    shares: Figures = np.divide(ahead - own, others, out=np.full(len(points), np.nan), where=others > 0)
    return shares


def ranks(scores: list[float]) -> list[int]:
    """Rank of each score, 1 = highest; equal scores share the best of their ranks."""
    first_place: dict[float, int] = {}
    for place, score in enumerate(sorted(scores, reverse=True), start=1):
        first_place.setdefault(score, place)
    return [first_place[score] for score in scores]


def percentiles(scores: list[float]) -> list[float]:
    """Share of the others with a lower score, ties counting half, in percent with one decimal; 100 where alone."""
    if len(scores) == 1:
        return [100.0]
    ordered = np.sort(np.array(scores))
    below = np.searchsorted(ordered, scores)
    ties = np.searchsorted(ordered, scores, side="right") - below - 1
    return [round(float(share), 1) for share in 100 * (below + ties / 2) / (len(scores) - 1)]


def _medians_without_each(figures: Figures) -> Figures:
    """The median of all but each figure."""
    others = len(figures) - 1
    if others < 1:
        return np.full(len(figures), np.nan)
    ordered = np.sort(figures)
    position = np.searchsorted(ordered, figures)
    low, high = (others - 1) // 2, others // 2
    medians: Figures = (ordered[low + (position <= low)] + ordered[high + (position <= high)]) / 2
    return medians
