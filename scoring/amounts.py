"""How amounts of money and tokens are said."""

from __future__ import annotations

from scoring.wording import money

_NANOUSD = 1_000_000_000


def in_dollars(nanousd: int) -> str:
    """``$12.34``; below ten cents with four decimals."""
    return money(nanousd / _NANOUSD)


def said(amount: int, *, is_in_dollars: bool) -> str:
    """An amount of nano-dollars or tokens."""
    if is_in_dollars:
        return in_dollars(amount)
    return "1 token" if amount == 1 else f"{amount:,} tokens"


def plain(amount: int, *, is_in_dollars: bool) -> float:
    """In dollars or tokens, as JSON shows it."""
    return amount / _NANOUSD if is_in_dollars else float(amount)
