"""Runs the real service inside this process: the app and the server that ``bandstand serve`` runs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.app import build_app, server_config
from bot.faults import Fault
from bot.sandbox.waiting import wait_until
from bot.slack_side import SlackSide
from bot.world import World

_START_WITHIN_S = 30


@asynccontextmanager
async def serving(world: World, *, with_slack: bool, with_schedule: bool = True) -> AsyncIterator[str]:
    """The service on 127.0.0.1 until the block ends; gives its address. Raises ``Fault`` when it does not start."""
    app = build_app(world, with_slack=with_slack, with_schedule=with_schedule)
    async with served(server_config(app), world.settings.port) as address:
        yield address


@asynccontextmanager
async def conversing(world: World) -> AsyncIterator[str]:
    """What the service answers in Slack alone, without its schedule and its courier; gives its address."""
    app = Starlette(routes=SlackSide(world).routes)
    async with served(uvicorn.Config(app, log_config=None, lifespan="off")) as address:
        yield address


@asynccontextmanager
async def served(config: uvicorn.Config, port: int = 0) -> AsyncIterator[str]:
    """Serves on 127.0.0.1 until the block ends; gives the address. Raises ``Fault`` when it does not start."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
        server = QuietServer(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await _wait_until_started(server, running)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


class QuietServer(uvicorn.Server):
    """A server that leaves Ctrl-C to the demo, which has more than the server to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _wait_until_started(server: uvicorn.Server, running: asyncio.Task[None]) -> None:
    async def has_started() -> bool:
        if running.done():
            raise Fault("the service did not start")
        return server.started

    await wait_until(has_started, _START_WITHIN_S, f"the service did not start within {_START_WITHIN_S} s")
