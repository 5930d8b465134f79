"""Whose usage it is, as the sender says, and what it is a report of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from bot.email_address import as_email
from bot.hooks.otlp.clients import TAGS, Client
from bot.hooks.otlp.signals import Attributes, Resource
from bot.hooks.sane import is_sane
from scoring.events import Claim, Signal
from scoring.window import from_us

_UNNAMED = "unknown"
_LONGEST_TAG = 64
_DAY_US = 24 * 3600 * 1_000_000


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where usage comes from: the client, the person, the model, the session and what marks the work."""

    source: str
    subject: str
    is_email: bool
    model: str
    session: str | None
    tags: tuple[str, ...]


def origin_of(client: Client, resource: Resource, attributes: Attributes) -> Origin:
    """What ``attributes``, and where they are silent those of ``resource``, say; odd text says nothing."""
    both = (attributes, resource.attributes)
    names = client.attributes
    email = _first(both, names.email, as_email)
    return Origin(
        source=_source(client, resource),
        subject=email or _first(both, names.person) or "",
        is_email=email is not None,
        model=_first(both, names.model) or _UNNAMED,
        session=_first(both, names.session),
        tags=_tags(both),
    )


def claim_of(client: Client, origin: Origin, signal: Signal, time_us: int) -> Claim:
    """What a report is a report of: a session, or all that a client reports of one person without naming sessions."""
    everything = f"{origin.source}:{origin.subject}"
    if client.day_total and origin.is_email:
        covers: str | None = f"{client.day_total}:{origin.subject}:{_utc_day(time_us // _DAY_US)}"
    elif client.is_named_by_service and signal is Signal.SPAN and origin.session:
        # The histogram of the conventions names no session; the spans that tell of the same calls do.
        covers = everything
    else:
        covers = None
    return Claim(origin.session or everything, signal, covers)


def _source(client: Client, resource: Resource) -> str:
    service = resource.service.strip()
    return service if client.is_named_by_service and service and is_sane(service) else client.name


def _first(both: Sequence[Attributes], names: Sequence[str], accept: Callable[[str], str | None] = str) -> str | None:
    """The first of ``names`` that has text which may be kept and ``accept`` makes something of."""
    for name in names:
        for attributes in both:
            value = attributes.get(name)
            if value is None or isinstance(value, bool | float):
                continue
            text = str(value).strip()  # an id may come as a number
            if text and is_sane(text) and (accepted := accept(text)):
                return accepted
    return None


def _tags(both: Sequence[Attributes]) -> tuple[str, ...]:
    """What marks the work: its team, department and cost centre, each once."""
    found: dict[str, str] = {}
    for name, tag in TAGS.items():
        if tag not in found and (text := _first(both, (name,), _short)):
            found[tag] = f"{tag}:{text}"
    return tuple(found.values())


def _short(text: str) -> str | None:
    return text if len(text) <= _LONGEST_TAG else None


@lru_cache(maxsize=64)
def _utc_day(day: int) -> str:
    return f"{from_us(day * _DAY_US):%Y-%m-%d}"
