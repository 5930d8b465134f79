"""The clients of the OTLP door: what each calls things and which of its signals count (``clients.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from bot.hooks.otlp.signals import Value
from scoring.events import Counter

Names: TypeAlias = tuple[str, ...]
Conditions: TypeAlias = dict[str, Names]

_ANY = "*"
_LONGEST = 200  # characters of a name that are looked at


class Attributes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a client says what model and session it was, and whose, the best name first.

    ``account``: what is there only for people who signed in with an account of their own.
    """

    model: Names = ()
    session: Names = ()
    email: Names = ()
    person: Names = ()
    account: Names = ()


class MetricRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric that counts tokens of the classes that ``type`` tells apart, or dollars.

    ``with_cache`` is the type whose tokens include those of the cache, if any does.
    """

    name: str
    counts: Literal["tokens", "dollars"]
    is_histogram: bool = False
    type: str = ""
    classes: dict[str, Counter] = {}
    with_cache: str = ""


class CallRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event or a span that tells of one call. Without ``names`` every one does that the conditions let pass."""

    names: Names = ()
    where: Conditions = {}
    unless: Conditions = {}
    is_error: bool = False
    input: tuple[Names, ...] = ()
    output: tuple[Names, ...] = ()
    cache_read: tuple[Names, ...] = ()
    cache_write: tuple[Names, ...] = ()
    input_holds_cache: bool = False
    microdollars: str = ""
    dollars: str = ""
    milliseconds: str = ""
    ids: Names = ()

    def applies(self, name: str, attributes: Mapping[str, Value]) -> bool:
        """Does a record called ``name`` with ``attributes`` tell of a call by this rule?"""
        if self.names and name not in self.names:
            return False
        return all(_holds(attributes, *one) for one in self.where.items()) and not any(
            _holds(attributes, *one) for one in self.unless.items()
        )

    @property
    def token_names(self) -> Names:
        """The attributes that hold tokens."""
        lists = (*self.input, *self.output, *self.cache_read, *self.cache_write)
        return tuple(name for names in lists for name in names)

    @property
    def reads(self) -> frozenset[str]:
        """The attributes that it looks at."""
        figures = {self.microdollars, self.dollars, self.milliseconds} - {""}
        return frozenset({*self.where, *self.unless, *self.token_names, *figures, *self.ids})


class Client(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program that reports, and how to read it."""

    name: str
    services: Names
    scopes: Names = ()
    prefixes: Names = ()
    ignored_scopes: Names = ()
    is_named_by_service: bool = False
    day_total: str = ""
    attributes: Attributes = Attributes()
    metrics: tuple[MetricRule, ...] = msgspec.field(default=(), name="metric")
    events: tuple[CallRule, ...] = msgspec.field(default=(), name="event")
    spans: tuple[CallRule, ...] = msgspec.field(default=(), name="span")

    @property
    def has_cost_metric(self) -> bool:
        return any(rule.counts == "dollars" for rule in self.metrics)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    client: tuple[Client, ...]


def _read() -> tuple[Client, ...]:
    content = Path(__file__).with_name("clients.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), _File).client


CLIENTS = _read()
*_NAMED, _ANYBODY = CLIENTS
_BY_PREFIX = {prefix: client for client in _NAMED for prefix in client.prefixes}
METRICS = {(client.name, rule.name): rule for client in CLIENTS for rule in client.metrics}
DAY_TOTALS = {client.name: client.day_total for client in CLIENTS if client.day_total}
EVENT_NAMES = frozenset(name for client in CLIENTS for rule in client.events for name in rule.names)
# Read of every record, whoever sent it; all other attributes, and with them all content, are passed over.
EVENT_ATTRIBUTES = frozenset({"event.name", "event.timestamp", "event.sequence"})
TAGS = {
    "team.id": "team",
    "team": "team",
    "team.name": "team",
    "department": "department",
    "cost_center": "cost_center",
}
WANTED = frozenset(
    {"service.name", *EVENT_ATTRIBUTES, *TAGS}
    | {name for client in CLIENTS for names in msgspec.structs.astuple(client.attributes) for name in names}
    | {name for client in CLIENTS for rule in (*client.events, *client.spans) for name in rule.reads}
)


def client_of(service: str, scope: str, name: str) -> Client | None:
    """Who sends a metric, event or span called ``name``; None where it comes from a scope that is to be ignored."""
    client, is_ignored = _known(service[:_LONGEST], scope[:_LONGEST])
    if is_ignored:
        return None
    return client or _BY_PREFIX.get(name.partition(".")[0], _ANYBODY)


@lru_cache(maxsize=1024)
def _known(service: str, scope: str) -> tuple[Client | None, bool]:
    """The client that ``service`` or ``scope`` names, and whether the scope is one of those to ignore."""
    for client in _NAMED:
        if _fits(service, client.services) or _fits(scope, client.scopes):
            return client, _fits(scope, client.ignored_scopes)
    return None, False


def event_name(attributes: Mapping[str, Value], field: str, body: str) -> str:
    """What a log record calls its event: by attribute, by its own field, or as Claude Code does also in its body.

    Other bodies are content.
    """
    return str(attributes.get("event.name", "")) or field or (body if body in EVENT_NAMES else "")


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _holds(attributes: Mapping[str, Value], name: str, values: Names) -> bool:
    value = attributes.get(name)
    if value is None:
        return False
    return _ANY in values or value in values
