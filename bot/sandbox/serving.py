"""Runs the real service inside this process: the app and the server that ``bandstand serve`` runs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from bot.app import build_app, server_config
from bot.faults import Fault
from bot.sandbox.waiting import wait_until
from bot.world import World

_START_WITHIN_S = 30


@asynccontextmanager
async def serving(world: World, *, with_slack: bool) -> AsyncIterator[str]:
    """The service on 127.0.0.1 until the block ends; gives its address. Raises ``Fault`` when it does not start."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", world.settings.port))
        listening.listen(128)
        server = QuietServer(server_config(build_app(world, with_slack=with_slack)))
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
