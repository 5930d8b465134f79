"""LiteLLM's spend log: every call that the callback may have lost, an hour at a time.

``/spend/logs/v2`` gives pages, but says of no more than 10,000 rows how many there are, and leaves rows of the same
moment in any order from page to page; so an hour is halved until what came is as much as was said. Proxies that lack
it have ``/spend/logs`` with ``summarize=false``, which gives a whole day with its content at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from bot.faults import Fault
from bot.hooks.decoding import Fault as Unreadable
from bot.hooks.litellm_record import SOURCE
from bot.pull.asking import Asker
from bot.pull.portion import Days, Portion, Portions, Progress, Sorting, utc_midnight_us
from bot.pull.spend_log import Entry, event_of_entry, is_call, read_entry
from bot.world import Clock
from db.pulls import Reached
from scoring.events import Event
from scoring.window import from_us, to_us

__all__ = ["SOURCE", "portions"]

_HOUR_US = 3600 * 1_000_000
_SECOND_US = 1_000_000
_SETTLES_AFTER_US = 6 * _HOUR_US  # calls are logged when they end, under the time at which they began
_MOST_COUNTED = 10_000
_MOST_SPLIT_PAGES = 5  # each page costs the database all pages before it
_PAGE_SIZES = (1000, 100)  # older proxies give fewer
_MOST_USERS = 50


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    total: int | None = None


class _User(msgspec.Struct):
    user_id: str
    user_email: str | None = None


class _Users(msgspec.Struct):
    users: list[_User]


_page_decoder = msgspec.json.Decoder(_Page)
_rows_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_users_decoder = msgspec.json.Decoder(_Users)


async def portions(asker: Asker, days: Days, progress: Progress, now_us: Clock) -> Portions:
    """The calls of ``days`` (of their start, in UTC), in the order of time."""
    log, people = _SpendLog(asker), _People(asker)
    each = days.each()
    for number, day in enumerate(each):
        before = progress.get(day.isoformat(), Reached(is_done=False))
        if before.is_done:
            yield Portion(day.isoformat(), (number + 1) / len(each))
            continue
        midnight_us = utc_midnight_us(day)
        start_us = _moment_us(before.cursor) if before.cursor else midnight_us
        past_us = midnight_us + 24 * _HOUR_US
        while start_us < min(past_us, now_us()):
            asked_us = now_us()
            end_us, rows = await log.rows(day, start_us, min(start_us + _HOUR_US, past_us))
            sorting, left_out = await _sorted(rows, people, asked_us)
            is_settled = end_us + _SETTLES_AFTER_US <= asked_us
            yield Portion(
                day.isoformat(),
                (number + (end_us - midnight_us) / (24 * _HOUR_US)) / len(each),
                sorting.events,
                sorting.rejected,
                left_out,
                reached=Reached(from_us(end_us).isoformat(), is_done=end_us == past_us) if is_settled else None,
            )
            start_us = end_us


class _SpendLog:
    """The log of one proxy, in the way that this proxy can be asked."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._page_size = _PAGE_SIZES[0]
        self._has_pages = True

    async def rows(self, day: date, start_us: int, end_us: int) -> tuple[int, Sequence[bytes]]:
        """The rows from ``start_us`` on, and how far they reach: to ``end_us``, or to the end of ``day``."""
        if self._has_pages:
            rows = await self._between(start_us, end_us)
            if rows is not None:
                return end_us, rows
            self._has_pages = False
        return utc_midnight_us(day) + 24 * _HOUR_US, await self._of_day(day)

    async def _between(self, start_us: int, end_us: int) -> Sequence[bytes] | None:
        """The rows from ``start_us`` to ``end_us``; None where the proxy gives no pages."""
        found: dict[bytes, None] = {}
        is_smallest = end_us - start_us <= _SECOND_US
        number = 1
        while True:
            page = await self._page(start_us, end_us, number)
            if page is None:
                return None
            found.update(dict.fromkeys(bytes(row) for row in page.data))
            total = page.total or 0
            is_large = total >= _MOST_COUNTED or total > _MOST_SPLIT_PAGES * self._page_size
            if is_large and not is_smallest:
                return await self._halved(start_us, end_us)
            if len(page.data) < self._page_size:
                break
            number += 1
        if len(found) < total and not is_smallest:
            return await self._halved(start_us, end_us)
        return tuple(found)

    async def _halved(self, start_us: int, end_us: int) -> Sequence[bytes] | None:
        middle_us = (start_us + end_us) // 2 // _SECOND_US * _SECOND_US
        first = await self._between(start_us, max(middle_us, start_us + _SECOND_US))
        second = await self._between(max(middle_us, start_us + _SECOND_US), end_us)
        return tuple(dict.fromkeys([*(first or ()), *(second or ())]))

    async def _page(self, start_us: int, end_us: int, number: int) -> _Page | None:
        answer = await self._asker.answer("GET", "/spend/logs/v2", self._question(start_us, end_us, number))
        if answer.status_code in (400, 422) and self._page_size == _PAGE_SIZES[0]:
            self._page_size = _PAGE_SIZES[1]
            answer = await self._asker.answer("GET", "/spend/logs/v2", self._question(start_us, end_us, number))
        if answer.status_code in (404, 405):
            return None
        if not answer.is_success:
            raise self._asker.fault(answer)
        return self._asker.read(_page_decoder, answer)

    def _question(self, start_us: int, end_us: int, number: int) -> Mapping[str, str | int]:
        return {
            "start_date": f"{from_us(start_us):%Y-%m-%d %H:%M:%S}",
            "end_date": f"{from_us(end_us):%Y-%m-%d %H:%M:%S}",
            "sort_by": "startTime",
            "sort_order": "asc",
            "page": number,
            "page_size": self._page_size,
        }

    async def _of_day(self, day: date) -> Sequence[bytes]:
        question = {"start_date": f"{day}", "end_date": f"{day + timedelta(days=1)}", "summarize": "false"}
        answer = await self._asker.get("/spend/logs", question)
        if answer.headers.get("x-litellm-spend-logs-truncated") == "true":
            raise Fault(f"LiteLLM gives only part of {day} at /spend/logs and has no /spend/logs/v2; update it")
        rows = self._asker.read(_rows_decoder, answer)
        if rows and not any(b'"request_id"' in bytes(row) for row in rows):
            raise Fault("this LiteLLM gives sums of a day in place of calls; update it")
        return [bytes(row) for row in rows]


