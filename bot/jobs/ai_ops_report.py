"""Every week: what the people who run the program should look after, in their channel."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.ai_ops_report import AiOpsReport, ai_ops_report
from bot.slots import Slot, Weekly
from db.health import outbox_states, pricing
from db.identities import attribution_shares, unattributed
from db.rejected import rejected_by_source
from scoring.program import Program, Weekday
from scoring.window import local_day, midnight_us

_DAYS = 7
_MOST_NAMED = 10
_PRIORITY = 40


def post_report(context: JobContext, slot: Slot, channels: Scopes) -> tuple[Work, ...]:
    world = context.world
    with world.store.read() as conn:
        report = report_at(conn, slot.at_us, world.program)
    message = ai_ops_report(report)
    return tuple(
        Work(
            scope=channel,
            posts=(Post(f"ai_ops_report/{channel}/{slot.name}", "ai_ops_report", channel, message, _PRIORITY),),
            lines=(f"Report {slot.name} for {channel or 'no channel'}.",),
        )
        for channel in channels
    )


def report_at(conn: Connection, at_us: int, program: Program) -> AiOpsReport:
    """What was seen in the seven local days up to ``at_us``, its own day included."""
    last_day = local_day(at_us - 1, program.zone)
    first_day = last_day - timedelta(days=_DAYS - 1)
    nobodys = unattributed(conn, first_day)
    shares = attribution_shares(conn, first_day)
    prices = pricing(conn, first_day)
    return AiOpsReport(
        first_day=first_day,
        last_day=last_day,
        events=sum(share.events for share in shares),
        unattributed_events=sum(one.events for one in nobodys),
        unattributed_names=len(nobodys),
        largest_unattributed=nobodys[:_MOST_NAMED],
        calls=prices.calls,
        unpriced_calls=prices.unpriced_calls,
        rejected=tuple(rejected_by_source(conn, midnight_us(first_day, program.zone)).items()),
        parked_messages=outbox_states(conn).get("parked", 0),
    )


def _channel(program: Program) -> Scopes:
    return (program.ai_ops.channel,) if program.ai_ops.channel else ()


AI_OPS_REPORT = Job(
    "ai_ops_report",
    lambda _program: Weekly(Weekday.MONDAY, time(8)),
    in_thread(post_report),
    scopes=_channel,
    is_public=True,
    missing_scope='Nobody gets the report: name a channel in program.toml, [ai_ops] channel = "#…".',
)
