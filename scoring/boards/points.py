"""How many points a part of a score is worth at most."""

from __future__ import annotations

from math import floor

_THOUSANDTHS = 1_000_000  # of the thousand points that there are
_NEARLY = 1e-6  # a thousandth that binary fractions just miss is whole


def most_points(weight: float, total: float) -> float:
    """Of a thousand, by the ``weight`` of a part among the ``total``, in whole thousandths: never more than 1000 together."""
    return floor(_THOUSANDTHS * weight / total + _NEARLY) / 1000
