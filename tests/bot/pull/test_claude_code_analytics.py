"""A vendor's report of a day is repeated and grows: only growth adds, and a person's own telemetry comes before it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

import pytest

from bot.faults import Fault
from bot.hooks.otlp.answers import SignalKind
from bot.ingest_token import new_token
from db.directory import PersonRow, person_by_email, upsert_people
from db.ingest_tokens import add_token
from db.pulls import reached
from scoring.events import CostKind
from tests.bot.hooks.doors import open_doors
from tests.bot.hooks.otlp.claude_code import CAPTURED_US, FILES, TURN, TURN_NANOUSD, bytes_of, encoding_of, kind_of
from tests.bot.hooks.otlp.exports import counter, export, in_json, log_record, point
from tests.bot.pull.apis import analytics_routes, person_day, served, trouble
from tests.bot.pull.pulls import Puller

SOURCE = "claude-code-analytics"
SATURDAY, SUNDAY, MONDAY = date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 1)
SONNET, OPUS = "claude-sonnet-4-5-20250929", "claude-opus-4-8"
ADA, GRACE = "ada@acme.test", "grace@acme.test"
WEEKEND = {"first": "2026-05-30", "last": "2026-05-31"}
NAMES = ("input", "output", "cache_read", "cache_write", "cost_nanousd")
HOUR_US = 3600 * 1_000_000


def totals(*figures: tuple[str, str, tuple[int, int, int, int, int]]) -> Counter[tuple[str, str, str]]:
    """By person and model: the four classes of tokens, and nano-dollars."""
    return +Counter(
        {(who, model, name): amount for who, model, of in figures for name, amount in zip(NAMES, of, strict=True)}
    )


def test_each_person_day_and_model_is_counted_to_the_token_and_nano_dollar(puller: Puller) -> None:
    days = {
        SATURDAY: [
            person_day("Ada@acme.test", SATURDAY, {SONNET: (100, 200, 3000, 40, 12.3456789), OPUS: (1, 2, 3, 4, 1025)}),
            person_day(ADA, SATURDAY, {SONNET: (7, 0, 0, 0, 0.7)}, terminal_type="iTerm.app"),
            person_day(GRACE, SATURDAY, {SONNET: (5, 5, 0, 0, 0)}, customer_type="subscription"),
            person_day("ci-key", SATURDAY, {OPUS: (9, 0, 0, 0, 3)}),
            person_day(GRACE, SATURDAY, {}, terminal_type="tmux"),
        ],
        SUNDAY: [person_day(ADA, SUNDAY, {SONNET: (10, 0, 0, 0, 1)})],
    }
    with served(analytics_routes(days)) as (url, _):
        puller.pull(SOURCE, url, **WEEKEND)
    assert puller.totals() == totals(
        (ADA, SONNET, (117, 200, 3000, 40, 123_456_789 + 7_000_000 + 10_000_000)),
        (ADA, OPUS, (1, 2, 3, 4, 10_250_000_000)),
        (GRACE, SONNET, (5, 5, 0, 0, 0)),
        ("ci-key", OPUS, (9, 0, 0, 0, 30_000_000)),
    )
    rows = puller.rows()
    assert {row["calls"] for row in rows} == {0}
    assert {row["cost_kind"] for row in rows} == {CostKind.ESTIMATED}
    assert {str(row["event_day"]) for row in rows} == {"2026-05-30", "2026-05-31"}


def test_a_day_that_is_asked_for_again_adds_what_it_has_grown_by(puller: Puller) -> None:
    days = {MONDAY: [person_day(ADA, MONDAY, {SONNET: (100, 10, 0, 0, 5)})]}
    with served(analytics_routes(days)) as (url, _):
        assert puller.pull(SOURCE, url, first="2026-06-01")["new"] == 1
        assert puller.pull(SOURCE, url, first="2026-06-01")["new"] == 0
        days[MONDAY] = [person_day(ADA, MONDAY, {SONNET: (150, 10, 600, 0, 7.5), OPUS: (1, 1, 0, 0, 2)})]
        assert puller.pull(SOURCE, url, first="2026-06-01")["new"] == 2
        assert puller.pull(SOURCE, url, first="2026-06-01")["new"] == 0
    assert puller.totals() == totals(
        (ADA, SONNET, (150, 10, 600, 0, 75_000_000)), (ADA, OPUS, (1, 1, 0, 0, 20_000_000))
    )


def test_a_finished_day_is_not_asked_for_again_unless_told_to(sqlite_puller: Puller) -> None:
    days = {SATURDAY: [person_day(ADA, SATURDAY, {SONNET: (1, 1, 1, 1, 1)})]}
    with served(analytics_routes(days)) as (url, troubles):
        sqlite_puller.pull(SOURCE, url, **WEEKEND)
        sqlite_puller.now_us += 72 * HOUR_US  # figures of a weekend are final by Thursday
        sqlite_puller.pull(SOURCE, url, **WEEKEND)
        troubles.asked.clear()
        sqlite_puller.pull(SOURCE, url, **WEEKEND)
        assert troubles.asked == []
        assert sqlite_puller.pull(SOURCE, url, **WEEKEND, again=True)["duplicate"] == 1
        assert len(troubles.asked) == 2


def test_a_pull_that_breaks_off_keeps_its_days_and_takes_no_half_of_one(sqlite_puller: Puller) -> None:
    people = [person_day(f"p{number}@acme.test", SATURDAY, {SONNET: (1, 0, 0, 0, 1)}) for number in range(5)]
    sqlite_puller.now_us += 72 * HOUR_US
    with served(analytics_routes({SATURDAY: people, SUNDAY: people})) as (url, troubles):
        troubles.after(4, trouble(400))
        with pytest.raises(Fault, match="Anthropic answers 400"):
            sqlite_puller.pull(SOURCE, url, **WEEKEND)
        assert len(sqlite_puller.rows()) == 5
        troubles.asked.clear()
        assert sqlite_puller.pull(SOURCE, url, **WEEKEND)["new"] == 5
        assert all("starting_at=2026-05-31" in asked for asked in troubles.asked)


def test_its_rate_limits_are_kept(sqlite_puller: Puller) -> None:
    day = {SATURDAY: [person_day(ADA, SATURDAY, {SONNET: (1, 0, 0, 0, 1)})]}
    with served(analytics_routes(day)) as (url, troubles):
        limit = {
            "anthropic_ratelimit_requests_remaining": "0",
            "anthropic_ratelimit_requests_reset": "2026-06-01T12:00:20Z",
        }
        troubles.after(0, trouble(429, retry_after="11"), trouble(429, **limit), trouble(529))
        assert sqlite_puller.pull(SOURCE, url, **WEEKEND)["new"] == 1
    assert sqlite_puller.waits == [11, 20, 4]


def test_another_account_has_days_of_its_own(sqlite_puller: Puller) -> None:
    day = {SATURDAY: [person_day(ADA, SATURDAY, {SONNET: (1, 0, 0, 0, 1)})]}
    sqlite_puller.now_us += 72 * HOUR_US
    with served(analytics_routes(day)) as (url, _):
        sqlite_puller.pull(SOURCE, url, **WEEKEND)
        other = sqlite_puller.settings(anthropic_url=url, anthropic_admin_key="of-another-organisation")
        with pytest.raises(Fault, match="refuses the key"):
            sqlite_puller.pull_with(other, SOURCE, **WEEKEND)
    with sqlite_puller.store.read() as conn:
        assert not reached(conn, SOURCE, url, "2026-05-30", "2026-06-01")


@pytest.mark.parametrize("is_telemetry_first", [True, False])
async def test_a_person_whose_telemetry_tells_of_the_day_is_counted_by_that(
    puller: Puller, is_telemetry_first: bool
) -> None:
    """The telemetry is that of a real Claude Code on a laptop that names Ada: six calls."""
    puller.now_us, that_day = CAPTURED_US, date(2026, 11, 23)
    exports = [file for file in FILES if file.startswith("tools_json_verbose_user_email/")]

    async def telemetry() -> None:
        async with open_doors(puller.store, now_us=CAPTURED_US) as doors:
            for file in exports:
                answer = await doors.otlp(kind_of(file).value, bytes_of(file), encoding_of(file).value)
                assert answer.is_success

    records = [
        person_day(ADA, that_day, {OPUS: (9000, 2000, 99_000, 13_000, 25)}),
        person_day(GRACE, that_day, {OPUS: (7, 0, 0, 0, 1)}),
    ]
    with served(analytics_routes({that_day: records})) as (url, _):
        if is_telemetry_first:
            await telemetry()
        await asyncio.to_thread(puller.pull, SOURCE, url, first="2026-11-23")
        if not is_telemetry_first:
            await telemetry()
    turns = tuple(6 * each for each in (TURN.input, TURN.output, TURN.cache_read, TURN.cache_write, TURN_NANOUSD))
    sums = puller.totals()
    assert sums_of(sums, ADA) == dict(zip(NAMES, turns, strict=True))
    assert sums_of(sums, GRACE) == {"input": 7, "cost_nanousd": 10_000_000}


@pytest.mark.parametrize("is_telemetry_first", [True, False])
async def test_a_laptop_that_names_nobody_is_its_tokens_owners(puller: Puller, is_telemetry_first: bool) -> None:
    """Six calls with a key, told with Ada's personal token: neither her day nor that of the keys counts them again."""
    puller.now_us, that_day = CAPTURED_US, date(2026, 11, 23)
    with puller.store.write() as conn:
        upsert_people(conn, [PersonRow(email=ADA)], CAPTURED_US)
        ada = person_by_email(conn, ADA)
        assert ada is not None
        token = new_token()
        add_token(conn, id=token.id, door="otlp", person_id=ada.id, name="laptop", hash=token.hash, now_us=CAPTURED_US)

    async def telemetry() -> None:
        async with open_doors(puller.store, now_us=CAPTURED_US) as doors:
            for file in FILES:
                if file.startswith("tools_protobuf/"):
                    proof = f"Bearer {token.text}"
                    answer = await doors.otlp(
                        kind_of(file).value, bytes_of(file), encoding_of(file).value, authorization=proof
                    )
                    assert answer.is_success

    records = [person_day(who, that_day, {OPUS: (9000, 2000, 99_000, 13_000, 25)}) for who in (ADA, "ci-key", GRACE)]
    with served(analytics_routes({that_day: records})) as (url, _):
        if is_telemetry_first:
            await telemetry()
        await asyncio.to_thread(puller.pull, SOURCE, url, first="2026-11-23")
        if not is_telemetry_first:
            await telemetry()
    turns = tuple(6 * each for each in (TURN.input, TURN.output, TURN.cache_read, TURN.cache_write, TURN_NANOUSD))
    grace = (9000, 2000, 99_000, 13_000, 250_000_000)
    assert puller.totals() == totals((token.id, OPUS, turns), (GRACE, OPUS, grace))


