"""A delivery by LiteLLM, read part by part: an array of records, one record, or lines with a record each.

Whatever is cut off or odd costs itself alone: LiteLLM does not send again what was refused, so every record that can
be read is taken, and the rest is kept aside.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.hooks.answers import Refusal
from bot.hooks.decoding import Fault, decoded, join, without_no_numbers
from bot.hooks.delivery import Delivery
from bot.hooks.litellm_record import Record, event_of_record
from bot.hooks.records import ArrayRecords, LineRecords, Numbered, Records, TooManyBrackets, is_object
from bot.hooks.sane import Insane, check
from bot.limits import EVENTS, JSON_BRACKETS
from db.rejected import Rejected
from scoring.events import Event

_record = msgspec.json.Decoder(Record)


class _Fault(msgspec.Struct, frozen=True):
    number: int
    place: str
    reason: str


class DeliveryReader:
    """Feed it a body part by part; of what it has read it holds the events alone."""

    def __init__(self, now_us: int) -> None:
        self._now_us = now_us
        self._records: Records | None = None
        self._count = 0
        self._has_object = False
        self._events: list[Event] = []
        self._faults: list[_Fault] = []

    def feed(self, part: bytes) -> None:
        """Raises ``Refusal``: 400 for a body of another form, 413 for too many records or too much to skip."""
        if self._records is None:
            part = part.lstrip()
            if not part:
                return
            self._records, part = _begun(part)
        try:
            self._take(self._records.feed(part))
        except TooManyBrackets as error:
            raise Refusal(413, f"body: more than {JSON_BRACKETS // 2:,} objects and arrays") from error

    def end(self) -> Delivery:
        """All that was read. Raises ``Refusal`` (400) where there is no record at all."""
        records = self._records
        if records is None:
            raise _no_records()
        known = len(self._faults)
        self._take(records.end())
        fault = records.fault
        if fault and not self._events:
            raise Refusal(400, f"body: {fault}")
        rejected = [
            Rejected(join(records.place(fault.number, self._count), fault.place) or "body", fault.reason)
            for fault in self._faults
        ]
        if rejected and not self._has_object:
            raise Refusal(400, f"{rejected[0].place}: {rejected[0].reason}")
        if fault and len(self._faults) == known:
            rejected.append(Rejected("body", fault))
        return Delivery(self._events, rejected)

    def _take(self, records: Iterable[Numbered]) -> None:
        for number, json in records:
            self._count += 1
            if self._count > EVENTS:
                raise Refusal(413, f"body: more than {EVENTS:,} records")
            try:
                event = event_of_record(_read(json))
                check(event, self._now_us)
            except (Fault, Insane) as error:
                self._faults.append(_Fault(number, "endTime" if error.place == "time" else error.place, error.text))
                self._has_object = self._has_object or is_object(without_no_numbers(json) or json)
            else:
                self._events.append(event)
                self._has_object = True


def read_delivery(body: bytes, now_us: int) -> Delivery:
    """The delivery that ``body`` is. Raises ``Refusal`` (400, 413)."""
    reader = DeliveryReader(now_us)
    reader.feed(body)
    return reader.end()


def _read(json: bytes) -> Record:
    """The record; figures that are none, as in the probabilities of an answer, cost nobody theirs. Raises ``Fault``."""
    try:
        return decoded(_record, json, "", "")
    except Fault:
        mended = without_no_numbers(json)
        if mended is None:
            raise
    return decoded(_record, mended, "", "")


def _begun(part: bytes) -> tuple[Records, bytes]:
    """The form of a body by its first byte, and what of ``part`` is to be fed."""
    if part.startswith(b"["):
        return ArrayRecords(JSON_BRACKETS), part[1:]
    if part.startswith(b"{"):
        return LineRecords(), part
    raise _no_records()


def _no_records() -> Refusal:
    return Refusal(400, "body: an array, an object or lines of objects are needed")
