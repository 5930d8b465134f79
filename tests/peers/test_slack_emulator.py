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
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.faults import Fault
from bot.jobs.bands import BANDS
from bot.jobs.digest import DIGEST
from bot.jobs.job import JobContext
from bot.jobs.runner import run_by_hand
from bot.sandbox.serving import serving
from bot.settings import HookSecrets, Settings
from bot.slack import actions
from bot.slack.blocks.bands import BandLine, reports_bands
from bot.slack.recipients import send
from bot.slack_side import wording
from bot.world import RuleBook, World
from db.directory import PersonRow, everyone, upsert_people
from db.engine import Store
from db.exceptions import request_of
from db.flags import keep_flags
from db.standings import publish
from scoring.bands.band import Band
from scoring.exceptions import ExceptionState
from scoring.flag import Flag, FlagKind
from scoring.program import AiOps, Budget, Digest, Program
from scoring.program_file import version_of
from scoring.standings import Standings, Withheld, WithheldReason
from scoring.window import local_day, window_before

pytestmark = pytest.mark.peer

_FOLDER = Path(__file__).parent / "slack_emulator"
PROGRAM = Program(
    digest=Digest(channels=("C0GUILD",)),
    ai_ops=AiOps(channel="C0OPS", people=("grace@acme.test",)),
    budgets=(Budget(name="month", dollars=20),),
)
_DAY_US = 86_400_000_000


class Emulator:
    """The emulated Slack, the app that it delivers to, and the hands of those who use it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.app_url = ""

    async def slash(self, user: str, command: str, text: str = "") -> dict[str, Any]:
        answer = await self._post("slash", user=user, command=command, text=text, channel="C0GUILD")
        body = answer["body"]
        return json.loads(body) if body else {}

    async def click(self, user: str, action_id: str, view: dict[str, Any] | None = None, value: str = "") -> None:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
        place = {"view": view, "container": {"type": "view"}} if view else {"channel": {"id": "C0GUILD"}}
        await self._post("interact", user=user, payload={"type": "block_actions", "actions": [action], **place})

    async def interact(self, user: str, **payload: Any) -> dict[str, Any]:
        answer = await self._post("interact", user=user, payload=payload)
        return json.loads(answer["body"] or "{}")

    async def fill_in(self, user: str, action_id: str, value: str = "", **fields: str) -> str:
        """Clicks a button that opens a form, and submits it with ``fields``; what the app answers."""
        known = {one["view_id"] for one in await self.state("views")}
        await self.click(user, action_id, value=value)

        async def opened() -> dict[str, Any] | None:
            views = [one for one in await self.state("views") if one["user_id"] == user and one["type"] == "modal"]
            return next((one for one in views if one["view_id"] not in known), None)

        form = await until(opened)
        elements = {block.get("block_id"): block.get("element", {}) for block in form["blocks"]}
        view = {
            "id": form["view_id"],
            "type": "modal",
            "callback_id": form["callback_id"],
            "private_metadata": form.get("private_metadata") or "",
            "state": {"values": {name: entered(elements[name], text) for name, text in fields.items()}},
        }
        return str(await self.interact(user, type="view_submission", view=view))

    async def said(self, words: str) -> list[dict[str, Any]]:
        """The messages with ``words`` in their text or blocks."""
        return [one for one in await self.state("messages") if words in str(one)]

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


def entered(element: dict[str, Any], text: str) -> dict[str, Any]:
    """``text`` as the state of a form's element; "" chooses what stands there first."""
    name, kind = element["action_id"], element["type"]
    if kind == "static_select":
        return {name: {"type": kind, "selected_option": {"value": text or element["options"][0]["value"]}}}
    return {name: {"type": kind, "selected_date" if kind == "datepicker" else "value": text}}


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


