"""Bodies as no honest program sends them: made from honest ones, the same for the same number."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

import msgspec


class Mutant(msgspec.Struct, frozen=True):
    """A body and the headers that go with it; ``kind`` names what was done."""

    kind: str
    body: bytes
    headers: Mapping[str, str]


Mutation: TypeAlias = Callable[[Random, bytes], bytes]

_ODD_JSON = (
    *("null", "true", "0", "-1", "1.5", '""', "[]", "{}", "[[]]", '"text"', '[{"a": 1}]', "{} {}", ",", "'a'"),
    *("NaN", "-Infinity", "1e400", "-1e-400", "0x10", "01", "1e5", "9" * 25, "-" + "9" * 5000, "0." + "9" * 5000),
    *('"\\u0000"', '"a\x00b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\uffff"', '"\\x41"', '"\u202e"', '"a\\nb"', '"'),
    *("[" * 200 + "]" * 200, "[" * 100_000, '{"a":' * 20_000 + "1" + "}" * 20_000, json.dumps("x" * 100_000)),
    *('"9999-12-31T23:59:59-14:00"', '"0001-01-01T00:00:00Z"', '"2026-02-30T00:00:00Z"', '"1e999999999"', '"sNaN"'),
)
_CHARSETS = ("utf-16", "utf-32", "utf-8-sig", "utf-7", "cp500")
_TYPES = ("text/plain", "application/json; charset=utf-16", "", "application/xml", "multipart/form-data; boundary=x")
_SPOIL = "spoil a header"
_ODD_HEADERS = ("%", "%00", "%ff%fe", "%ud800", "\xff\x80", '"', '"\\"', "-1", "9" * 30, "x" * 5000, "", "null")
_BOMB = gzip.compress(bytes(4 << 20))


def mutant(number: int, body: bytes, headers: Mapping[str, str]) -> Mutant:
    """The mutant with this number of an honest ``body`` that goes with ``headers``."""
    chance = Random(number)
    name = chance.choice((*_OF_BYTES, *_OF_JSON, *_OF_TRANSPORT, _SPOIL, *["swap a value"] * 14))
    if name == _SPOIL:
        return Mutant(name, body, {**headers, chance.choice([*headers]): chance.choice(_ODD_HEADERS)})
    if name in _OF_TRANSPORT:
        changed, other = _OF_TRANSPORT[name](chance, body)
        return Mutant(name, changed, {**headers, **other})
    if name in _OF_JSON:
        try:
            return Mutant(name, _OF_JSON[name](chance, body), headers)
        except ValueError:  # the honest one is no JSON
            name = "flip"
    return Mutant(name, _OF_BYTES[name](chance, body), headers)


def mutant_of_bytes(number: int, honest: bytes) -> bytes:
    """The mutant with this number of any ``honest`` bytes, such as a whole request with its head."""
    chance = Random(number)
    changed = honest
    for _ in range(chance.randint(1, 3)):
        changed = _OF_BYTES[chance.choice([*_OF_BYTES])](chance, changed) or honest
    return changed


def _cut(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def _lose_the_beginning(chance: Random, body: bytes) -> bytes:
    return body[chance.randrange(len(body)) :]


def _flip(chance: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _lose_a_piece(chance: Random, body: bytes) -> bytes:
    start = chance.randrange(len(body))
    return body[:start] + body[start + chance.randint(1, 40) :]


def _gain_a_piece(chance: Random, body: bytes) -> bytes:
    start = chance.randrange(len(body))
    return body[:start] + chance.randbytes(chance.randint(1, 40)) + body[start:]


def _repeat(chance: Random, body: bytes) -> bytes:
    return chance.choice((b"", b"\n", b",", b"\x00")).join([body] * chance.randint(2, 4))


def _change_charset(chance: Random, body: bytes) -> bytes:
    return body.decode("latin-1").encode(chance.choice(_CHARSETS))


def _swap_a_value(chance: Random, body: bytes) -> bytes:
    """One value, wherever it is, becomes another of any type, or something that is no JSON at all."""
    lines = body.split(b"\n")
    at = chance.randrange(len(lines))
    tree = [json.loads(lines[at])]
    holder, key = chance.choice(_places(tree))
    holder[key] = "HERE-IT-GOES"
    lines[at] = json.dumps(tree[0]).replace('"HERE-IT-GOES"', chance.choice(_ODD_JSON)).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _lose_a_value(chance: Random, body: bytes) -> bytes:
    tree = [json.loads(body)]
    holder, key = chance.choice(_places(tree))
    del holder[key]
    return json.dumps(tree[0] if tree else None).encode()


def _say_it_twice(chance: Random, body: bytes) -> bytes:
    """A name that comes twice in an object, or a value twice in an array."""
    text = json.dumps([json.loads(body)])[1:-1]
    at = chance.choice([position for position, one in enumerate(text) if one in ",{["])
    return (text[: at + 1] + chance.choice(('"id": 1,', '"data": {}, "data": [],', "0,")) + text[at + 1 :]).encode()


def _places(tree: list[Any]) -> list[tuple[Any, Any]]:
    """Every value below ``tree`` as the container that holds it and its key there."""
    found: list[tuple[Any, Any]] = []
    containers: list[Any] = [tree]
    while containers:
        container = containers.pop()
        for key, value in container.items() if isinstance(container, dict) else enumerate(container):
            found.append((container, key))
            if isinstance(value, dict | list):
                containers.append(value)
    return found


def _pack(chance: Random, body: bytes) -> tuple[bytes, Mapping[str, str]]:
    packed = gzip.compress(body, 1)
    made = (
        packed,
        packed[: chance.randrange(len(packed))],
        _flip(chance, packed),
        gzip.compress(packed),
        packed + body,
        packed * 3,
        _BOMB,
        gzip.compress(_BOMB),
        zlib.compress(body),
        body,
        b"",
    )
    encoding = chance.choice(("gzip", "gzip", "gzip", "x-gzip", "br", "gzip, gzip", "deflate", "GZIP"))
    return chance.choice(made), {"Content-Encoding": encoding}


def _mistype(chance: Random, body: bytes) -> tuple[bytes, Mapping[str, str]]:
    return body, {"Content-Type": chance.choice(_TYPES)}


def _say_nothing(chance: Random, body: bytes) -> tuple[bytes, Mapping[str, str]]:
    return chance.choice((b"", b" ", b"\n\n", b"\x00", b"null", b"[]", b"{}", b'""', b"[", b"{")), {}


_OF_BYTES: Mapping[str, Mutation] = {
    "cut": _cut,
    "lose the beginning": _lose_the_beginning,
    "flip": _flip,
    "lose a piece": _lose_a_piece,
    "gain a piece": _gain_a_piece,
    "repeat": _repeat,
    "change charset": _change_charset,
}
_OF_JSON: Mapping[str, Mutation] = {
    "swap a value": _swap_a_value,
    "lose a value": _lose_a_value,
    "say it twice": _say_it_twice,
}
_OF_TRANSPORT: Mapping[str, Callable[[Random, bytes], tuple[bytes, Mapping[str, str]]]] = {
    "pack": _pack,
    "mistype": _mistype,
    "say nothing": _say_nothing,
}
