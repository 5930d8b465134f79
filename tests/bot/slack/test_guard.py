"""What is not Slack's, or could not be read, never reaches Bolt."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.slack.guard import SlackGuard
from tests.builders import MONDAY_NOON_US

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = MONDAY_NOON_US // 1_000_000
FORM = "application/x-www-form-urlencoded"
COMMAND = urlencode(
    {"command": "/rank", "text": "", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": "1.2.3"}
).encode()
EVENT = json.dumps({"type": "event_callback", "team_id": "T1", "event": {"type": "app_home_opened", "user": "U1"}})


def signed(body: bytes, secret: str = SECRET, timestamp: str = str(NOW)) -> dict[str, str]:
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}"}


async def authorize(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UB", bot_id="B1", bot_token="xoxb-1")


def behind(secrets: str = SECRET) -> tuple[Starlette, list[bytes]]:
    """A real Bolt behind the guard, and the bodies that got as far as Bolt."""
    bolt = AsyncApp(signing_secret=SECRET, authorize=authorize, request_verification_enabled=False)
    reached: list[bytes] = []

    @bolt.command("/rank")
    async def rank(ack: AsyncAck) -> None:
        await ack("You are on the board.")

    @bolt.event("app_home_opened")
    async def home() -> None: ...

    @bolt.action("share")
    async def share(ack: AsyncAck) -> None:
        await ack()

    handler = AsyncSlackRequestHandler(bolt)

    async def endpoint(request: Request) -> Response:
        reached.append(await request.body())
        return await handler.handle(request)

    inner = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    guarded = Starlette(routes=[Route("/slack/events", SlackGuard(inner, secrets, lambda: MONDAY_NOON_US))])
    return guarded, reached


async def post(app: Starlette, body: bytes | AsyncIterator[bytes], headers: Mapping[str, str]) -> httpx.Response:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bandstand") as client:
        return await client.post("/slack/events", content=body, headers=raw)


async def test_a_command_that_slack_signed_is_answered_by_bolt() -> None:
    app, reached = behind()
    answer = await post(app, COMMAND, {"content-type": FORM, **signed(COMMAND)})
    assert (answer.status_code, "You are on the board." in answer.text, reached) == (200, True, [COMMAND])


@pytest.mark.parametrize("body", [EVENT.encode(), json.dumps({"type": "url_verification", "challenge": "c"}).encode()])
async def test_an_event_that_slack_signed_is_answered_by_bolt(body: bytes) -> None:
    app, reached = behind()
    answer = await post(app, body, {"content-type": "application/json; charset=utf-8", **signed(body)})
    assert (answer.status_code, reached) == (200, [body])


async def test_a_click_that_slack_signed_is_answered_by_bolt() -> None:
    payload = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [{"action_id": "share"}]}
    body = urlencode({"payload": json.dumps(payload)}).encode()
    app, _ = behind()
    assert (await post(app, body, {"content-type": FORM, **signed(body)})).status_code == 200


@pytest.mark.parametrize("secret", [SECRET, "the-new-one"])
async def test_two_signing_secrets_are_good_while_one_replaces_the_other(secret: str) -> None:
    app, _ = behind(f"{SECRET}, the-new-one")
    assert (await post(app, COMMAND, {"content-type": FORM, **signed(COMMAND, secret)})).status_code == 200


def test_the_signature_is_the_one_that_slack_sdk_makes() -> None:
    sdk = SignatureVerifier(SECRET).generate_signature(timestamp=str(NOW), body=COMMAND)
    assert sdk == signed(COMMAND)["x-slack-signature"]


@pytest.mark.parametrize(
    "changes",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=0000"},
        {"x-slack-signature": "v0=ä"},
        {"x-slack-signature": signed(COMMAND)["x-slack-signature"].upper()},
        {"x-slack-request-timestamp": "abc"},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "9" * 5000},
        {"x-slack-request-timestamp": "-1"},
        {"x-slack-request-timestamp": "²"},
        signed(COMMAND, "another secret"),
        signed(COMMAND, timestamp=str(NOW - 301)),
        signed(COMMAND, timestamp=str(NOW + 301)),
        signed(COMMAND + b"&more=1"),
    ],
    ids=lambda changes: repr(changes)[:60],
)
async def test_what_slack_did_not_sign_just_now_is_401(changes: dict[str, str]) -> None:
    app, reached = behind()
    headers = {"content-type": FORM, **signed(COMMAND), **changes}
    answer = await post(app, COMMAND, headers)
    assert (answer.status_code, reached) == (401, [])
    assert answer.json()["error"]


async def test_without_a_signing_secret_nobody_gets_in() -> None:
    app, _ = behind("")
    answer = await post(app, COMMAND, {"content-type": FORM, **signed(COMMAND, "")})
    assert (answer.status_code, answer.json()["error"]) == (401, "set SLACK_SIGNING_SECRET to let Slack in")


MALFORMED = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b'{"a": NaN}'),
    ("application/json", b'{"a": "\\ud800"}'),
    ("application/json", b'{"a": "\xff"}'),
    ("application/json", b'{"a": %s}' % (b"9" * 5000)),
    ("application/json", b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}"),
    ("application/json", b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    (FORM, b""),
    (FORM, b"{"),
    (FORM, b"{x&payload={}"),
    (FORM, b"no form"),
    (FORM, b"other=1"),
    (FORM, b"payload="),
    (FORM, b"payload=%7B"),
    (FORM, b"payload=[]"),
    (FORM, b"payload={}&payload=1"),
    (FORM, b"command=%FF"),
    (FORM, b"command=\xff"),
]


@pytest.mark.parametrize(("content_type", "body"), MALFORMED, ids=lambda value: repr(value)[:40])
async def test_what_nobody_could_read_is_401_unsigned_and_400_signed(content_type: str, body: bytes) -> None:
    app, reached = behind()
    unsigned = await post(app, body, {"content-type": content_type})
    answer = await post(app, body, {"content-type": content_type, **signed(body)})
    assert (unsigned.status_code, answer.status_code, reached) == (401, 400, [])
    assert answer.json()["error"].startswith(("body: ", "payload: "))


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({"type": 5}, "body.type: expected `str | null`, got `int`"),
        ({"type": "event_callback"}, "body.event: missing"),
        ({"type": "event_callback", "event": None}, "body.event: expected `object`, got `null`"),
        ({"type": "event_callback", "event": {}}, "body.event.type: missing"),
        ({"type": "event_callback", "event": {"type": "message", "user": 5}}, "body.event.user: expected "),
        ({"type": "block_actions", "actions": []}, "body.actions: expected `array` of length >= 1"),
        ({"type": "block_actions", "actions": ["share"]}, "body.actions[0]: expected `object`, got `str`"),
        ({"type": "view_submission"}, "body.view: missing"),
        ({"team": [1]}, "body.team: expected "),
        ({"authorizations": [{"team_id": 5}]}, "body.authorizations[0].team_id: expected `str | null`, got `int`"),
    ],
    ids=lambda value: repr(value)[:60],
)
async def test_a_payload_that_bolt_would_stumble_over_is_400_with_the_place(
    payload: dict[str, object], fault: str
) -> None:
    app, reached = behind()
    body = json.dumps(payload).encode()
    answer = await post(app, body, {"content-type": "application/json", **signed(body)})
    assert (answer.status_code, reached) == (400, [])
    assert answer.json()["error"].startswith(fault)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({}, 415),
        ({"content-type": FORM, "content-encoding": "gzip"}, 415),
        ({"content-type": FORM, "content-length": str(2 << 20)}, 413),
    ],
)
async def test_another_form_or_size_is_refused(headers: dict[str, str], status: int) -> None:
    app, reached = behind()
    answer = await post(app, COMMAND, {**headers, **signed(COMMAND)})
    assert (answer.status_code, reached) == (status, [])


async def test_a_body_in_chunks_is_measured_as_it_comes() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (1 << 19)

    app, _ = behind()
    assert (await post(app, chunks(), {"content-type": FORM})).status_code == 413


async def test_another_method_is_405() -> None:
    app, _ = behind()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bandstand") as client:
        for method in ("GET", "PUT", "OPTIONS"):
            assert (await client.request(method, "/slack/events")).status_code == 405


@given(
    body=st.binary(max_size=100),
    content_type=st.sampled_from([FORM, "application/json"]),
    is_signed=st.booleans(),
)
async def test_no_bytes_whatever_make_an_error_of_ours(body: bytes, content_type: str, is_signed: bool) -> None:
    app, _ = behind()
    answer = await post(app, body, {"content-type": content_type, **(signed(body) if is_signed else {})})
    assert answer.status_code < 500


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "type", "user"]), inner),
    max_leaves=4,
)
PAYLOADS = st.fixed_dictionaries(
    {"type": st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut"]) | ODD},
    optional=dict.fromkeys(("event", "team", "user", "channel", "actions", "authorizations", "enterprise"), ODD)
    | {"event": st.dictionaries(st.sampled_from(["type", "user", "channel", "team", "item", "message"]), ODD)},
)


@given(payload=PAYLOADS)
async def test_no_payload_whatever_makes_an_error_of_ours(payload: dict[str, object]) -> None:
    app, _ = behind()
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert (await post(app, body, {"content-type": FORM, **signed(body)})).status_code < 500