async def test_keys_keep_their_days_beside_people_who_signed_in(puller: Puller) -> None:
    that_day = date(2026, 11, 23)
    puller.now_us = CAPTURED_US
    signed_in = {"user.email": ADA, "user.account_uuid": "a", "session.id": "s", "model": OPUS, "output_tokens": 5}
    record = log_record({**signed_in, "event.name": "api_request"}, timeUnixNano=str((CAPTURED_US - 60_000_000) * 1000))
    async with open_doors(puller.store, now_us=CAPTURED_US) as doors:
        assert (await doors.otlp("logs", in_json(export(SignalKind.LOGS, record)), "application/json")).is_success
    records = [person_day(who, that_day, {OPUS: (0, 7, 0, 0, 1)}) for who in (ADA, "ci-key")]
    with served(analytics_routes({that_day: records})) as (url, _):
        await asyncio.to_thread(puller.pull, SOURCE, url, first="2026-11-23")
    tokens = {(who, name): amount for (who, _, name), amount in puller.totals().items() if name == "output"}
    assert tokens == {(ADA, "output"): 5, ("ci-key", "output"): 7}


async def test_an_export_that_began_before_midnight_is_of_both_days(sqlite_puller: Puller) -> None:
    midnight_ns = 1_795_392_000 * 10**9  # of 2026-11-23 in UTC
    sqlite_puller.now_us = CAPTURED_US
    times = {"startTimeUnixNano": str(midnight_ns - 40 * 10**9), "timeUnixNano": str(midnight_ns + 20 * 10**9)}
    at = point(5, {"user.email": ADA, "session.id": "s", "model": OPUS, "type": "output"}, **times)
    async with open_doors(sqlite_puller.store, now_us=CAPTURED_US) as doors:
        body = in_json(export(SignalKind.METRICS, counter("claude_code.token.usage", at)))
        assert (await doors.otlp("metrics", body, "application/json")).is_success
    days = {day: [person_day(ADA, day, {OPUS: (0, 5, 0, 0, 1)})] for day in (date(2026, 11, 22), date(2026, 11, 23))}
    with served(analytics_routes(days)) as (url, _):
        await asyncio.to_thread(sqlite_puller.pull, SOURCE, url, first="2026-11-22", last="2026-11-23")
    assert sums_of(sqlite_puller.totals(), ADA) == {"output": 5}


