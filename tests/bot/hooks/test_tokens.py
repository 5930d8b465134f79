"""Tokens made here, over HTTP: live at once, dead within seconds of being revoked, beside the secrets of the settings."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import inspect, text
from starlette.datastructures import Headers

from bot.hooks.answers import Refusal
from bot.hooks.keyring import Keyring
from bot.hooks.proof import Proof, Prover, fingerprint, sent_by
from bot.ingest_token import NewToken, new_token
from bot.sandbox.company.sending import signature_headers
from bot.settings import HookSecrets
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store, open_store
from db.ingest_tokens import add_token, all_tokens, revoke_token
from db.secret_uses import last_uses
from db.strength import usage_strength
from tests.bot.hooks.doors import (
    EVENTS_SECRET,
    LITELLM_SECRET,
    OTLP_SECRET,
    SINGLE,
    Doors,
    as_bytes,
    cloud_event,
    litellm_record,
    open_doors,
)
from tests.bot.hooks.otlp.claude_code import CAPTURED_US, bytes_of, encoding_of
from tests.builders import MONDAY_NOON, MONDAY_NOON_US, event, usage

SECOND_US = 1_000_000


class MovingClock:
    """A moment that a test moves on."""

    def __init__(self) -> None:
        self.at_us = MONDAY_NOON_US

    def __call__(self) -> int:
        return self.at_us


def make(store: Store, door: str, person_id: int | None = None) -> NewToken:
    made = new_token()
    with store.write() as conn:
        add_token(conn, id=made.id, door=door, person_id=person_id, name="ci", hash=made.hash, now_us=MONDAY_NOON_US)
    return made


def revoke(store: Store, token: NewToken) -> None:
    with store.write() as conn:
        assert revoke_token(conn, token.id, MONDAY_NOON_US)


def hire(store: Store) -> int:
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test")], 1)
        person = person_by_email(conn, "ada@acme.test")
    assert person is not None
    return person.id


def bearer(token: NewToken | str) -> str:
    return f"Bearer {token if isinstance(token, str) else token.text}"


async def seen(ask: Callable[[], object]) -> None:
    """Waits until ``ask`` says something true: what is written beside the event loop comes in its own time."""
    for _ in range(500):
        if await asyncio.to_thread(ask):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


async def test_a_token_opens_its_door_and_no_other(store: Store) -> None:
    token = make(store, "litellm")
    async with open_doors(store) as doors:
        assert (await doors.litellm(litellm_record(), authorization=bearer(token))).status_code == 200
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 401


async def test_a_token_opens_a_door_for_which_the_settings_have_no_secret(sqlite_store: Store) -> None:
    token = make(sqlite_store, "events")
    async with open_doors(sqlite_store, secrets=HookSecrets()) as doors:
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 200
        shut = await doors.events(cloud_event())
        assert "set BANDSTAND_HOOK_SECRETS__EVENTS" in shut.json()["error"]


async def test_a_revoked_token_is_refused_within_seconds(store: Store) -> None:
    clock, token = MovingClock(), make(store, "events")
    async with open_doors(store, now_us=clock) as doors:
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 200
        revoke(store, token)
        clock.at_us += 2 * SECOND_US
        refused = await doors.events(cloud_event(id="2"), authorization=bearer(token))
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert len(doors.stored()) == 1


async def test_a_clock_that_was_set_back_does_not_revive_what_was_revoked(sqlite_store: Store) -> None:
    clock, token = MovingClock(), make(sqlite_store, "events")
    async with open_doors(sqlite_store, now_us=clock) as doors:
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 200
        revoke(sqlite_store, token)
        clock.at_us -= 3600 * SECOND_US
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 401


async def test_a_secret_is_replaced_without_a_gap(store: Store) -> None:
    """Old and new secrets of the settings and two tokens at once; then the old ones go and the new ones stay."""
    clock, old, new = MovingClock(), make(store, "litellm"), make(store, "litellm")
    async with open_doors(store, secrets=HookSecrets(litellm=("old", "new")), now_us=clock) as doors:
        for number, secret in enumerate(("old", "new", old, new)):
            record = litellm_record(id=str(number))
            assert (await doors.litellm(record, authorization=bearer(secret))).status_code == 200
    revoke(store, old)
    async with open_doors(store, secrets=HookSecrets(litellm=("new",)), now_us=clock) as doors:
        answers = [
            await doors.litellm(litellm_record(id="0"), authorization=bearer(secret))
            for secret in ("old", "new", old, new)
        ]
        assert [answer.status_code for answer in answers] == [401, 200, 401, 200]
        assert len(doors.stored()) == 4


async def test_a_flipped_bit_anywhere_is_refused(sqlite_store: Store) -> None:
    token = make(sqlite_store, "otlp")
    prover = Prover([LITELLM_SECRET], "SETTING", Keyring(sqlite_store, lambda: MONDAY_NOON_US), "otlp")
    assert await prover.require_bearer(Headers({"authorization": bearer(token)})) == Proof(None, token.id)
    for given in (token.text, LITELLM_SECRET):
        for place in range(len(given)):
            flipped = given[:place] + chr(ord(given[place]) ^ 1) + given[place + 1 :]
            with pytest.raises(Refusal):
                await prover.require_bearer(Headers({"authorization": bearer(flipped)}))
        for other in (given[:-1], given + "A", given.upper(), given.lower() + "x"):
            with pytest.raises(Refusal):
                await prover.require_bearer(Headers({"authorization": bearer(other)}))


async def test_many_at_once_with_the_same_token_are_all_let_in(store: Store) -> None:
    token = make(store, "otlp")
    prover = Prover([], "SETTING", Keyring(store, lambda: MONDAY_NOON_US), "otlp")
    headers = Headers({"authorization": bearer(token)})
    assert await asyncio.gather(*(prover.require_bearer(headers) for _ in range(200))) == [Proof(None, token.id)] * 200


async def test_while_the_store_is_away_a_token_is_asked_to_come_again_and_not_sent_away(sqlite_store: Store) -> None:
    away = open_store("postgresql://nobody@127.0.0.1:1/nowhere")
    prover = Prover([LITELLM_SECRET], "SETTING", Keyring(away, lambda: MONDAY_NOON_US), "litellm")
    assert await prover.require_bearer(Headers({"authorization": bearer(LITELLM_SECRET)})) == Proof()
    async with open_doors(away) as doors:
        answer = await doors.litellm(litellm_record(), authorization=bearer(new_token()))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    away.close()


async def test_a_personal_token_names_its_person_at_the_otlp_door_alone(store: Store) -> None:
    ada = hire(store)
    token = make(store, "otlp", ada)
    keyring = Keyring(store, lambda: MONDAY_NOON_US)
    headers = Headers({"authorization": bearer(token)})
    proof = await Prover([], "SETTING", keyring, "otlp").require_bearer(headers)
    assert proof == Proof(ada, token.id, "ada@acme.test")
    async with open_doors(store) as doors:
        assert (await doors.events(cloud_event(), authorization=bearer(token))).status_code == 401
        assert (await doors.litellm(litellm_record(), authorization=bearer(token))).status_code == 401


async def test_telemetry_sent_with_a_personal_token_is_its_owners_proved_usage(store: Store) -> None:
    ada, file = hire(store), "plain_json/01_logs.body.json"
    token = make(store, "otlp", ada)
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        for authorization in (bearer(token), bearer(OTLP_SECRET)):
            await doors.otlp("logs", bytes_of(file), encoding_of(file).value, authorization=authorization)
        (row,) = doors.stored()
    assert (row["source"], row["external_id"]) == ("personal-token", token.id)
    with store.read() as conn:
        strength = usage_strength(conn, [ada], [row["event_day"]])[ada]
    assert (strength.calls, strength.asserted_calls) == (1, 0)


async def test_the_token_of_somebody_who_left_is_refused(store: Store) -> None:
    clock, token = MovingClock(), make(store, "otlp", hire(store))
    prover = Prover([], "SETTING", Keyring(store, clock), "otlp")
    headers = Headers({"authorization": bearer(token)})
    await prover.require_bearer(headers)
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email="ada@acme.test", is_active=False)], 2)
    clock.at_us += 2 * SECOND_US
    with pytest.raises(Refusal):
        await prover.require_bearer(headers)


def test_what_comes_with_a_personal_token_is_that_persons_whatever_it_claims() -> None:
    claimed = event(usage(), source="claude-code", subject="ben@acme.test", is_asserted=True)
    owned = sent_by(Proof(7, "0123"), claimed)
    assert (owned.identity, owned.source, owned.is_asserted) == (("personal-token", "0123"), "claude-code", False)
    assert sent_by(Proof(), claimed) == sent_by(Proof(None, "0123"), claimed) == claimed


async def test_the_last_use_of_each_secret_is_kept_by_a_mark_that_does_not_tell_it(store: Store) -> None:
    token = make(store, "events")
    body = as_bytes(cloud_event(id="signed"))
    signed = signature_headers(EVENTS_SECRET, "msg_1", int(MONDAY_NOON.timestamp()), body) | {"content-type": SINGLE}
    sends: dict[str, Callable[[Doors], Awaitable[httpx.Response]]] = {
        "bearer": lambda doors: doors.litellm(litellm_record()),
        "signed": lambda doors: doors.client.post("/hooks/events", content=body, headers=signed),
        "token": lambda doors: doors.events(cloud_event(), authorization=bearer(token)),
        "wrong": lambda doors: doors.litellm(litellm_record(), authorization="Bearer wrong"),
    }
    marks = {"bearer": ("litellm", fingerprint(LITELLM_SECRET)), "signed": ("events", fingerprint(EVENTS_SECRET))}

    def uses() -> dict[tuple[str, str], int]:
        with store.read() as conn:
            tokens = {("token", one.id): one.last_used_us for one in all_tokens(conn) if one.last_used_us}
            return last_uses(conn) | tokens

    expected: dict[tuple[str, str], int] = {}
    for kind, send in sends.items():
        async with open_doors(store) as doors:  # each time a new server, as the first use is written at once
            assert (await send(doors)).status_code == (401 if kind == "wrong" else 200)
            if kind != "wrong":
                expected[marks.get(kind, ("token", token.id))] = MONDAY_NOON_US
            await seen(lambda: uses() == expected)


async def test_uses_within_a_minute_are_written_once(sqlite_store: Store) -> None:
    clock = MovingClock()

    def last() -> int | None:
        with sqlite_store.read() as conn:
            return last_uses(conn).get(("litellm", fingerprint(LITELLM_SECRET)))

    async with open_doors(sqlite_store, now_us=clock) as doors:
        await doors.litellm(litellm_record())
        await seen(last)
        for number in range(100):
            clock.at_us += SECOND_US // 2
            await doors.litellm(litellm_record(id=str(number)))
        assert last() == MONDAY_NOON_US


async def test_a_secret_is_nowhere_but_with_its_holder(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    out, err = io.StringIO(), io.StringIO()
    token, wrong = make(store, "events"), new_token()
    secret = token.text.split("_", 2)[2]
    answers = []
    with redirect_stdout(out), redirect_stderr(err):
        async with open_doors(store) as doors:
            answers.append(await doors.events(cloud_event(), authorization=bearer(token)))
            answers.append(await doors.events(cloud_event(), authorization=bearer(wrong)))
            answers.append(await doors.events(cloud_event(), authorization=bearer(token.text + "x")))
            answers.append(await doors.litellm(litellm_record(), authorization=bearer(token)))
            answers.append(await doors.litellm(litellm_record()))

            def is_noted() -> bool:
                with store.read() as conn:
                    return any(one.last_used_us for one in all_tokens(conn))

            await seen(is_noted)
            held = every_file(tmp_path) + every_row(store)
    assert [answer.status_code for answer in answers] == [200, 401, 401, 401, 200]
    assert token.id.encode() in held
    for place in (held.decode("latin-1"), out.getvalue(), err.getvalue(), caplog.text, *(one.text for one in answers)):
        assert secret not in place
        assert LITELLM_SECRET not in place
        assert wrong.text not in place


def every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def every_row(store: Store) -> bytes:
    with store.read() as conn:
        return b"".join(
            msgspec.json.encode(tuple(row), enc_hook=str)
            for table in inspect(conn).get_table_names()
            for row in conn.execute(text(f'SELECT * FROM "{table}"'))
        )
