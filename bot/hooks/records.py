"""Splits a body into its JSON records while it arrives, so that only the record under way has to be held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol, TypeAlias

import msgspec

Numbered: TypeAlias = tuple[int, bytes]
"""A record as it was sent, with its position in an array or the number of its line."""

_SPACE = b" \t\r\n"
_QUOTE, _COMMA = b'",'
_OPENING = b"[{"

# All up to the next bracket that is in no string; between the elements of the outer array commas count as well. The
# possessive quantifiers keep the time linear. Escapes are blanked before, so a quote always begins or ends a string.
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:"[^"]*+"[^"\[\]{}]*+)*+')
_TO_BRACKET_OR_COMMA = re.compile(rb'[^"\[\]{},]*+(?:"[^"]*+"[^"\[\]{},]*+)*+')


class TooManyBrackets(ValueError):
    """More objects and arrays than are worth the time to skip them."""


class Records(Protocol):
    """A form of body: parts go in as they come, records come out as soon as they are whole."""

    def feed(self, part: bytes) -> Iterator[Numbered]: ...

    def end(self) -> Iterator[Numbered]:
        """What is left, whole or not."""
        ...

    @property
    def fault(self) -> str | None:
        """After the end: what is wrong with the body beside its records."""
        ...

    def place(self, number: int, count: int) -> str:
        """Where the record with this number stands, of ``count`` in all."""
        ...


class ArrayRecords:
    """The elements of a JSON array, split at its commas alone, so that a bad one stays by itself."""

    def __init__(self, most_brackets: int) -> None:
        """Feed it what comes after the opening bracket."""
        self._brackets_left = most_brackets
        self._held: list[bytes] = []
        self._count = 0
        self._depth = 1
        self._is_in_string = False
        self._is_escaped = False  # the next byte, by a backslash at the end of the last part

    def feed(self, part: bytes) -> Iterator[Numbered]:
        """Raises ``TooManyBrackets``."""
        start = 0
        for end in self._ends(part):
            self._held.append(part[start:end])
            start = end + 1
            record = b"".join(self._held).strip(_SPACE)
            self._held.clear()
            if record or self._depth or self._count:  # else the array is empty
                yield self._count, record
                self._count += 1
        self._held.append(part[start:])

    def end(self) -> Iterator[Numbered]:
        left = b"".join(self._held).strip(_SPACE)
        if left and self._depth:
            yield self._count, left

    @property
    def fault(self) -> str | None:
        if self._depth:
            return "not JSON: input data was truncated"
        return "not JSON: trailing characters" if b"".join(self._held).strip(_SPACE) else None

    def place(self, number: int, count: int) -> str:
        return f"[{number}]"

    def _ends(self, part: bytes) -> Iterator[int]:
        """Where in ``part`` elements end: at commas, and at the bracket that closes the array."""
        text, at = self._blanked(part), 0
        if self._is_in_string:
            at = text.find(b'"') + 1
            self._is_in_string = not at
        while self._depth and not self._is_in_string:
            upto = (_TO_BRACKET if self._depth > 1 else _TO_BRACKET_OR_COMMA).match(text, at)
            at = upto.end() if upto else len(text)
            if at == len(text):
                return
            self._is_in_string = text[at] == _QUOTE
            if text[at] == _COMMA:
                yield at
            elif not self._is_in_string:
                self._pass_bracket(text[at])
                if not self._depth:
                    yield at
            at += 1

    def _pass_bracket(self, bracket: int) -> None:
        self._brackets_left -= 1
        if self._brackets_left < 0:
            raise TooManyBrackets
        self._depth += 1 if bracket in _OPENING else -1

    def _blanked(self, part: bytes) -> bytes:
        """``part`` with its escaped backslashes and quotes made invisible."""
        is_escape = self._is_escaped and part.startswith((b"\\", b'"'))
        text = b"_" + part[1:] if is_escape else part
        text = text.replace(rb"\\", b"__").replace(rb"\"", b"__")
        self._is_escaped = text.endswith(b"\\")
        return text


class LineRecords:
    """Lines with an object each, or one object over one or many lines."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._number = 0
        self._is_by_line = False
        self._is_whole = False

    def feed(self, part: bytes) -> Iterator[Numbered]:
        self._held.append(part)
        if self._is_whole or b"\n" not in part:
            return
        lines = b"".join(self._held).split(b"\n")
        for position, line in enumerate(lines[:-1]):
            if not self._is_by_line and line.strip(_SPACE) and not is_object(line):
                # An object over many lines, or a first line that is cut off: the end will show.
                self._is_whole = True
                self._held = [b"\n".join(lines[position:])]
                return
            self._number += 1
            if line.strip(_SPACE):
                self._is_by_line = True
                yield self._number, line
        self._held = lines[-1:]

    def end(self) -> Iterator[Numbered]:
        left = b"".join(self._held)
        lines = left.split(b"\n") if self._is_whole and not is_object(left) else []
        if not any(is_object(line) for line in lines):
            lines = [left]
        for number, line in enumerate(lines, start=self._number + 1):
            if line.strip(_SPACE):
                yield number, line

    @property
    def fault(self) -> str | None:
        return None

    def place(self, number: int, count: int) -> str:
        return "" if count == 1 else f"line {number}"


class _Object(msgspec.Struct):
    """Any object, whatever is in it."""


_object = msgspec.json.Decoder(_Object)


def is_object(json: bytes) -> bool:
    """Is ``json`` an object that can be read to its end?"""
    try:
        _object.decode(json)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
