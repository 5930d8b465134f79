"""``python -m benchmarks.night``: 85,000 people, 5,000 band changes in a night, told through a Slack that keeps its limits.

Computing takes the time that it takes. Delivery goes over HTTP to the stand-in with a clock that moves when the courier
sleeps, so that half an hour of pacing is over in a minute; what is printed is the time that Slack's pace makes of it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from benchmarks.scoring import PEOPLE, WINDOW, fill
from bot.delivery.courier import Courier
from bot.jobs.band_reports import BAND_REPORTS
from bot.jobs.bands import BANDS
from bot.jobs.bands_overview import BANDS_OVERVIEW
from bot.jobs.job import JobContext, Wording
from bot.jobs.runner import run_by_hand
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, Account
from bot.sandbox.waiting import wait_until
from bot.settings import Settings
from bot.slack.message import Message
from bot.world import RuleBook, World
from db.engine import Store, open_store
from db.outbox import unsettled
from db.tables import outbox
from scoring.program import AiOps, Bands, Budget, Flags, Program

_CHANGES_A_PERSON = 5_000 / 85_000
_REPORTS = 8  # of one manager
_TOGETHER = 4  # neighbours whose bands change
_SECOND_US = 1_000_000
_HOUR_US = 3_600 * _SECOND_US
_MORNING_US = WINDOW.end_us + 8 * _HOUR_US  # 9:00 in London, where people are at work
_ZONES = ("Europe/London", "Europe/Berlin", "Europe/Madrid")
_PROGRAM = Program(
    budgets=(Budget(name="daily", period="day", dollars=10),),
    bands=Bands(low_value_factor=100),  # only the changes that are wanted here
    flags=Flags(kinds=()),
    ai_ops=AiOps(channel="#ai-ops", people=("p1@acme.test",)),
)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self, us: int) -> None:
        self.us = us

    def __call__(self) -> int:
        return self.us

    async def sleep(self, seconds: float) -> None:
        self.us += max(int(seconds * _SECOND_US), 1000)
        await asyncio.sleep(0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the people")
    people = PEOPLE // 10 if parser.parse_args().quick else PEOPLE
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="bandstand-night-") as folder, _company(Path(folder), people) as store:
        asyncio.run(_night(store, people))


async def _night(store: Store, people: int) -> None:
    changes = round(people * _CHANGES_A_PERSON)
    _print("people, band changes", f"{people:,}, {changes:,}")
    await _write_messages(store)
    await _deliver(store, people)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
    _print("most memory", f"{peak:,} MiB")


async def _write_messages(store: Store) -> None:
    """The jobs as the schedule runs them: the people hear at nine, their managers an hour later, AI ops with them."""
    for job, at_us in (
        (BANDS, _MORNING_US),
        (BAND_REPORTS, _MORNING_US + _HOUR_US),
        (BANDS_OVERVIEW, _MORNING_US + _HOUR_US),
    ):
        world = World(Settings(_env_file=None), store, RuleBook(_PROGRAM, "v1"), lambda at_us=at_us: at_us)  # type: ignore[misc]
        wording = Wording(digest=lambda _: Message("", ()), welcome=lambda _: Message("", ()))
        began = time.perf_counter()
        result = await run_by_hand(job, JobContext(world, wording), at_us)
        _print(f"job {job.name}", f"{time.perf_counter() - began:.1f} s, {len(result.posts):,} messages")


async def _deliver(store: Store, people: int) -> None:
    """All of it waits at ten; the first courier is killed after a third, and another one takes over."""
    clock = Clock(_MORNING_US + _HOUR_US)
    slack = SlackStandIn()
    slack.pace = Pace(clock)
    slack.workspace.add_channel("ai-ops")
    for number in range(1, people + 1):
        slack.workspace.add_account(Account(f"U{number}", f"p{number}", f"P{number}"))
    with store.read() as conn:
        total = unsettled(conn)
    began, began_us = time.perf_counter(), clock()
    async with slack.running():
        killed = asyncio.create_task(_courier(store, slack, clock).drain())
        await wait_until(lambda: _has_calls(slack, total // 3), 300, "the courier does not get on")
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        successor = _courier(store, slack, clock)
        while _is_unsettled(store):
            await successor.drain()
            await clock.sleep(1)
    said = [one for place in slack.workspace.conversations.values() for one in place.messages]
    _print("delivered", f"{len(said):,} of {total:,} messages")
    _print("at Slack's pace", f"{(clock() - began_us) / 60 / _SECOND_US:.1f} minutes")
    _print("of our own time", f"{time.perf_counter() - began:.1f} s")
    _print("calls", ", ".join(f"{count:,} {name}" for name, count in Counter(c.method for c in slack.calls).items()))
    _print("most calls in a second", f"{slack.pace.most_in_a_second}")
    _print("429 answers", f"{slack.pace.refused.total():,}")
    _print_order(store, said)


def _print_order(store: Store, said: list[dict[str, Any]]) -> None:
    keys = Counter(one["metadata"]["event_payload"]["dedupe_key"] for one in said)
    _print("said twice", f"{sum(count - 1 for count in keys.values()):,}")
    o = outbox.c
    columns = (
        o.kind,
        o.priority,
        func.count(),
        func.min(o.sent_us),
        func.max(o.sent_us),
        func.count(o.recipient.distinct()),
    )
    with store.read() as conn:
        rows = conn.execute(select(*columns).group_by(o.kind, o.priority).order_by(o.priority)).all()
    first_us = min(row[3] for row in rows)
    for kind, priority, count, begin_us, end_us, recipients in rows:
        minutes = f"minute {(begin_us - first_us) / 6e7:.1f} to {(end_us - first_us) / 6e7:.1f}"
        _print(f"{kind}, urgency {priority}", f"{count:,} to {recipients:,}, {minutes}")


def _courier(store: Store, slack: SlackStandIn, clock: Clock) -> Courier:
    client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
    return Courier(store, client, clock, trouble_channel="#ai-ops", sleep=clock.sleep)


async def _has_calls(slack: SlackStandIn, least: int) -> bool:
    return len(slack.calls) >= least


def _is_unsettled(store: Store) -> bool:
    with store.read() as conn:
        return unsettled(conn) > 0


@contextmanager
def _company(folder: Path, people: int) -> Iterator[Store]:
    """Four weeks of everybody's work, and a morning on which 5,000 in 85,000 cross a ceiling, two in five the hard one."""
    store = open_store(f"sqlite:///{folder / 'night.db'}")
    store.migrate()
    began = time.perf_counter()
    with sqlite3.connect(folder / "night.db") as conn:
        fill(conn, people)
        conn.executemany(
            "UPDATE people SET slack_id = ?, slack_timezone = ?, manager_email = ?, welcomed_us = 1 WHERE id = ?",
            (
                (f"U{number}", _ZONES[number % 3], f"p{1 + number // _REPORTS}@acme.test", number)
                for number in range(1, people + 1)
            ),
        )
        conn.executemany(
            "INSERT INTO events (event_day, identity_id, key, type, time_us, received_us, lane, model, tokens_input, "
            "tokens_output, tokens_cache_read, tokens_cache_write, cost_nanousd, cost_kind, is_error, is_retry, calls, "
            "is_shadowed) VALUES (?, ?, ?, 'usage', ?, ?, 'production', 'claude-sonnet-4-5', 1, 1, 0, 0, ?, 'billed', "
            "0, 0, 1, 0)",
            _crossings(people),
        )
    _print("made up in", f"{time.perf_counter() - began:.1f} s")
    yield store
    store.close()


def _crossings(people: int) -> Iterator[tuple[Any, ...]]:
    today = str(date.fromordinal(WINDOW.days[-1].toordinal() + 1))
    changes = round(people * _CHANGES_A_PERSON)
    for turn in range(changes):
        number = 1 + turn // _TOGETHER * _TOGETHER * people // changes + turn % _TOGETHER
        dollars = 12 if turn % 5 < 2 else 9
        at_us = WINDOW.end_us + _HOUR_US + turn
        yield today, number, (10**12 + turn).to_bytes(16, "big"), at_us, at_us, dollars * 10**9


def _print(what: str, figure: str) -> None:
    print(f"{what:<28} {figure}", flush=True)


if __name__ == "__main__":
    main()
