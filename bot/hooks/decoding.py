"""From bytes to typed values, with faults that say where they are; nothing of what was sent is repeated in them."""

from __future__ import annotations

import re
from decimal import InvalidOperation
from typing import Any, NoReturn, TypeAlias, TypeVar

import msgspec
from msgspec import inspect

Json: TypeAlias = bytes | msgspec.Raw

_T = TypeVar("_T")

_MISSING = re.compile(r"Object missing required field `(\w+)`")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation, OverflowError, ValueError)

# Escapes in order of what they may hide: an escaped backslash, a whole surrogate pair, half of one.
_HALF_PAIR = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_NO_CHARACTER = "\uffff"

_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"|(-?Infinity|NaN)', re.DOTALL)


class Fault(ValueError):
    """The first thing wrong; ``place`` says where it stands, e.g. ``[3].data.tokens.input``, and ``text`` what it is."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


def decoded(decoder: msgspec.json.Decoder[_T], body: Json, prefix: str, what: str) -> _T:
    """What ``decoder`` makes of ``body``, which stands at ``prefix``, or at the top, where it is called ``what``.

    Raises ``Fault``. Characters that cannot be read become U+FFFF, so that whoever checks the text can name its place.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        _fail(error, decoder, prefix, what)
    except _UNREADABLE as error:
        mended = mend(bytes(body))
        if mended is None:
            raise Fault(prefix or what, _unreadable(error)) from error
    try:
        return decoder.decode(mended)
    except msgspec.ValidationError as error:
        _fail(error, decoder, prefix, what)
    except _UNREADABLE as error:
        raise Fault(prefix or what, _unreadable(error)) from error


def mend(body: bytes) -> bytes | None:
    """``body`` with U+FFFF for halves of surrogate pairs and bytes that are no UTF-8; None where there are none."""
    mended = _HALF_PAIR.sub(lambda match: rb"\uffff" if match[1] else match[0], body)
    text = mended.decode("utf-8", "surrogateescape")
    if not text.isascii():
        mended = re.sub("[\ud800-\udfff]+", _NO_CHARACTER, text).encode()
    return None if mended == body else mended


def without_no_numbers(body: Json) -> bytes | None:
    """``body`` with null for what Python writes as NaN, Infinity and -Infinity, which is no JSON; None without them."""
    given = bytes(body)
    if b"NaN" not in given and b"Infinity" not in given:
        return None
    mended = _NO_NUMBER.sub(lambda match: b"null" if match[1] else match[0], given)
    return None if mended == given else mended


def join(prefix: str, name: str) -> str:
    """The place of ``name`` within ``prefix``."""
    if not prefix or not name:
        return prefix or name
    return f"{prefix}{name}" if name.startswith("[") else f"{prefix}.{name}"


def _fail(error: msgspec.ValidationError, decoder: msgspec.json.Decoder[Any], prefix: str, what: str) -> NoReturn:
    """msgspec ends its texts with the path, `` - at `$[3].tokens.input` ``, or leaves it out at the top."""
    text, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`").removeprefix(".")
    if missing := _MISSING.match(text):
        raise Fault(join(join(prefix, path), missing[1]), "missing") from error
    if text.startswith("Invalid enum value"):
        text = f"needs to be {_choices(decoder.type, path)}"
    raise Fault(join(prefix, path) or what, f"{text[0].lower()}{text[1:]}") from error


def _choices(type_: Any, path: str) -> str:
    """The values allowed for the last field of ``path``, as people list them."""
    info = inspect.type_info(type_)
    if isinstance(info, inspect.ListType):
        info = info.item_type
    name = path.rpartition(".")[2]
    for field in info.fields if isinstance(info, inspect.StructType) else ():
        if field.encode_name == name:
            kinds = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
            values = [f'"{value}"' for kind in kinds if isinstance(kind, inspect.LiteralType) for value in kind.values]
            return " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))
    return "another value"


def _unreadable(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, msgspec.DecodeError):
        return f"not JSON: {str(error).removeprefix('JSON is malformed: ').lower()}"
    return "not JSON that can be read"
