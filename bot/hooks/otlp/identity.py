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
    """Where usage comes from: the client, the person, the model, the session and what marks the work.

    ``without_session`` names all that the client reports of the person, or an application's process of anybody.
    """

    source: str
    subject: str
    is_email: bool
    model: str
    session: str | None
    tags: tuple[str, ...]
    without_session: str


def origin_of(client: Client, resource: Resource, attributes: Attributes) -> Origin:
    """What ``attributes``, and where they are silent those of ``resource``, say; odd text says nothing."""
    named = {**resource.attributes, **attributes}
    source = _source(client, resource)
    email = _first(named, client.attributes.email, as_email)
    subject = email or _first(named, client.attributes.person) or ""
    return Origin(
        source=source,
        subject=subject,
        is_email=email is not None,
        model=_first(named, client.attributes.model) or _UNNAMED,
        session=_first(named, client.attributes.session),
        tags=_tags(named),
        without_session=f"{source}:{_owner(client, resource) if client.is_named_by_service else subject}",
    )


def claim_of(client: Client, origin: Origin, signal: Signal, time_us: int) -> Claim:
    """What a report is a report of: a session, or what is reported without one."""
    everything = origin.without_session
    if client.is_named_by_service:
        # The histogram of the conventions names neither session nor, mostly, person; the spans of the same calls do.
        is_span = signal is Signal.SPAN
        return Claim(origin.session or everything if is_span else everything, signal, everything if is_span else None)
    day = f"{client.day_total}:{origin.subject}:{_utc_day(time_us // _DAY_US)}"
    return Claim(origin.session or everything, signal, day if client.day_total and origin.is_email else None)


def _owner(client: Client, resource: Resource) -> str:
    """Whom an application's process is for, where it is for one person."""
    names = client.attributes
    return _first(resource.attributes, names.email, as_email) or _first(resource.attributes, names.person) or ""


def _source(client: Client, resource: Resource) -> str:
    service = resource.service.strip()
    return service if client.is_named_by_service and service and is_sane(service) else client.name


def _first(named: Attributes, names: Sequence[str], accept: Callable[[str], str | None] = str) -> str | None:
    """The first of ``names`` that has text which may be kept and ``accept`` makes something of."""
    for name in names:
        value = named.get(name)
        if value is None or isinstance(value, bool | float):
            continue
        text = str(value).strip()  # an id may come as a number
        if text and is_sane(text) and (accepted := accept(text)):
            return accepted
    return None


def _tags(named: Attributes) -> tuple[str, ...]:
    """What marks the work: its team, department and cost centre, each once."""
    found: dict[str, str] = {}
    for name, tag in TAGS.items():
        if name in named and tag not in found and (text := _first(named, (name,), _short)):
            found[tag] = f"{tag}:{text}"
    return tuple(found.values())


def _short(text: str) -> str | None:
    return text if len(text) <= _LONGEST_TAG else None


@lru_cache(maxsize=64)
def _utc_day(day: int) -> str:
    return f"{from_us(day * _DAY_US):%Y-%m-%d}"
