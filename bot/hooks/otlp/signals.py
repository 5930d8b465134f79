"""What the OTLP door reads of an export, the same for protobuf and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum, IntEnum
from typing import TypeAlias

import msgspec

from bot.limits import EVENTS

Value: TypeAlias = str | int | float | bool
"""The value of an attribute that is read. Lists, maps and bytes are not: they are no names and no figures."""

Attributes: TypeAlias = Mapping[str, Value]

_SPAN_ID = re.compile("[0-9a-fA-F]{16}")


class TooMany(ValueError):
    """More points or records than one request may hold."""


class TooDeep(ValueError):
    """A value within a value, more often than anybody needs."""

    LIMIT = 16

    def __init__(self) -> None:
        super().__init__(f"attributes: nested deeper than {self.LIMIT}")


def within_limit(size: int, what: str) -> None:
    """Raises ``TooMany`` for more than a request may hold."""
    if size > EVENTS:
        raise TooMany(f"body: {size:,} {what}; a request may hold {EVENTS:,}")


def folded(nested: object) -> str:
    """A list, map or bytes as one text. It begins with NUL, so that nobody takes it for a name."""
    return f"\0{nested!r}"


def resource_of(pairs: Sequence[tuple[str, Value]], wanted: Collection[str]) -> Resource:
    """The resource with the attributes ``pairs``, of which those ``wanted`` are read."""
    attributes = {name: value for name, value in pairs if name in wanted}
    return Resource(str(attributes.get("service.name", "")), attributes, identity_of(pairs))


def identity_of(pairs: Iterable[tuple[str, Value]]) -> str:
    """One text for attributes in whatever order, another one for others."""
    return "\1".join(sorted(f"{name}\0{value!r}" for name, value in pairs))


def span_id(digits: str) -> str:
    """The id in lower case; "" for what is none: 16 hexadecimal digits, not all of them 0."""
    return digits.lower() if _SPAN_ID.fullmatch(digits) and digits.strip("0") else ""


class Shape(Enum):
    """The kinds of metric, as far as they differ for those who add them up."""

    SUM = "a sum"
    HISTOGRAM = "a histogram"
    OTHER = "a gauge or a summary"


class Temporality(IntEnum):
    """``AggregationTemporality`` of the protocol."""

    UNSPECIFIED = 0
    DELTA = 1
    CUMULATIVE = 2


class Point(msgspec.Struct, gc=False):
    """A data point. ``pairs`` are its attributes, names and values by turns, all but the one that was set apart,
    which is ``kind``. ``value`` is None where nothing was recorded; for a histogram it is the sum.
    """

    pairs: tuple[Value, ...]
    kind: str
    start_ns: int
    time_ns: int
    value: float | None


class Resource(msgspec.Struct, frozen=True, gc=False):
    """Who sends: the attributes that are read, and all of them as one text that tells resources apart."""

    service: str
    attributes: Attributes
    identity: str


class Metric(msgspec.Struct, frozen=True, gc=False):
    """A metric with ``size`` points. ``points(name)`` reads them, with the attribute ``name`` set apart.

    A point that cannot be read comes as the reason why.
    """

    resource: Resource
    scope: str
    name: str
    shape: Shape
    temporality: int
    is_monotonic: bool
    size: int
    points: Callable[[str], Iterator[Point | str]]


class LogRecord(msgspec.Struct, frozen=True, gc=False):
    """A log record. ``name`` is what it calls its event. A fault says why it cannot be read."""

    resource: Resource
    scope: str
    name: str
    time_ns: int
    attributes: Attributes
    fault: str = ""


class Span(msgspec.Struct, frozen=True, gc=False):
    """A span. ``id`` is its span id in hexadecimal digits, "" where it has none that can be."""

    resource: Resource
    scope: str
    name: str
    id: str
    start_ns: int
    end_ns: int
    is_error: bool
    attributes: Attributes
    fault: str = ""
