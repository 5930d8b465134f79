"""GitHub's list of deliveries: those that failed and were never made up for. GitHub itself tries each but once.

It keeps them for three days. A failed one is fetched and read as the door would have read it, or GitHub is asked to
send it again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, TypeAlias

import httpx
import msgspec
from msgspec import Meta

from bot.faults import Fault
from bot.hooks.answers import Refusal
from bot.hooks.decoding import Fault as Unreadable
from bot.hooks.github_delivery import SOURCE
from bot.pull.asking import Asker
from bot.pull.portion import Days, Portion, Portions, Progress, Sorting
from bot.world import Clock
from db.pulls import Reached
from db.rejected import Rejected
from scoring.events import Event

__all__ = ["SOURCE", "DecodeDelivery", "portions"]

DecodeDelivery: TypeAlias = Callable[[str, bytes], Sequence[Event]]
"""The events of a webhook, by its name, and its payload. Raises a door's ``Fault`` or ``Refusal``."""

_MOST_A_PAGE = 100
_GONE = (404, 410, 422)

_Aware = Annotated[datetime, Meta(tz=True)]


class _Attempt(msgspec.Struct, frozen=True):
    """One try to deliver; tries of the same delivery share its ``guid``."""

    id: int
    guid: Annotated[str, Meta(min_length=1)]
    delivered_at: _Aware
    event: str
    status: str = ""
    status_code: int | None = None

    @property
    def has_arrived(self) -> bool:
        return 200 <= self.status_code < 300 if self.status_code else self.status == "OK"

    @property
    def part(self) -> str:
        return f"{self.delivered_at.date()}/{self.guid}"


class _Request(msgspec.Struct):
    payload: msgspec.Raw


class _Detail(msgspec.Struct):
    request: _Request


_attempts_decoder = msgspec.json.Decoder(list[_Attempt])
_detail_decoder = msgspec.json.Decoder(_Detail)


async def portions(
    asker: Asker, days: Days, progress: Progress, now_us: Clock, *, hook: str, decode: DecodeDelivery, redeliver: bool
) -> Portions:
    """The deliveries of ``days`` (UTC) that failed, the oldest first, one at a time."""
    failed = await _failed(asker, hook, days)
    for number, attempt in enumerate(failed, start=1):
        share = number / len(failed)
        if progress.get(attempt.part, Reached(is_done=False)).is_done:
            yield Portion(attempt.part, share)
        elif redeliver:
            yield await _sent_again(asker, hook, attempt, share)
        else:
            yield await _fetched(asker, hook, attempt, share, decode, now_us())


async def _failed(asker: Asker, hook: str, days: Days) -> Sequence[_Attempt]:
    """The last try of each delivery of ``days`` that never arrived."""
    arrived: set[str] = set()
    failed: dict[str, _Attempt] = {}
    async for attempt in _attempts(asker, hook):
        day = attempt.delivered_at.date()
        if day < days.first:
            break
        if attempt.has_arrived:
            arrived.add(attempt.guid)
        elif day <= days.last:
            failed.setdefault(attempt.guid, attempt)
    return [attempt for guid, attempt in reversed(failed.items()) if guid not in arrived]


async def _attempts(asker: Asker, hook: str) -> AsyncIterator[_Attempt]:
    """Every try that GitHub still knows of, the newest first."""
    path = f"/{hook}/deliveries"
    question: dict[str, str | int] = {"per_page": _MOST_A_PAGE}
    while True:
        answer = await asker.answer("GET", path, question)
        if answer.status_code == 404:
            raise Fault("GitHub knows no such webhook, or not to this token; see BANDSTAND_PULL__GITHUB_HOOK")
        if not answer.is_success:
            raise asker.fault(answer)
        for attempt in asker.read(_attempts_decoder, answer):
            yield attempt
        # The cursor alone is taken from the link: the token goes nowhere else.
        cursor = httpx.URL(answer.links.get("next", {}).get("url", "")).params.get("cursor")
        if not cursor or cursor == question.get("cursor"):
            return
        question["cursor"] = cursor


async def _fetched(
    asker: Asker, hook: str, attempt: _Attempt, share: float, decode: DecodeDelivery, now_us: int
) -> Portion:
    answer = await asker.answer("GET", f"/{hook}/deliveries/{attempt.id}")
    if answer.status_code in _GONE:
        return _gone(attempt, share)
    if not answer.is_success:
        raise asker.fault(answer)
    payload = bytes(asker.read(_detail_decoder, answer).request.payload)
    sorting = Sorting(now_us)
    sorting.take("", partial(_decoded, decode, attempt.event, payload))
    return Portion(attempt.part, share, sorting.events, sorting.rejected, reached=Reached())


def _decoded(decode: DecodeDelivery, name: str, payload: bytes) -> Sequence[Event]:
    try:
        return decode(name, payload)
    except Refusal as refusal:
        raise Unreadable("payload", refusal.text) from refusal


async def _sent_again(asker: Asker, hook: str, attempt: _Attempt, share: float) -> Portion:
    answer = await asker.answer("POST", f"/{hook}/deliveries/{attempt.id}/attempts")
    if answer.status_code in _GONE:
        return _gone(attempt, share)
    if not answer.is_success:
        raise asker.fault(answer)
    return Portion(attempt.part, share, sent_again=1)


def _gone(attempt: _Attempt, share: float) -> Portion:
    return Portion(attempt.part, share, rejected=(Rejected("delivery", "GitHub no longer has it"),), reached=Reached())
