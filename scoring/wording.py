"""Figures as people write them."""

from __future__ import annotations


def counted(count: float, noun: str) -> str:
    """``1 task``, ``1,400 tasks``, ``1.5 tasks``."""
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"


def percent(share: float) -> str:
    """``42 %`` of a share from 0 to 1."""
    return f"{share * 100:.0f} %"


def money(dollars: float) -> str:
    """``$1,234.50``; four decimals below ten cents."""
    return f"${dollars:,.2f}" if dollars == 0 or dollars >= 0.1 else f"${dollars:.4f}"


def hours(count: float) -> str:
    """``3.5 hours``; from two days on, ``2.1 days``."""
    return f"{count:.1f} hours" if count < 48 else f"{count / 24:.1f} days"
