"""``/bandstand connect``: a token of one's own, shown once to its person alone, and taken back with a click."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import inspect, text
from starlette.datastructures import Headers

from bot.hooks.answers import Refusal
from bot.hooks.keyring import Keyring
from bot.hooks.proof import Proof, Prover
from bot.ingest_token import given_token
from bot.jobs.sync_people import sync_people
from bot.logs import configure_logs
from bot.sandbox.serving import serving
from bot.sandbox.slack.block_kit import fault_of
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, Account
from bot.slack import actions
from bot.world import World
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.identities import resolve
from db.ingest_tokens import PERSONAL_SOURCE, all_tokens
from db.tables import identities
from scoring.program import Program
from tests.bot.slack.wired import now_us, wired_world

_TOKEN = re.compile(r"Authorization=Bearer (bst_[\w-]+)")


class Office:
    """A workspace where ada and ben work; dara left, gus is a guest."""

    def __init__(self, slack: SlackStandIn, world: World) -> None:
        self.slack = slack
        self.store = world.store

    async def connect(self, user: str = "ada") -> dict[str, Any]:
        answer = await self.slack.type_command(f"U{user}", "#guild", "/bandstand", "connect")
        assert answer["response_type"] == "ephemeral"
        assert fault_of(answer["text"], answer["blocks"]) is None
        return answer

    async def revoke(self, user: str, token_id: str) -> str:
        answer = await self.slack.click(f"U{user}", "#guild", actions.REVOKE_TOKEN, token_id)
        assert answer["response_type"] == "ephemeral"
        return str(answer["text"])

    async def proof(self, token: str) -> Proof | None:
        """Whom the token proves at the OTLP door of a server that has just started."""
        prover = Prover([], "SETTING", Keyring(self.store, now_us), "otlp")
        try:
            return await prover.require_bearer(Headers({"authorization": f"Bearer {token}"}))
        except Refusal:
            return None

    def id_of(self, name: str) -> int:
        with self.store.read() as conn:
            person = person_by_email(conn, f"{name}@acme.test")
        assert person is not None
        return person.id


def shown(answer: dict[str, Any]) -> str:
    """The text of all blocks."""
    return "\n".join(block["text"]["text"] for block in answer["blocks"] if block["type"] == "section")


def token_in(answer: dict[str, Any]) -> str:
    match = _TOKEN.search(shown(answer))
    assert match is not None, shown(answer)
    return match[1]


def buttons_in(answer: dict[str, Any]) -> list[str]:
    """The ids of the tokens that can be revoked with a click."""
    found = [one for block in answer["blocks"] for one in (*block.get("elements", ()), block.get("accessory"))]
    return [one["value"] for one in found if one is not None]


@pytest.fixture(params=["https://bandstand.acme.test/"])
def public_url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def office(sqlite_store: Store, public_url: str) -> AsyncIterator[Office]:
    slack = SlackStandIn()
    slack.workspace.add_channel("guild")
    for name in ("ada", "ben", "stranger"):
        slack.workspace.add_account(Account(f"U{name}", name, name.title()))
    slack.workspace.add_account(Account("Udara", "dara", "Dara", is_deleted=True))
    slack.workspace.add_account(Account("Ugus", "gus", "Gus", is_guest=True))
    people = [PersonRow(f"{name}@acme.test", slack_id=f"U{name}") for name in ("ada", "ben", "dara", "gus")]
    with sqlite_store.write() as conn:
        upsert_people(conn, people, 1)
        upsert_people(conn, [PersonRow("dara@acme.test", is_active=False)], 2)
    async with slack.running():
        world = wired_world(slack, sqlite_store, Program(), BANDSTAND_PUBLIC_URL=public_url)
        async with serving(world, with_slack=True, with_schedule=False) as slack.app_url:
            yield Office(slack, world)


async def test_the_answer_has_all_that_claude_code_needs(office: Office) -> None:
    answer = await office.connect()
    for line in (
        "export CLAUDE_CODE_ENABLE_TELEMETRY=1",
        "export OTEL_METRICS_EXPORTER=otlp",
        "export OTEL_LOGS_EXPORTER=otlp",
        "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "export OTEL_EXPORTER_OTLP_ENDPOINT=https://bandstand.acme.test/hooks/otlp",
        f'export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer {token_in(answer)}"',
    ):
        assert f"\n{line}\n" in f"{shown(answer)}\n".replace("```", "\n")
    assert "What is never seen: prompts, answers and code." in shown(answer)


@pytest.mark.parametrize("public_url", [""], indirect=True)
async def test_without_a_public_address_it_says_whom_to_ask(office: Office) -> None:
    answer = await office.connect()
    assert "Ask your AI ops team" in shown(answer)
    assert "OTEL_EXPORTER_OTLP_ENDPOINT=https://ADDRESS/hooks/otlp" in shown(answer)


async def test_the_token_proves_its_person_from_then_on(office: Office) -> None:
    token = token_in(await office.connect("ben"))
    given = given_token(token)
    assert given is not None
    assert await office.proof(token) == Proof(office.id_of("ben"), given.id, "ben@acme.test")
    with office.store.write() as conn:
        (identity,) = resolve(conn, [(PERSONAL_SOURCE, given.id)], 1).values()
        row = conn.execute(identities.select().where(identities.c.id == identity)).one()
    assert (row.person_id, row.linked_by, row.is_asserted) == (office.id_of("ben"), "token", False)


async def test_a_click_revokes_it_and_only_its_own_person_can(office: Office) -> None:
    answer = await office.connect("ada")
    token, (token_id,) = token_in(answer), buttons_in(answer)
    assert "no such token" in await office.revoke("ben", token_id)
    assert await office.proof(token) is not None
    assert "Revoked" in await office.revoke("ada", token_id)
    assert await office.proof(token) is None
    assert "no such token" in await office.revoke("ada", token_id)
    assert "no such token" in await office.revoke("ada", "nonsense")


async def test_nobody_has_more_than_five(office: Office) -> None:
    answers = [await office.connect("ada") for _ in range(5)]
    ids = [token.id for token in _tokens(office.store)]
    assert [len(buttons_in(answer)) for answer in answers] == [1, 2, 3, 4, 5]
    refused = await office.connect("ada")
    assert "You have 5 tokens already" in shown(refused)
    assert not _TOKEN.search(shown(refused))
    assert sorted(buttons_in(refused)) == sorted(ids)
    assert token_in(await office.connect("ben"))
    await office.revoke("ada", ids[0])
    assert token_in(await office.connect("ada"))


@pytest.mark.parametrize("who", ["stranger", "dara", "gus"])
async def test_strangers_guests_and_those_who_left_get_none(office: Office, who: str) -> None:
    with office.store.write() as conn:
        upsert_people(conn, [PersonRow("stranger@elsewhere.test")], 3)
    # Gus was made a guest after the directory had them; the daily look at Slack tells.
    await sync_people(AsyncWebClient(token=BOT_TOKEN, base_url=office.slack.api_url), office.store, now_us())
    answer = await office.slack.type_command(f"U{who}", "#guild", "/bandstand", "connect")
    assert "I don't know you yet" in answer["text"]
    assert _tokens(office.store) == ()


async def test_the_token_is_shown_and_nowhere_else(office: Office, tmp_path: Path) -> None:
    out, err, log = io.StringIO(), io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), _our_logs(log):
        answer = await office.connect()
        token = token_in(answer)
        await office.proof(token)
        await office.revoke("ada", buttons_in(answer)[0])
    secret = token.split("_", 2)[2]
    assert secret not in answer["text"]  # which a notification may show
    with office.store.read() as conn:
        rows = b"".join(
            msgspec.json.encode(tuple(row), enc_hook=str)
            for table in inspect(conn).get_table_names()
            for row in conn.execute(text(f'SELECT * FROM "{table}"'))
        )
    assert not any(secret in str(call.arguments) for call in office.slack.calls)
    for place in (rows + _every_file(tmp_path), out.getvalue(), err.getvalue(), log.getvalue()):
        assert secret not in (place.decode("latin-1") if isinstance(place, bytes) else place)


@contextmanager
def _our_logs(stream: io.StringIO) -> Iterator[None]:
    """What the service logs goes to ``stream`` until the block ends."""
    root = logging.getLogger()
    loggers = [root, logging.getLogger("slack_bolt"), logging.getLogger("slack_sdk")]
    before, levels, ours = root.handlers, [logger.level for logger in loggers], structlog.get_config()
    configure_logs(stream)
    try:
        yield
    finally:
        structlog.configure(**ours)
        root.handlers = before
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _tokens(store: Store) -> tuple[Any, ...]:
    with store.read() as conn:
        return all_tokens(conn)


def _every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
