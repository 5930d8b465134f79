"""Days and amounts as flags say them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date


def on_days(days: Collection[date]) -> str:
    """``On 30 June``, ``On 3 days from 2 to 30 June``."""
    first, last = min(days), max(days)
    if len(days) == 1:
        return f"On {first:%-d %B}"
    begins = f"{first:%-d}" if (first.year, first.month) == (last.year, last.month) else f"{first:%-d %B}"
    return f"On {len(days)} days from {begins} to {last:%-d %B}"


def dollars(amount: float) -> str:
    return f"${amount:,.2f}"
