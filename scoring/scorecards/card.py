"""A scorecard: one person's figures in a window, each with its sample size and the same figure of the window before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

Wanted = Literal["more", "less", "new"]
"""``new``: each can be had once, so that fewer than before is no step back."""


class Taken(msgspec.Struct, frozen=True):
    """A figure of one window.

    ``samples`` counts the events behind it. ``wanted``: which way is better; None where neither is.
    """

    name: str
    value: float
    unit: str
    samples: int
    text: str
    wanted: Wanted | None = None


Missing: TypeAlias = str
"""A sentence that stands for a figure that cannot be told, and says what is missing."""


class Figure(msgspec.Struct, frozen=True):
    """A figure with that of the window ``before`` (None = could not be told); ``is_better`` than that, where it differs."""

    name: str
    value: float
    unit: str
    samples: int
    text: str
    before: float | None
    is_better: bool | None


class Scorecard(msgspec.Struct, frozen=True):
    """``missing``: sentences that say which figures cannot be told, and why."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]


def scorecard(name: str, title: str, now: Sequence[Taken | Missing], before: Sequence[Taken | Missing]) -> Scorecard:
    """The card of the figures ``now``, beside those of the same names ``before``."""
    earlier = {one.name: one.value for one in before if isinstance(one, Taken)}
    return Scorecard(
        name,
        title,
        figures=tuple(
            Figure(
                one.name,
                one.value,
                one.unit,
                one.samples,
                one.text,
                before=earlier.get(one.name),
                is_better=_is_better(one.value, earlier.get(one.name), one.wanted),
            )
            for one in now
            if isinstance(one, Taken)
        ),
        missing=tuple(one for one in now if isinstance(one, Missing)),
    )


def _is_better(value: float, before: float | None, wanted: Wanted | None) -> bool | None:
    if wanted is None or before is None or value == before:
        return None
    is_more = value > before
    return {"more": is_more, "less": not is_more, "new": is_more or None}[wanted]
