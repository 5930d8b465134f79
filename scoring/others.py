"""The middle of everybody else: for each of many people, without going through all the others again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


class Others:
    """The values of a group, one a person. 4,000 people would otherwise be compared 16 million times."""

    def __init__(self, values: Iterable[float]) -> None:
        self._values = sorted(values)

    def __len__(self) -> int:
        """How many others there are for each."""
        return len(self._values) - 1

    def median(self, own: float) -> float:
        """The median of all values but one that is ``own``; as ``statistics.median`` gives it. There must be others."""
        gap = bisect_left(self._values, own)
        half, is_odd = divmod(len(self), 2)
        upper = self._values[half + (half >= gap)]
        if is_odd:
            return upper
        return (self._values[half - 1 + (half - 1 >= gap)] + upper) / 2
