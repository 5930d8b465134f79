"""The values of OTLP in JSON: numbers that may come as text, and attributes of every type."""

from __future__ import annotations

from math import nan

from bot.hooks.otlp.json_messages import AnyValue, Real, Whole
from bot.hooks.otlp.signals import TooDeep, Value, folded

MOST_64 = 1 << 64


def value_of(held: AnyValue | None) -> Value:
    """A plain value as it is, anything else folded into one text that tells it apart. Raises ``ValueError``."""
    if held is None:
        return folded(None)
    value = plain(held)
    return folded(_nested(held, 1)) if value is None else value


def plain(held: AnyValue) -> Value | None:
    """None where it is a list, a map, bytes or nothing. Raises ``ValueError``."""
    if held.string_value is not None:
        return held.string_value
    if held.int_value is not None:
        return whole(held.int_value, "intValue", lowest=-MOST_64)
    if held.double_value is not None:
        return real(held.double_value)
    return held.bool_value


def _nested(held: AnyValue | None, depth: int) -> object:
    if depth > TooDeep.LIMIT:
        raise TooDeep
    if held is None:
        return None
    if held.array_value is not None:
        return [_nested(one, depth + 1) for one in held.array_value.values or ()]
    if held.kvlist_value is not None:
        return [(one.key or "", _nested(one.value, depth + 1)) for one in held.kvlist_value.values or ()]
    if held.bytes_value is not None:
        return held.bytes_value.encode()
    return plain(held)


def whole(given: Whole, place: str, lowest: int = 0) -> int:
    """A 64-bit number, which may come as text. Raises ``ValueError``."""
    if given is None or given == "":
        return 0
    if isinstance(given, str):
        digits = given.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 21):
            raise ValueError(f"{place}: a whole number is needed")
        given = int(given)
    if given != given or given != given // 1:
        raise ValueError(f"{place}: a whole number is needed")
    if not lowest <= given < MOST_64:
        raise ValueError(f"{place}: a number of 64 bits is needed")
    return int(given)


def real(given: Real) -> float:
    """A number; ``NaN`` and ``Infinity`` come as text. Raises ``ValueError``."""
    try:
        return nan if given is None else float(given)
    except (ValueError, OverflowError):
        raise ValueError("a number is needed") from None
