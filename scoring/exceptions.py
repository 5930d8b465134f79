"""Exceptions: an approved, expiring way past a ceiling."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class ExceptionState(StrEnum):
    """How far a request has got. ``asked_back``: whoever decides wants to know more."""

    ASKED = "asked"
    ASKED_BACK = "asked_back"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_FOLLOWS = {
    ExceptionState.ASKED: {
        ExceptionState.ASKED_BACK,
        ExceptionState.APPROVED,
        ExceptionState.DECLINED,
        ExceptionState.WITHDRAWN,
        ExceptionState.EXPIRED,
    },
    ExceptionState.ASKED_BACK: {
        ExceptionState.ASKED,
        ExceptionState.DECLINED,
        ExceptionState.WITHDRAWN,
        ExceptionState.EXPIRED,
    },
    ExceptionState.APPROVED: {ExceptionState.WITHDRAWN, ExceptionState.EXPIRED},
}


class BudgetException(msgspec.Struct, frozen=True):
    """More room under the budget named ``budget`` for ``subject``, from ``from_us`` until before ``until_us``.

    ``subject`` is a person's id as text, or the name of a team, use case or tier. ``amount`` is in the budget's unit
    (nano-dollars or tokens): the new ceiling where ``is_total``, else what comes on top of it.
    """

    id: int
    budget: str
    subject: str
    amount: int
    is_total: bool
    from_us: int
    until_us: int

    def holds(self, at_us: int) -> bool:
        return self.from_us <= at_us < self.until_us


def may_follow(state: ExceptionState, following: ExceptionState) -> bool:
    """May a request in ``state`` become ``following``? What was declined, withdrawn or has expired stays so."""
    return following in _FOLLOWS.get(state, ())


def raised(limit: int, exceptions: Iterable[BudgetException]) -> int:
    """``limit`` with all ``exceptions`` that hold: the highest new ceiling, and the extra amounts on top. Never lower."""
    held = tuple(exceptions)
    highest = max((limit, *(one.amount for one in held if one.is_total)))
    return highest + sum(one.amount for one in held if not one.is_total)
