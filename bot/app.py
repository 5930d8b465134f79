"""The composition root: builds the parts of the service from settings, and starts and stops them in order."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.connections import BoundedConnection
from bot.faults import Fault
from bot.hooks.routes import hook_routes
from bot.intake import Intake
from bot.limits import CONNECTIONS, IDLE_SECONDS, WAITING_EVENTS
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.prices import PriceBook
from bot.settings import Settings, require_hooks, require_slack
from bot.world import Clock, World, open_world
from db.engine import StoreUnavailable, sole_server, sqlite_warning
from db.health import outbox_states, ping
from db.writer import LedgerWriter

if TYPE_CHECKING:
    from bot.slack_side import SlackSide

_log = structlog.get_logger()

_SHUTDOWN_SECONDS = 20
_NEW_OBJECTS = 50_000  # that may live before circles are looked for: more than the requests under way are made of


def run_server(settings: Settings, now_us: Clock, *, with_slack: bool) -> None:
    """Serves until it is told to stop; requests under way are finished and everything taken is written.

    Raises ``SettingsError``, ``StoreError``, ``StoreUnavailable``, ``ProgramError`` or ``Fault`` when it cannot start.
    """
    require_hooks(settings)
    if with_slack:
        require_slack(settings)
    configure_logs()
    _allow_open_files(2 * CONNECTIONS)
    with sole_server(settings.database_url), open_world(settings, now_us) as world:
        if world.store.is_sqlite and (warning := sqlite_warning()):
            _log.warning("old SQLite", advice=warning)
        with _listening_socket(settings) as listening:
            host, port = listening.getsockname()[:2]
            _log.info("listening", address=f"http://{host}:{port}", slack=with_slack)
            serve(build_app(world, with_slack=with_slack), listening)


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Answers on ``listening`` with ``app`` until the process is told to stop."""
    _look_for_circles_seldom()
    _Server(server_config(app)).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that ends in order when it is told to; uvicorn's own dies of the signal once it has shut down."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def server_config(app: ASGIApp, connection: type[BoundedConnection] = BoundedConnection) -> uvicorn.Config:
    """How uvicorn runs ``app``: no access log (it would hold addresses and paths), a bounded farewell."""
    return uvicorn.Config(
        app,
        http=connection,
        ws="none",
        timeout_keep_alive=IDLE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


def build_app(world: World, *, with_slack: bool, with_schedule: bool = True) -> Starlette:
    """The whole service as an ASGI application; its lifespan starts and stops the parts."""
    prices = PriceBook(world.program.prices)
    writer = LedgerWriter(
        world.store, world.program.zone, world.now_us, price_of=prices.priced, most_waiting=WAITING_EVENTS
    )
    metrics = Metrics(waiting_events=lambda: writer.waiting, outbox_states=lambda: _outbox_states(world))
    intake = Intake(writer, world.program.lanes, prices, metrics.count)
    slack = _slack_side(world, with_schedule=with_schedule) if with_slack else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            writer.start()
            running.push_async_callback(writer.stop)
            if slack is not None:
                await running.enter_async_context(slack.running())
            yield

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        try:
            await asyncio.to_thread(_ping, world)
        except StoreUnavailable:
            return JSONResponse({"status": "the database is away"}, 503, {"Retry-After": "1"})
        return JSONResponse({"status": "ready"})

    async def metrics_text(_request: Request) -> Response:
        return Response(await asyncio.to_thread(metrics.text), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[
            *hook_routes(world, intake),
            *(slack.routes if slack is not None else ()),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics_text),
        ],
        lifespan=lifespan,
    )


def _slack_side(world: World, *, with_schedule: bool) -> SlackSide:
    from bot.slack_side import SlackSide  # late: an ingest replica needs none of Slack's libraries

    return SlackSide(world) if with_schedule else SlackSide(world, jobs=())


def _ping(world: World) -> None:
    with world.store.read() as conn:
        ping(conn)


def _outbox_states(world: World) -> dict[str, int]:
    with world.store.read() as conn:
        return outbox_states(conn)


def _look_for_circles_seldom() -> None:
    """Requests under way are many objects and no circles; Python would search them, and all its libraries, all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def _allow_open_files(count: int) -> None:
    """As many as there may be connections, and as the system lets us."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if most == resource.RLIM_INFINITY else min(count, most)
    if resource.RLIM_INFINITY != allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _listening_socket(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise Fault(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "set BANDSTAND_HOST and BANDSTAND_PORT to an address that is free"
        ) from error
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening
