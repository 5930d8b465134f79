"""A measured ratio and what it is aimed at."""

from __future__ import annotations

import msgspec


class Ratio(msgspec.Struct, frozen=True):
    """``value`` = ours / yardstick, from interleaved rounds of one run; ``ours`` and ``yardstick`` are for reading."""

    work: str
    ours: str
    yardstick: str
    value: float
    aim: str
