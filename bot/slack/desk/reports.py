"""For managers: their reports."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.slack.authority import asker
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.message import Message
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.views import viewed
from bot.world import World
from db.bands import bands_of
from db.directory import DirectoryPerson, reports_of
from scoring.bands.band import Band
from scoring.bands.shown import ShownBand


def show_reports(world: World, request: Request) -> Message:
    """Those who report to the asker now, which is what makes the asker their manager."""
    with world.store.read() as conn:
        person = asker(conn, request)
        found = reports_to(conn, world, person)
    if not found:
        raise NotServed(say("reports-none"))
    record_reports_seen(world, person, found)
    return reports(found)


def record_reports_seen(world: World, person: DirectoryPerson, found: Sequence[Report]) -> None:
    """Puts on record that ``person`` was shown bands of others. Who reports to whom everybody knows."""
    viewed(world, person, "reports", people=sum(one.band is not None for one in found))


def reports_to(conn: Connection, world: World, person: DirectoryPerson) -> tuple[Report, ...]:
    """The direct reports of ``person``, as their manager may see them: those with a red or yellow band first."""
    people = reports_of(conn, person.email)
    bands = bands_of(conn, [one.id for one in people], world.now_us())
    found = [Report(display_name(one), one.team, _band(bands.get(one.id))) for one in people]
    return tuple(sorted(found, key=lambda one: -(one.band.severity if one.band else 0)))


def _band(shown: ShownBand | None) -> Band | None:
    """The band, once the person has heard of it if it is a warning."""
    if shown is None or shown.band.severity > shown.state.heard:
        return None
    return shown.band
