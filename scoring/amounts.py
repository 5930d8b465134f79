"""How amounts of money and tokens are said."""

from __future__ import annotations

from scoring.wording import money

_NANOUSD = 1_000_000_000


def in_dollars(nanousd: int) -> str:
    """``$12.34``; below ten cents with four decimals."""
    return money(nanousd / _NANOUSD)


def in_tokens(tokens: int) -> str:
    """``1 token``, ``1,234 tokens``."""
    return "1 token" if tokens == 1 else f"{tokens:,} tokens"


def said(amount: int, *, is_in_dollars: bool) -> str:
    """An amount of nano-dollars or tokens."""
    return in_dollars(amount) if is_in_dollars else in_tokens(amount)


def plain(amount: int, *, is_in_dollars: bool) -> float:
    """In dollars or tokens, as JSON shows it."""
    return amount / _NANOUSD if is_in_dollars else float(amount)
