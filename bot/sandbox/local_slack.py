"""local-slack: a Slack-like page to act on as anybody (npm, MIT), fetched once and run beside the demo."""

from __future__ import annotations

import asyncio
import platform
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from bot.faults import Fault
from bot.sandbox.company.workspace import Workspace
from bot.sandbox.waiting import wait_until

VERSION = "0.1.8"
USUAL_PORT = 3100

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_INSTALL_TIMEOUT_S = 180
_START_TIMEOUT_S = 20


class LocalSlackMissing(RuntimeError):
    """local-slack cannot be had here; the message says why in one line."""


class LocalSlack(msgspec.Struct, frozen=True):
    """A running local-slack and how an app gets in."""

    address: str
    bot_token: str
    app_token: str
    signing_secret: str

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"


def install_local_slack(folder: Path) -> Path:
    """The program, from npm into ``folder`` unless it is there already. Raises ``LocalSlackMissing``."""
    package = _package()
    program = folder / "node_modules" / package / "bin" / "local-slack"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise LocalSlackMissing("npm is not installed here")
    folder.mkdir(parents=True, exist_ok=True)
    options = (
        "--prefix",
        str(folder),
        "--save-exact",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    )
    try:
        done = subprocess.run(  # noqa: S603
            [npm, "install", *options, f"{package}@{VERSION}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LocalSlackMissing(f"npm took longer than {_INSTALL_TIMEOUT_S} s") from error
    if done.returncode or not program.exists():
        reason = (done.stderr.strip().splitlines() or ["it is not in the package"])[0]
        raise LocalSlackMissing(f"npm could not install {package}@{VERSION}: {reason}")
    return program


def free_port(wanted: int | None) -> int:
    """``wanted``, which must be free; without a wish the usual port, or any free one where that is taken.

    Raises ``Fault``.
    """
    if _is_free(wanted or USUAL_PORT):
        return wanted or USUAL_PORT
    if wanted:
        raise Fault(f"something listens on port {wanted} already; choose another with --port")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  (local-slack listens on every interface)
        except OSError:
            return False
        return True


@asynccontextmanager
async def run_local_slack(program: Path, workspace: Workspace, folder: Path, port: int) -> AsyncIterator[LocalSlack]:
    """local-slack with this workspace on ``port``, until the block ends. Raises ``Fault`` when it does not start."""
    slack = LocalSlack(f"http://localhost:{port}", "xoxb-local-demo", "xapp-local-demo", "local-demo-signing-secret")
    config = folder / "local-slack.json"  # a YAML reader reads JSON too
    config.write_bytes(msgspec.json.encode(_config(workspace, slack)))
    with (folder / "local-slack.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(str(program), "--config", str(config), "--port", str(port), "--files-dir", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is ours to handle: the service says goodbye first
        )
    try:
        await _wait_until_up(process, slack.address)
        yield slack
    finally:
        await _stop(process)


async def _wait_until_up(process: asyncio.subprocess.Process, address: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def is_up() -> bool:
            if process.returncode is not None:
                raise Fault(f"local-slack ended at once with status {process.returncode}")
            return await _answers(session, address)

        await wait_until(is_up, _START_TIMEOUT_S, f"local-slack did not answer within {_START_TIMEOUT_S} s")


async def _answers(session: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with session.get(f"{address}/_control/state") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _package() -> str:
    system, machine = _SYSTEMS.get(platform.system()), _MACHINES.get(platform.machine())
    if system is None or machine is None:
        raise LocalSlackMissing(f"there is no local-slack for {platform.system()} on {platform.machine()}")
    return f"local-slack-{system}-{machine}"


def _config(workspace: Workspace, slack: LocalSlack) -> dict[str, Any]:
    app_user = "U0BANDSTAND"
    return {
        "workspace": {"name": workspace.name, "domain": workspace.domain, "teamId": workspace.team_id},
        "app": {
            "appId": "A0BANDSTAND",
            "botUserId": app_user,
            "botName": "Bandstand",
            "botToken": slack.bot_token,
            "appToken": slack.app_token,
            "signingSecret": slack.signing_secret,
            "mode": "socket",
        },
        "users": workspace.members,
        "channels": [
            {"id": channel.id, "name": channel.name, "members": [*channel.members, app_user]}
            for channel in workspace.channels
        ],
    }
