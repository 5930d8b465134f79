"""``bandstand run JOB``: one scheduled job now, and what it says delivered."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.markup import escape

from bot.commands.moments import moment_us
from bot.jobs.catalogue import run_job
from bot.jobs.job import JobContext, JobResult
from bot.settings import Settings
from bot.slack.client import slack_client
from bot.slack_side import build_courier, wording
from bot.world import Clock, World, open_world


def run_one_job(settings: Settings, now_us: Clock, job: str, *, at: str | None, dry_run: bool) -> None:
    """Runs ``job`` and, where Slack is connected, delivers what is due; a dry run prints it instead."""
    with open_world(settings, now_us) as world:
        at_us = now_us() if at is None else moment_us(at, world.program.zone)
        result = asyncio.run(_run(world, job, at_us, dry_run=dry_run))
    console = Console(soft_wrap=True, highlight=False)
    for line in result.lines:
        console.print(escape(line))
    for one in result.posts:
        verb = "would post" if dry_run else "posted" if settings.has_slack else "waits in the outbox: a post"
        console.print(f"\n[bold]{verb} to {escape(one.recipient or 'no channel')}[/bold]")
        console.print(escape(one.message.text))


async def _run(world: World, job: str, at_us: int, *, dry_run: bool) -> JobResult:
    client = slack_client(world.settings) if world.settings.has_slack else None
    result = await run_job(job, JobContext(world, wording(world.settings), client), at_us, dry_run=dry_run)
    if client is not None and not dry_run:
        await build_courier(world, client).drain()
    return result