async def test_an_exception_from_the_request_to_its_end(emulator: Emulator, world: World) -> None:
    report_to_grace(world)
    until_day = (local_day(world.now_us(), world.program.zone) + timedelta(days=5)).isoformat()
    asked = await emulator.fill_in(
        "U0ADA", actions.ASK_EXCEPTION, ceiling="", amount="15", until=until_day, why="A migration"
    )
    assert "Grace Hopper is asked, privately." in asked
    (request,) = await until(lambda: emulator.said("asks for $15.00 more"))
    assert "Approve" in str(request["blocks"])
    await emulator.click("U0GRACE", actions.APPROVE_EXCEPTION, value="1")
    await until(lambda: emulator.said("Grace Hopper approved it"))

    async def shows_who_decided() -> bool:
        found = [one for one in await emulator.state("messages") if one["ts"] == request["ts"]]
        return "Approved by Grace Hopper" in str(found)

    await until(shows_who_decided)

    async def is_over() -> bool:
        with suppress(Fault):  # the service may be at it too
            await run_by_hand(BANDS, JobContext(world, wording(world.settings)), world.now_us() + 7 * _DAY_US)
        with world.store.read() as conn:
            found = request_of(conn, 1)
        return found is not None and found.state is ExceptionState.EXPIRED

    await until(is_over)


async def test_a_dispute_is_answered_by_a_person_and_the_answer_arrives(emulator: Emulator, world: World) -> None:
    with world.store.write() as conn:
        (ada,) = [one for one in everyone(conn) if one.email == "ada@acme.test"]
        missing = Withheld(ada.id, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("3 accepted tasks are needed.",))
        publish(conn, Standings("outcome", window_before(2**52, 28, world.program.zone), "v1", (), (missing,)))
    opened = await emulator.fill_in("U0ADA", actions.DISPUTE, "score/outcome", matter="", why="Two tasks are missing.")
    assert "A person answers by" in opened
    (asked,) = await until(lambda: emulator.said("Two tasks are missing."))
    assert asked["channel_id"] == "C0OPS"
    done = await emulator.fill_in("U0GRACE", actions.OPEN_UPHOLD, "1", answer="They were.", consequence="")
    assert "Upheld." in done
    await until(lambda: emulator.said("You were right. They were."))


async def test_a_flag_is_decided_on_with_a_reason(emulator: Emulator, world: World) -> None:
    with world.store.write() as conn:
        (ada,) = [one for one in everyone(conn) if one.email == "ada@acme.test"]
        now_us = world.now_us()
        flag = Flag(
            ada.id,
            FlagKind.PROMPT_LOOP,
            now_us - _DAY_US,
            now_us,
            {"repeats": 30},
            "One prompt 30 times.",
            strength=2.0,
        )
        keep_flags(conn, {"0f0f0f0f": flag}, now_us)
    shown = await emulator.slash("U0GRACE", "/bandstand", "flags")
    assert "One prompt 30 times." in shown["text"]
    done = await emulator.fill_in("U0GRACE", actions.CONFIRM_FLAG, "0f0f0f0f", reason="A loop that nobody looked at.")
    assert "Confirmed." in done
    assert "No flag is open." in (await emulator.slash("U0GRACE", "/bandstand", "flags"))["text"]


async def test_a_manager_hears_of_all_reports_in_one_message(emulator: Emulator, world: World) -> None:
    report_to_grace(world)
    message = reports_bands([BandLine("Ada Lovelace", Band.RED, ())], [])
    with world.store.write() as conn:
        for _ in range(2):
            send(
                conn,
                message,
                dedupe_key="reports_bands/1",
                kind="reports_bands",
                recipient="U0GRACE",
                priority=1,
                now_us=world.now_us(),
            )
    (told,) = await until(lambda: emulator.said("1 of your reports has a yellow or red band"))
    assert "Ada Lovelace" in str(told["blocks"])


def report_to_grace(world: World) -> None:
    with world.store.write() as conn:
        upsert_people(conn, [PersonRow("ada@acme.test", manager_email="grace@acme.test")], world.now_us())
