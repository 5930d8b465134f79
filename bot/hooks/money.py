"""Dollars on the wire to nano-dollars, exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from bot.hooks.decoding import Fault

MOST_DOLLARS = 1_000_000  # for one call
_NANO = Decimal("1e-9")


def nanousd(dollars: Decimal, place: str) -> int:
    """Nano-dollars, rounded half to even. Raises ``Fault`` at ``place`` for an amount that makes no sense."""
    if not dollars.is_finite() or dollars < 0 or dollars > MOST_DOLLARS:
        raise Fault(place, f"an amount from 0 to {MOST_DOLLARS:,} dollars is needed")
    return int(dollars.quantize(_NANO, ROUND_HALF_EVEN).scaleb(9))