class _People:
    """The e-mail addresses behind user ids: the callback names people by them, the spend log does not."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._emails: dict[str, str] = {}
        self._may_ask = True

    async def emails(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        """By user id, of those who have one. None at all where the key may not ask."""
        unknown = sorted({one for one in user_ids if one and "," not in one} - self._emails.keys())
        for start in range(0, len(unknown), _MOST_USERS):
            await self._learn(unknown[start : start + _MOST_USERS])
        return self._emails

    async def _learn(self, user_ids: Sequence[str]) -> None:
        self._emails.update(dict.fromkeys(user_ids, ""))
        if not self._may_ask:
            return
        # A single id would be searched for in all ids; two are looked up.
        question: dict[str, str | int] = {"user_ids": ",".join((*user_ids, user_ids[0])), "page_size": 100}
        answer = await self._asker.answer("GET", "/user/list", question)
        if answer.is_success:
            users = self._asker.read(_users_decoder, answer).users
            self._emails.update((user.user_id, user.user_email or "") for user in users if user.user_id in user_ids)
        self._may_ask = answer.is_success


async def _sorted(rows: Sequence[bytes], people: _People, now_us: int) -> tuple[Sorting, int]:
    """What the rows tell, and how many of them were no calls."""
    sorting = Sorting(now_us)
    entries: list[tuple[int, Entry]] = []
    for position, row in enumerate(rows):
        try:
            entries.append((position, read_entry(row)))
        except Unreadable as fault:
            sorting.keep_aside(f"[{position}]", fault)
    calls = [(position, entry) for position, entry in entries if is_call(entry)]
    emails = await people.emails(entry.user_id for _, entry in calls)
    for position, entry in calls:
        sorting.take(f"[{position}]", partial(_events, entry, emails))
    return sorting, len(entries) - len(calls)


def _events(entry: Entry, emails: Mapping[str, str]) -> Sequence[Event]:
    return (event_of_entry(entry, emails),)


def _moment_us(text: str) -> int:
    return to_us(datetime.fromisoformat(text))
