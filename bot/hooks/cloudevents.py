"""CloudEvents 1.0 in JSON: from bytes to events, or the first fault with its place."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from bot.hooks.decoding import Fault, Json, decoded, join
from bot.hooks.facts import READERS, Moment, Text
from bot.hooks.sane import Insane, check
from bot.limits import EVENTS
from scoring.events import Event
from scoring.window import to_us


class TooMany(ValueError):
    """More events than one request may hold."""


class Envelope(msgspec.Struct):
    """The attributes that are read of an event, and its data as it came."""

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: str
    time: Moment
    subject: str | None = None
    data: msgspec.Raw | UnsetType = UNSET
    data_base64: str | UnsetType = UNSET


_one = msgspec.json.Decoder(Envelope)
_many = msgspec.json.Decoder(list[Envelope])


def decode_batch(body: bytes, now_us: int) -> list[Event]:
    """The events of a JSON array. Raises ``Fault`` for the first that cannot be taken, ``TooMany`` beyond the limit."""
    envelopes = decoded(_many, body, "", "body")
    if len(envelopes) > EVENTS:
        raise TooMany(f"body: {len(envelopes):,} events; a request may hold {EVENTS:,}")
    return [_event(envelope, now_us, f"[{position}]") for position, envelope in enumerate(envelopes)]


def decode_event(body: bytes, now_us: int) -> Event:
    """The event of a JSON object. Raises ``Fault``."""
    return _event(decoded(_one, body, "", "body"), now_us, "")


def event_of(envelope: Envelope, data: Json, now_us: int, prefix: str = "") -> Event:
    """The event with the attributes of ``envelope`` and JSON ``data``; ``prefix`` is its place. Raises ``Fault``."""
    read = READERS.get(envelope.type)
    if read is None:
        raise Fault(join(prefix, "type"), f"unknown; there are {', '.join(READERS)}")
    event = Event(
        source=envelope.source,
        id=envelope.id,
        subject=envelope.subject or "",
        time_us=to_us(envelope.time),
        fact=read(data, join(prefix, "data")),
    )
    try:
        check(event, now_us)
    except Insane as error:
        raise Fault(join(prefix, error.place), error.text) from error
    return event


def _event(envelope: Envelope, now_us: int, prefix: str) -> Event:
    if envelope.data_base64 is UNSET:
        if envelope.data is UNSET:
            raise Fault(join(prefix, "data"), "missing")
        return event_of(envelope, envelope.data, now_us, prefix)
    if envelope.data is not UNSET:
        raise Fault(join(prefix, "data_base64"), "cannot stand beside data")
    try:
        data = base64.b64decode(envelope.data_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(join(prefix, "data_base64"), "not base64") from error
    return event_of(envelope, data, now_us, prefix)
