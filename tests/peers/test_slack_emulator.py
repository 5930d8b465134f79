"""The app against a Slack that is not ours (npm's ``emulate``): commands, buttons, forms, Home and the digest.

It is more lenient than Slack (no Block Kit limits, no metadata rules); the stand-in of ours holds those.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.jobs.digest import DIGEST
from bot.jobs.job import JobContext
from bot.jobs.runner import run_by_hand
from bot.sandbox.serving import serving
from bot.settings import HookSecrets, Settings
from bot.slack import actions
from bot.slack_side import wording
from bot.world import RuleBook, World
from db.directory import everyone
from db.engine import Store
from scoring.program import AiOps, Digest, Program
from scoring.program_file import version_of

pytestmark = pytest.mark.peer

_FOLDER = Path(__file__).parent / "slack_emulator"
PROGRAM = Program(digest=Digest(channels=("C0GUILD",)), ai_ops=AiOps(channel="C0OPS"))


class Emulator:
    """The emulated Slack, the app that it delivers to, and the hands of those who use it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.app_url = ""

    async def slash(self, user: str, command: str, text: str = "") -> dict[str, Any]:
        answer = await self._post("slash", user=user, command=command, text=text, channel="C0GUILD")
        body = answer["body"]
        return json.loads(body) if body else {}

    async def click(self, user: str, action_id: str, view: dict[str, Any] | None = None) -> None:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": "", "action_ts": "1.1"}
        place = {"view": view, "container": {"type": "view"}} if view else {"channel": {"id": "C0GUILD"}}
        await self._post("interact", user=user, payload={"type": "block_actions", "actions": [action], **place})

    async def interact(self, user: str, **payload: Any) -> dict[str, Any]:
        answer = await self._post("interact", user=user, payload=payload)
        return json.loads(answer["body"] or "{}")

    async def open_home(self, user: str) -> None:
        await self._post("event", event={"type": "app_home_opened", "user": user, "tab": "home"})

    async def state(self, table: str) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = (await self._get("state"))[table]
        return kept

    async def responses(self) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = await self._get("responses")
        return sent

    async def view(self, user: str, kind: str) -> dict[str, Any] | None:
        """The newest view of that kind that ``user`` sees."""
        views = [one for one in await self.state("views") if one["user_id"] == user and one["type"] == kind]
        return views[-1] if views else None

    async def _post(self, what: str, **given: Any) -> dict[str, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.address}/hands/{what}", json={"url": self.app_url, **given}) as answer,
        ):
            delivered: dict[str, Any] = await answer.json()
            assert delivered["status"] == 200, delivered
            return delivered

    async def _get(self, what: str) -> Any:
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/hands/{what}") as answer:
            return await answer.json()


@pytest.fixture
def emulator_address() -> Iterator[str]:
    assert (_FOLDER / "node_modules" / "emulate").exists(), "run .ci/run, which installs the emulator"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    node = shutil.which("node")
    assert node is not None
    with subprocess.Popen(
        [node, str(_FOLDER / "launch.mjs"), str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as emulator:
        assert emulator.stdout is not None
        assert emulator.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
        emulator.terminate()


@pytest.fixture
def world(sqlite_store: Store, tmp_path: Path, emulator_address: str) -> World:
    settings = Settings(
        _env_file=None,
        BANDSTAND_DATABASE_URL=f"sqlite:///{tmp_path}/unused.db",
        BANDSTAND_PORT=0,
        BANDSTAND_HOOK_SECRETS=HookSecrets(events=("secret",)),
        SLACK_BOT_TOKEN="xoxb-emulated",
        SLACK_SIGNING_SECRET="emulated-signing-secret",
        SLACK_API_URL=f"{emulator_address}/api/",
    )
    return World(settings, sqlite_store, RuleBook(PROGRAM, version_of(PROGRAM)), lambda: time.time_ns() // 1000)


@pytest.fixture
async def emulator(world: World, emulator_address: str) -> AsyncIterator[Emulator]:
    """With the app running; its first sync has found out who works here."""
    made = Emulator(emulator_address)
    async with serving(world, with_slack=True) as address:
        made.app_url = f"{address}/slack/events"
        await until(lambda: _known(world) >= {"ada@acme.test", "grace@acme.test"})
        yield made


def _known(world: World) -> set[str]:
    with world.store.read() as conn:
        return {person.email for person in everyone(conn)}


async def until(is_so: Callable[[], Any]) -> Any:
    """What ``is_so`` gives (or what it awaits) once it is something."""
    for _ in range(200):
        found = is_so()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


async def test_commands_answer_the_one_who_typed(emulator: Emulator) -> None:
    answer = await emulator.slash("U0ADA", "/bandstand", "rank")
    assert answer["response_type"] == "ephemeral"
    assert "You on the outcome board" in answer["text"]
    assert "Did you mean `/bandstand rules`?" in (await emulator.slash("U0ADA", "/bandstand", "rulse"))["text"]


async def test_a_button_answers_beneath_its_message(emulator: Emulator) -> None:
    await emulator.click("U0ADA", actions.SHOW_RULES)
    (answer,) = await until(emulator.responses)
    assert "Prompts and answers are never stored" in answer["text"]
    assert answer["replace_original"] is False


async def test_home_is_published_and_follows_a_choice(emulator: Emulator) -> None:
    await emulator.open_home("U0GRACE")
    home = await until(lambda: emulator.view("U0GRACE", "home"))
    assert "Your AI work" in str(home["blocks"])
    shown = {"id": home["view_id"], "hash": home["hash"], "type": "home"}
    await emulator.click("U0GRACE", actions.STAY_UNNAMED, shown)

    async def follows() -> bool:
        return "You stay unnamed" in str((await emulator.view("U0GRACE", "home") or {}).get("blocks"))

    await until(follows)
    assert "You stay unnamed" in str((await until(lambda: emulator.view("U0GRACE", "modal")))["blocks"])


async def test_a_shortcut_opens_a_form_and_what_is_sent_reaches_ai_ops_once(emulator: Emulator) -> None:
    await emulator.interact("U0ADA", type="shortcut", callback_id=actions.ASK_OR_REPORT, action_ts="1.1")
    form = await until(lambda: emulator.view("U0ADA", "modal"))
    values = {"question": {"text": {"type": "plain_text_input", "value": "Is <!channel> right?"}}}
    view = {
        "id": form["view_id"],
        "type": "modal",
        "callback_id": form["callback_id"],
        "state": {"values": values},
    }
    for _ in range(2):
        answer = await emulator.interact("U0ADA", type="view_submission", view=view)
        assert "Sent." in str(answer["view"]["blocks"])

    async def asked() -> list[dict[str, Any]]:
        return [one for one in await emulator.state("messages") if one["channel_id"] == "C0OPS"]

    (message,) = await until(asked)
    assert message["text"] == "Ada Lovelace asks or reports: Is &lt;!channel&gt; right?"


async def test_the_digest_is_posted_once(emulator: Emulator, world: World) -> None:
    context = JobContext(world, wording(world.settings))
    for _ in range(2):
        await run_by_hand(DIGEST, context, world.now_us())

    async def posted() -> list[dict[str, Any]]:
        return [one for one in await emulator.state("messages") if one["channel_id"] == "C0GUILD"]

    (digest,) = await until(posted)
    assert digest["text"].startswith("AI program: ")
    assert digest["blocks"][0]["type"] == "header"
