"""Whose usage it is, as the sender says, and what it is a report of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from bot.email_address import as_email
from bot.hooks.otlp.clients import CLIENTS, DAY_TOTALS, TAGS, Client
from bot.hooks.otlp.signals import Attributes, Resource
from bot.hooks.proof import Proof, sent_by
from bot.hooks.sane import is_sane
from scoring.events import END_USER_SOURCE, PERSONAL_SOURCE, Claim, Event, Signal
from scoring.window import from_us

_UNNAMED = "unknown"
_LONGEST_TAG = 64
_MOST_DAYS = 8  # of which a vendor's totals give way to one report
_DAY_US = 24 * 3600 * 1_000_000
_KEYS = ""  # who all keys together are
_CLIENTS = {client.name for client in CLIENTS}
_DOORS = {"litellm", "github", "jira", "linear", "claude-code-analytics", END_USER_SOURCE, PERSONAL_SOURCE}
_TAKEN = _CLIENTS | _DOORS  # names of others, as which no application can pass itself off
_PERSON = "person "


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where usage comes from: the client, the person, the model, the session and what marks the work.

    ``without_session`` names all that the client reports of the person, or an application's process of anybody.
    ``is_signed_in``: with an account of their own, not with a key.
    """

    source: str
    subject: str
    is_email: bool
    is_signed_in: bool
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
        is_signed_in=_first(named, client.attributes.account) is not None,
        model=_first(named, client.attributes.model) or _UNNAMED,
        session=_first(named, client.attributes.session),
        tags=_tags(named),
        without_session=f"{source}:{_owner(client, resource) if client.is_named_by_service else subject}",
    )


def claim_of(client: Client, origin: Origin, signal: Signal, start_us: int, time_us: int) -> Claim:
    """What a report of what was used from ``start_us`` to ``time_us`` is a report of: a session, or all without one.

    A vendor's totals of those days give way to it: the person's, and, where no account is named, those of keys, as
    nobody says with which key it was.
    """
    everything = origin.without_session
    if client.is_named_by_service:
        # The histogram of the conventions names neither session nor, mostly, person; the spans of the same calls do.
        if signal is Signal.SPAN:
            return Claim(origin.session or everything, signal, (everything,))
        return Claim(everything, signal)
    whose = [origin.subject] if origin.is_email else []
    if not origin.is_signed_in:
        whose.append(_KEYS)
    covers = tuple(total for who in whose for total in _day_totals(client.day_total, who, start_us, time_us))
    return Claim(origin.session or everything, signal, covers)


def of_owner(proof: Proof, event: Event) -> Event:
    """``event``, and what it is a report of, as its sender's own where ``proof`` names a person."""
    owned = sent_by(proof, event)
    if proof.person_id is None or event.claim is None:
        return owned
    claim = event.claim
    scope = f"{claim.scope}{_PERSON}{proof.person_id}" if claim.scope == f"{event.source}:" else claim.scope
    covers = claim.covers
    if total := DAY_TOTALS.get(event.source):
        days = {cover.rpartition(":")[2] for cover in covers} or {_utc_day(event.time_us // _DAY_US)}
        covers += tuple(f"{total}:{proof.email}:{day}" for day in sorted(days))
    return msgspec.structs.replace(owned, claim=Claim(scope, claim.signal, covers))


def _day_totals(total: str, who: str, start_us: int, time_us: int) -> tuple[str, ...]:
    """The names of a vendor's totals of the UTC days from ``start_us`` to ``time_us``, of which the last ones."""
    if not total:
        return ()
    last = time_us // _DAY_US
    first = min(last, max(start_us // _DAY_US, last - _MOST_DAYS + 1))
    return tuple(f"{total}:{who}:{_utc_day(day)}" for day in range(first, last + 1))


def _owner(client: Client, resource: Resource) -> str:
    """Whom an application's process is for, where it is for one person."""
    names = client.attributes
    return _first(resource.attributes, names.email, as_email) or _first(resource.attributes, names.person) or ""


def _source(client: Client, resource: Resource) -> str:
    service = resource.service.strip()
    is_own = client.is_named_by_service and service and service not in _TAKEN and is_sane(service)
    return service if is_own else client.name


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
