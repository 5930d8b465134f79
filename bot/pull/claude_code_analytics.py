"""Anthropic's Claude Code Analytics API: what each person used on each UTC day, as the vendor adds it up.

A day's figures grow for a while, and every answer repeats them whole; so they are readings of series that only growth
adds to. Where the person's own telemetry tells of the day, this gives way to it; where that of somebody without an
account does, so do the figures of all keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import blake2b
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from bot.email_address import as_email
from bot.faults import Fault
from bot.hooks.decoding import Fault as Unreadable
from bot.hooks.decoding import decoded
from bot.hooks.money import nanousd
from bot.hooks.sane import MOST_TOKENS
from bot.pull.asking import Asker
from bot.pull.portion import Days, Portion, Portions, Progress, Sorting, utc_midnight_us
from bot.world import Clock
from db.pulls import Reached
from scoring.events import Claim, CostKind, Counter, Event, Reading, Signal, Usage

SOURCE = "claude-code-analytics"

_PATH = "/v1/organizations/usage_report/claude_code"
_MOST_RECORDS = 1000
_HOUR_US = 3600 * 1_000_000
_SETTLES_AFTER_US = 48 * _HOUR_US  # figures are said to be there after an hour; sessions outlast midnight
_CENT = Decimal("0.01")

_Tokens = Annotated[int, Meta(ge=0, le=MOST_TOKENS)]
_Sums: TypeAlias = dict[Counter, int]


class _Actor(msgspec.Struct, frozen=True):
    """Who: somebody who signed in, or the holder of a key."""

    email_address: str | None = None
    api_key_name: str | None = None


class _TokenCounts(msgspec.Struct):
    input: _Tokens = 0
    output: _Tokens = 0
    cache_read: _Tokens = 0
    cache_creation: _Tokens = 0


class _Cost(msgspec.Struct):
    """``amount`` is in cents."""

    amount: Decimal
    currency: str = "USD"


class _Model(msgspec.Struct):
    model: Annotated[str, Meta(min_length=1)]
    tokens: _TokenCounts
    estimated_cost: _Cost | None = None


class _Record(msgspec.Struct):
    actor: _Actor
    model_breakdown: list[_Model] = []


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    has_more: bool = False
    next_page: str | None = None


_page_decoder = msgspec.json.Decoder(_Page)
_record_decoder = msgspec.json.Decoder(_Record)


async def portions(asker: Asker, days: Days, progress: Progress, now_us: Clock) -> Portions:
    """The usage of ``days``, a day at a time: only all of its pages together say what a person used."""
    each = days.each()
    for number, day in enumerate(each, start=1):
        name, share = day.isoformat(), number / len(each)
        if progress.get(name, Reached(is_done=False)).is_done:
            yield Portion(name, share)
            continue
        asked_us = now_us()
        records = await _records(asker, day)
        sorting = Sorting(asked_us)
        sums = _added_up(records, sorting)
        for (actor, model), figures in sums.items():
            if any(figures.values()):
                sorting.take("", partial(_events, day, actor, model, figures))
        is_settled = utc_midnight_us(day) + 24 * _HOUR_US + _SETTLES_AFTER_US <= asked_us
        yield Portion(name, share, sorting.events, sorting.rejected, reached=Reached() if is_settled else None)


async def _records(asker: Asker, day: date) -> Sequence[msgspec.Raw]:
    """Every record of ``day``."""
    records: list[msgspec.Raw] = []
    cursors: set[str] = set()
    question: dict[str, str | int] = {"starting_at": day.isoformat(), "limit": _MOST_RECORDS}
    while True:
        page = asker.read(_page_decoder, await asker.get(_PATH, question))
        records += page.data
        if not page.has_more or not page.next_page:
            return records
        if page.next_page in cursors:
            raise Fault(f"Anthropic gives the same page of {day} over and over")
        cursors.add(page.next_page)
        question["page"] = page.next_page


def _added_up(records: Sequence[msgspec.Raw], sorting: Sorting) -> Mapping[tuple[_Actor, str], _Sums]:
    """Per person and model: someone has a record for each terminal and each kind of account that they used."""
    sums: dict[tuple[_Actor, str], _Sums] = {}
    for position, raw in enumerate(records):
        try:
            record = decoded(_record_decoder, raw, f"data[{position}]", "")
            figures = list(_figures(record, f"data[{position}]"))
        except Unreadable as fault:
            sorting.keep_aside("", fault)
            continue
        for model, counter, amount in figures:
            of_model = sums.setdefault((_one_spelling(record.actor), model), {})
            of_model[counter] = of_model.get(counter, 0) + amount
    return sums


def _figures(record: _Record, place: str) -> Iterator[tuple[str, Counter, int]]:
    for number, one in enumerate(record.model_breakdown):
        tokens = one.tokens
        yield one.model, Counter.INPUT, tokens.input
        yield one.model, Counter.OUTPUT, tokens.output
        yield one.model, Counter.CACHE_READ, tokens.cache_read
        yield one.model, Counter.CACHE_WRITE, tokens.cache_creation
        if one.estimated_cost is not None:
            where = f"{place}.model_breakdown[{number}].estimated_cost"
            if one.estimated_cost.currency.upper() != "USD":
                raise Unreadable(f"{where}.currency", "only dollars can be counted")
            yield one.model, Counter.COST, nanousd(one.estimated_cost.amount * _CENT, f"{where}.amount")


def _one_spelling(actor: _Actor) -> _Actor:
    email = actor.email_address
    return _Actor(email_address=as_email(email) or email.lower()) if email else actor


def _events(day: date, actor: _Actor, model: str, figures: _Sums) -> Sequence[Event]:
    email = actor.email_address
    subject = email or actor.api_key_name or ""
    who = email or f"key {subject}"
    event = Event(
        source=SOURCE,
        id=f"{day}/{who}/{model}",
        subject=subject,
        time_us=utc_midnight_us(day) + 12 * _HOUR_US,
        fact=Usage(model=model, calls=0, cost_kind=CostKind.ESTIMATED if Counter.COST in figures else None),
        claim=Claim(f"claude-code-day:{email or ''}:{day}", Signal.DAY_TOTAL),  # telemetry does not say which key
        readings=tuple(
            Reading(counter, _series(day, who, model, counter), amount, is_cumulative=True)
            for counter, amount in figures.items()
            if amount or counter is Counter.COST  # a cost of 0 is one: nothing is to be priced in its place
        ),
    )
    return (event,)


def _series(day: date, who: str, model: str, counter: Counter) -> bytes:
    return blake2b("\0".join((SOURCE, day.isoformat(), who, model, counter)).encode(), digest_size=16).digest()
