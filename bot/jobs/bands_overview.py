"""Every day: AI ops get everybody's yellow and red bands in their channel, where any of them has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.bands import BandLine, BandsOverview, bands_for_ai_ops
from bot.slack.naming import display_name
from bot.slots import Daily, Slot
from db.bands import bands_at
from db.directory import people_by_id
from scoring.bands.shown import ShownBand
from scoring.program import Program

_PRIORITY = 16
_DAY_US = 24 * 3_600_000_000


def post_overview(context: JobContext, slot: Slot, channels: Scopes) -> tuple[Work, ...]:
    """Red first. On a day without any change nothing is posted."""
    with context.world.store.read() as conn:
        overview = overview_at(conn, slot.at_us)
    if not (overview.worse or overview.better):
        return tuple(Work(scope=channel, lines=("No band has changed since yesterday.",)) for channel in channels)
    message = bands_for_ai_ops(overview)
    return tuple(
        Work(
            scope=channel,
            posts=(Post(f"bands_overview/{channel}/{slot.name}", "bands_overview", channel, message, _PRIORITY),),
            lines=(f"Bands of {slot.name} for {channel or 'no channel'}.",),
        )
        for channel in channels
    )


def overview_at(conn: Connection, at_us: int) -> BandsOverview:
    """Everybody with a warning at ``at_us``, told or not, and what has changed in a day."""
    now = _warned(bands_at(conn, at_us))
    before = _warned(bands_at(conn, at_us - _DAY_US))
    people = people_by_id(conn, now)
    lines = [
        BandLine(display_name(people[id]), one.band, one.reasons, one.band.severity <= one.state.heard)
        for id, one in now.items()
        if id in people
    ]
    steps = [_severity(now.get(id)) - _severity(before.get(id)) for id in now.keys() | before.keys()]
    lines.sort(key=lambda one: (-one.band.severity, one.name))
    return BandsOverview(tuple(lines), sum(step > 0 for step in steps), sum(step < 0 for step in steps))


def _warned(shown: Iterable[ShownBand]) -> dict[int, ShownBand]:
    return {one.person_id: one for one in shown if one.band.severity}


def _severity(shown: ShownBand | None) -> int:
    return 0 if shown is None else shown.band.severity


def _channel(program: Program) -> Scopes:
    return (program.ai_ops.channel,) if program.ai_ops.channel else ()


BANDS_OVERVIEW = Job(
    "bands_overview",
    lambda _program: Daily(time(9)),
    in_thread(post_overview),
    scopes=_channel,
    is_public=True,
    missing_scope='Nobody gets the bands: name a channel in program.toml, [ai_ops] channel = "#…".',
)