def sums_of(sums: Counter[tuple[str, str, str]], who: str) -> dict[str, int]:
    """Of one person, over models."""
    found: Counter[str] = Counter()
    for (person, _, name), amount in sums.items():
        if person == who:
            found[name] += amount
    return dict(found)


def odd_records() -> list[dict[str, Any]]:
    euros = person_day("e@acme.test", SATURDAY, {SONNET: (1, 0, 0, 0, 1)})
    euros["model_breakdown"][0]["estimated_cost"]["currency"] = "EUR"
    return [
        euros,
        person_day("n@acme.test", SATURDAY, {SONNET: (-1, 0, 0, 0, 1)}),
        person_day("m@acme.test", SATURDAY, {SONNET: (1, 0, 0, 0, -1)}),
        person_day("x\u202e@acme.test", SATURDAY, {SONNET: (1, 0, 0, 0, 1)}),
    ]


def test_records_that_cannot_be_counted_are_kept_aside(sqlite_puller: Puller) -> None:
    records = [*odd_records(), person_day(ADA, SATURDAY, {SONNET: (1, 0, 0, 0, 1)})]
    with served(analytics_routes({SATURDAY: records})) as (url, _):
        counts = sqlite_puller.pull(SOURCE, url, **WEEKEND)
    assert (counts["new"], counts["kept aside"]) == (1, 4)


async def test_an_answer_that_is_another_is_said_to_be(sqlite_puller: Puller) -> None:
    with served(analytics_routes({})) as (url, troubles):
        answer = trouble(200)
        troubles.after(0, answer)
        with pytest.raises(Fault, match=r"Anthropic's answer to /v1/\S+ is none that is known: data: missing"):
            await asyncio.to_thread(sqlite_puller.pull, SOURCE, url, **WEEKEND)
