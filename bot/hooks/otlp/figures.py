"""Figures on the wire, which may be whole, real or text, as whole tokens, nano-dollars and milliseconds."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from bot.hooks.decoding import Fault
from bot.hooks.money import nanousd
from bot.hooks.otlp.signals import Value
from bot.hooks.sane import MOST_TOKENS

_LONGEST = 40  # characters of a number


def tokens(value: Value, place: str) -> int:
    """Raises ``Fault`` at ``place`` for what is no number from 0 to a million millions."""
    number = _number(value, place)
    if not isfinite(number) or not 0 <= number <= MOST_TOKENS:
        raise Fault(place, f"a number from 0 to {MOST_TOKENS:,} is needed")
    return round(number)


def nanodollars(value: Value, place: str) -> int:
    """Dollars as nano-dollars, exactly what the shortest decimal of a float says. Raises ``Fault`` at ``place``."""
    if isinstance(value, bool):
        raise Fault(place, "a number is needed")
    try:
        return nanousd(Decimal(value if isinstance(value, str) else repr(value)), place)
    except ArithmeticError as error:
        raise Fault(place, "a number is needed") from error


def milliseconds(value: Value, place: str) -> float:
    """Raises ``Fault`` at ``place`` for what is no length of time."""
    number = _number(value, place)
    if not isfinite(number) or not 0 <= number <= MOST_TOKENS:
        raise Fault(place, "milliseconds are needed")
    return float(number)


def _number(value: Value, place: str) -> float:
    """An int or a float; ints stay exact."""
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) < _LONGEST:
            return int(text)
        try:
            return float(text if len(text) < _LONGEST else "")
        except ValueError:
            raise Fault(place, "a number is needed") from None
    if isinstance(value, bool):
        raise Fault(place, "a number is needed")
    return value
