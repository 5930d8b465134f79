"""Everything of the service that talks with Slack: the conversation, the courier and the schedule."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.delivery.courier import Courier, Sleep
from bot.jobs.catalogue import JOBS
from bot.jobs.job import Job, JobContext, Wording
from bot.schedule import Schedule
from bot.settings import Settings
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.blocks.welcome import welcome
from bot.slack.bolt import build_bolt
from bot.slack.client import slack_client
from bot.slack.guard import SlackGuard
from bot.world import World

_log = structlog.get_logger()


def wording(settings: Settings) -> Wording:
    """What jobs post, in our words."""
    return Wording(digest=weekly_digest, welcome=partial(welcome, command=settings.slack_command))


_SLACK_AWAY_S = 10


class SlackSide:
    """Routes to mount and a lifespan to run in, with ``jobs`` on a schedule. In Socket Mode there are no routes."""

    def __init__(self, world: World, jobs: Sequence[Job] = JOBS) -> None:
        self._settings = world.settings
        self._client = slack_client(world.settings)
        self._bolt = build_bolt(world, self._client)
        self._schedule = Schedule(jobs, JobContext(world, wording(world.settings), self._client))
        self._courier = build_courier(world, self._client)
        self.routes: Sequence[BaseRoute] = (
            () if world.settings.uses_socket_mode else (Route("/slack/events", _guarded(self._bolt, world)),)
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Converses, delivers and keeps the schedule until the block ends."""
        courier = asyncio.create_task(self._courier.run())
        socket = asyncio.create_task(_converse(self._bolt, self._settings)) if self._settings.uses_socket_mode else None
        try:
            async with self._schedule.running():
                yield
        finally:
            if socket is not None:
                socket.cancel()
                await asyncio.gather(socket, return_exceptions=True)
            self._courier.stop()
            await courier


def build_courier(world: World, client: AsyncWebClient, sleep: Sleep = asyncio.sleep) -> Courier:
    return Courier(
        world.store,
        client,
        world.now_us,
        trouble_channel=world.program.ai_ops.channel,
        no_charts=world.no_charts,
        sleep=sleep,
    )


async def _converse(bolt: AsyncApp, settings: Settings) -> None:
    """Socket Mode until cancelled; while Slack cannot be reached, events are taken in all the same."""
    handler = AsyncSocketModeHandler(
        bolt, settings.slack_app_token, web_client=slack_client(settings, settings.slack_app_token)
    )
    try:
        while True:
            try:
                await handler.connect_async()
            except Exception as error:  # whatever keeps Slack away, it is tried again
                _log.warning("Slack not reached", error=type(error).__name__)
                await asyncio.sleep(_SLACK_AWAY_S)
                continue
            _log.info("Slack connected")
            await asyncio.Event().wait()
    finally:
        await handler.close_async()


def _guarded(bolt: AsyncApp, world: World) -> SlackGuard:
    handler = AsyncSlackRequestHandler(bolt)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler.handle(Request(scope, receive))
        await response(scope, receive, send)

    return SlackGuard(answer, world.settings.slack_signing_secret, world.now_us)
