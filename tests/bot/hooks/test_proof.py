"""Who may send: Standard Webhooks signatures and bearer tokens, several secrets at once."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from starlette.datastructures import Headers

from bot.hooks.answers import Refusal
from bot.hooks.proof import Prover
from bot.sandbox.company.sending import signature_headers
from bot.settings import HookSecrets, SettingsError
from db.engine import Store
from tests.bot.hooks.doors import EVENTS_SECRET, SINGLE, Doors, cloud_event, litellm_record, open_doors
from tests.builders import MONDAY_NOON

OLD_SECRET = "whsec_" + "b2xkIHNlY3JldCB0aGF0IGlzIGdvaW5nIGF3YXk="
BODY = json.dumps(cloud_event()).encode()


def signed(
    secret: str = EVENTS_SECRET, body: bytes = BODY, at: datetime = MONDAY_NOON, message_id: str = "msg_1"
) -> dict[str, str]:
    """The headers as the reference library signs."""
    return {
        "content-type": SINGLE,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode("latin-1")),
    }


async def send(
    doors: Doors, headers: dict[str, str], body: bytes = BODY, path: str = "/hooks/events"
) -> httpx.Response:
    return await doors.client.post(path, content=body, headers=headers)


def test_the_published_example_is_proved() -> None:
    headers = Headers(
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
    )
    prover = Prover([EVENTS_SECRET], "SETTING")
    prover.require_signature(headers, b'{"test": 2432232314}', 1_614_265_330_000_000)
    with pytest.raises(Refusal):
        prover.require_signature(headers, b'{"test": 2432232315}', 1_614_265_330_000_000)


async def test_what_the_reference_library_signs_is_taken(store: Store) -> None:
    async with open_doors(store) as doors:
        assert (await send(doors, signed())).status_code == 200


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_five_minutes_of_difference_are_fine(sqlite_store: Store, seconds: int) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await send(doors, signed(at=MONDAY_NOON + timedelta(seconds=seconds)))).status_code == 200


@pytest.mark.parametrize("secret", [EVENTS_SECRET, OLD_SECRET])
async def test_two_secrets_are_good_while_one_replaces_the_other(sqlite_store: Store, secret: str) -> None:
    secrets = HookSecrets(events=(EVENTS_SECRET, OLD_SECRET))
    async with open_doors(sqlite_store, secrets=secrets) as doors:
        assert (await send(doors, signed(secret))).status_code == 200
        bearer = {"content-type": SINGLE, "authorization": f"bearer  {secret}"}
        assert (await send(doors, bearer)).status_code == 200


async def test_one_of_several_signatures_is_enough(sqlite_store: Store) -> None:
    headers = signed()
    others = [signed(OLD_SECRET)["webhook-signature"], "v1a,YQ==", "v1,", "v2", "v1,%%%"]
    headers["webhook-signature"] = " ".join([*others, headers["webhook-signature"]])
    async with open_doors(sqlite_store) as doors:
        assert (await send(doors, headers)).status_code == 200


async def test_the_signature_covers_the_body_as_it_was_sent(sqlite_store: Store) -> None:
    body = gzip.compress(BODY)
    async with open_doors(sqlite_store) as doors:
        assert (await send(doors, signed(body=BODY) | {"content-encoding": "gzip"}, body)).status_code == 401
        assert (await send(doors, _signed_bytes(body) | {"content-encoding": "gzip"}, body)).status_code == 200


def _signed_bytes(body: bytes) -> dict[str, str]:
    return signature_headers(EVENTS_SECRET, "msg_2", int(MONDAY_NOON.timestamp()), body) | {"content-type": SINGLE}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"webhook-signature": "v1,AAAA"}, "webhook-signature: no signature fits"),
        ({"webhook-signature": ""}, "webhook-signature: no signature fits"),
        ({"webhook-signature": "v1,"}, "webhook-signature: no signature fits"),
        ({"webhook-signature": "ä,ö v1,ü"}, "webhook-signature: no signature fits"),
        ({"webhook-timestamp": "soon"}, "webhook-timestamp: whole seconds since 1970 are needed"),
        ({"webhook-timestamp": ""}, "webhook-timestamp: whole seconds since 1970 are needed"),
        ({"webhook-timestamp": "-1"}, "webhook-timestamp: whole seconds since 1970 are needed"),
        ({"webhook-timestamp": "²"}, "webhook-timestamp: whole seconds since 1970 are needed"),
        ({"webhook-timestamp": "9" * 5000}, "webhook-timestamp: whole seconds since 1970 are needed"),
        ({"webhook-timestamp": "0"}, "webhook-timestamp: more than five minutes off"),
        ({"webhook-id": "msg_2"}, "webhook-signature: no signature fits"),
        ({"webhook-id": ""}, "webhook-id: missing"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_signature_that_does_not_fit_is_401(sqlite_store: Store, changes: dict[str, str], fault: str) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in (signed() | changes).items()]
    async with open_doors(sqlite_store) as doors:
        answer = await doors.client.post("/hooks/events", content=BODY, headers=headers)
        assert (answer.status_code, answer.json()["error"], doors.stored()) == (401, fault, [])


@pytest.mark.parametrize("seconds", [-302, 302])
async def test_a_stale_signature_is_401(sqlite_store: Store, seconds: int) -> None:
    async with open_doors(sqlite_store) as doors:
        assert (await send(doors, signed(at=MONDAY_NOON + timedelta(seconds=seconds)))).status_code == 401


@pytest.mark.parametrize("path", ["/hooks/events", "/hooks/litellm"])
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic cHJveHktdG9rZW4=", "Bearer ä"]
)
async def test_no_or_a_wrong_token_is_401(sqlite_store: Store, path: str, authorization: str | None) -> None:
    headers = [(b"content-type", b"application/json")]
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))
    async with open_doors(sqlite_store) as doors:
        answer = await doors.client.post(path, content=json.dumps([litellm_record()]).encode(), headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"], doors.stored()) == (401, "Bearer", [])


async def test_a_token_of_another_door_opens_nothing(sqlite_store: Store) -> None:
    headers = {"authorization": f"Bearer {EVENTS_SECRET}", "content-type": "application/json"}
    async with open_doors(sqlite_store) as doors:
        assert (await send(doors, headers, b"[]", "/hooks/litellm")).status_code == 401
        assert (
            await send(doors, {"content-type": SINGLE}, path="/hooks/events?token=" + EVENTS_SECRET)
        ).status_code == 401


async def test_a_door_without_a_secret_says_what_to_set(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, secrets=HookSecrets()) as doors:
        unsigned = await doors.events(cloud_event())
        also_signed = await send(doors, signed())
        litellm = await doors.litellm([])
    for answer, door in ((unsigned, "EVENTS"), (also_signed, "EVENTS"), (litellm, "LITELLM")):
        assert answer.status_code == 401
        assert f"set BANDSTAND_HOOK_SECRETS__{door}" in answer.json()["error"]


@pytest.mark.parametrize("secret", ["whsec_", "whsec_%%%", "whsec_ä"])
def test_a_signing_secret_that_is_none_stops_the_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="BANDSTAND_HOOK_SECRETS__EVENTS: after whsec_ comes the key in base64"):
        Prover([secret], "BANDSTAND_HOOK_SECRETS__EVENTS")


@given(
    key=st.binary(min_size=24, max_size=64),
    body=st.text(st.characters(codec="utf-8")),
    other=st.binary(min_size=24, max_size=64),
)
def test_any_key_proves_what_it_signed_and_no_other_does(key: bytes, body: str, other: bytes) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    headers = Headers(
        {
            "webhook-id": "m",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(key).sign("m", at, body),
        }
    )
    now_us = int(at.timestamp()) * 1_000_000
    Prover(["whsec_" + base64.b64encode(key).decode().rstrip("=")], "S").require_signature(
        headers, body.encode(), now_us
    )
    if key != other:
        stranger = Prover(["whsec_" + base64.b64encode(other).decode()], "S")
        with pytest.raises(Refusal):
            stranger.require_signature(headers, body.encode(), now_us)
