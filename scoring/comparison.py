"""Where a figure stands among peers: leave-one-out medians, robust spread, shrinkage and ranks.

Everybody is compared with the others alone. So nobody's own figures move the yardstick that they are measured with,
and a figure that gets worse can never score better.
"""

from __future__ import annotations

from math import erf, sqrt
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Figures: TypeAlias = NDArray[np.float64]

# A median absolute deviation times this estimates the standard deviation of a normal distribution
# (Rousseeuw & Croux, "Alternatives to the Median Absolute Deviation", JASA 88, 1993).
_MAD_TO_SD = 1.4826


class Yardsticks(msgspec.Struct, frozen=True):
    """For each figure, the median of the others and their spread about it; NaN where there are no others."""

    medians: Figures
    spreads: Figures


def leave_one_out(figures: Figures) -> Yardsticks:
    """The yardstick of each of ``figures`` (all finite), made from the others. O(n log n)."""
    medians = _medians_without_each(figures)
    spreads = np.full(len(figures), np.nan)
    for median in np.unique(medians[~np.isnan(medians)]):  # taking one away leaves at most three different medians
        at_it = medians == median
        deviations = np.abs(figures - median)
        spreads[at_it] = _medians_without_each(deviations)[at_it] * _MAD_TO_SD
    return Yardsticks(medians, spreads)


def shrinkage(samples: Figures, prior_samples: float) -> Figures:
    """How much of a figure's distance from its peers' median counts: n / (n + k), from 0 to 1.

    The posterior mean of a normal mean whose prior weighs as much as ``prior_samples`` observations
    (Gelman et al., "Bayesian Data Analysis", 3rd ed., section 2.5).
    """
    return np.divide(samples, samples + prior_samples, out=np.zeros_like(samples), where=samples > 0)


def placement(distance: float) -> float:
    """From a distance in robust standard deviations to a place from 0 to 1: the normal distribution's share below."""
    return 0.5 * (1 + erf(distance / sqrt(2)))


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
    below = np.searchsorted(ordered, scores, side="left")
    ties = np.searchsorted(ordered, scores, side="right") - below - 1
    return [round(float(share), 1) for share in 100 * (below + ties / 2) / max(1, len(scores) - 1)]


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
