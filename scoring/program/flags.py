"""What is looked at twice: one limit for each kind of flag, and how many people must agree."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scoring.flag import FlagKind
from scoring.program.section import Days, Section

_Ratio = Annotated[float, Field(gt=1, le=1000, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=2, le=1_000_000)]


class Flags(Section):
    """Each limit is that of one kind; ``scoring.flags`` says what it is held against.

    ``reviewers``: how many different people must confirm a flag before it is confirmed. ``least_usd``: usage worth less
    is no burn and no spike, whatever it looks like.
    """

    kinds: tuple[FlagKind, ...] = tuple(FlagKind)
    window: Days = 28
    baseline: Days = 56
    reviewers: Literal[1, 2] = 1
    least_usd: float = Field(default=1, ge=0, le=1_000_000, allow_inf_nan=False)
    spike_days: _Ratio = 30
    month_end_days: _Ratio = 8
    repeats: _Count = 20
    idle_ratio: _Ratio = 3
    trivial_ratio: _Ratio = 3
    claims: _Count = 5
    busy_hours: int = Field(default=18, ge=2, le=24)
    mutual_reviews: _Count = 3
