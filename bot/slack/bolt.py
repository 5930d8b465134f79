"""Bolt, with every listener; what they need is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listeners import buttons, commands, events, shortcuts, submissions
from bot.slack.request import workspace_of
from bot.slack.say import say
from bot.world import World


def build_bolt(world: World, client: AsyncWebClient) -> AsyncApp:
    """The app. Requests are verified before they get here: by ``bot.slack.guard`` over HTTP, by Slack in Socket Mode."""
    app = AsyncApp(
        name="bandstand",  # without one Bolt reads the source of the whole stack to find one
        client=client,
        request_verification_enabled=False,
        ssl_check_enabled=True,
        raise_error_for_unhandled_request=False,
    )
    app.middleware(_own_workspace_only)
    for kind in (commands, buttons, submissions, shortcuts, events):
        kind.register(app, world)
    return app


async def _own_workspace_only(
    body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[BoltResponse]]
) -> BoltResponse:
    """Refuses whoever clicks or types in from another workspace over a shared channel."""
    ours = context.authorize_result.team_id if context.authorize_result else None
    theirs = workspace_of(body)
    if not (ours and theirs and ours != theirs):
        return await next()
    refusal: dict[str, Any] = {"response_type": "ephemeral", "text": say("refused-elsewhere")}
    if "command" in body:
        return BoltResponse(status=200, body=refusal)
    if context.response_url and context.respond is not None:  # Slack shows no answer to a click itself
        await context.respond(**refusal, replace_original=False)
    return BoltResponse(status=200)
