"""For managers: their reports."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import asker
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.message import Message
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.world import World
from db.directory import DirectoryPerson, reports_of


def show_reports(world: World, request: Request) -> Message:
    """Those who report to the asker now, which is what makes the asker their manager."""
    with world.store.read() as conn:
        found = reports_to(conn, asker(conn, request))
    if not found:
        raise NotServed(say("reports-none"))
    return reports(found)


def reports_to(conn: Connection, person: DirectoryPerson) -> tuple[Report, ...]:
    """The direct reports of ``person``, as their manager may see them."""
    return tuple(Report(display_name(one), one.team) for one in reports_of(conn, person.email))
