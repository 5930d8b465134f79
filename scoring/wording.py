"""Figures as people write them."""

from __future__ import annotations


def counted(count: float, noun: str) -> str:
    """``1 task``, ``1,400 tasks``, ``1.5 tasks``."""
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"


def percent(share: float) -> str:
    """``42 %`` of a share from 0 to 1."""
    return f"{share * 100:.0f} %"
