"""Which sections somebody's Home has."""

from __future__ import annotations

from bot.slack.authority import Action, about_oneself, is_ai_ops
from bot.slack.blocks.disputes import disputes
from bot.slack.blocks.exceptions import exceptions
from bot.slack.blocks.home.badges import badges
from bot.slack.blocks.home.band import band
from bot.slack.blocks.home.next_steps import NextSteps, next_steps
from bot.slack.blocks.home.operations import operations
from bot.slack.blocks.home.reports import reports
from bot.slack.blocks.home.work import work
from bot.slack.desk.badges import shelf_of
from bot.slack.desk.bands import coaching_of
from bot.slack.desk.disputes import disputes_for, record_disputes_seen
from bot.slack.desk.exceptions import exceptions_of, record_requests_seen
from bot.slack.desk.operations import operations_of
from bot.slack.desk.reports import record_reports_seen, reports_to
from bot.slack.desk.scorecards import own_scorecards
from bot.slack.desk.work import work_of
from bot.slack.message import Message
from bot.slack.request import Request
from bot.slack.zones import zone_of
from bot.world import World
from db.bands import band_of


def home_sections(world: World, request: Request) -> list[Message]:
    """What to do next, one's own work and requests; for managers their reports; for AI ops how things run.

    Raises ``NotServed``.

    To add a section, add a line here; its renderer is a file of ``bot.slack.blocks.home``.
    """
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.SEE_PLACE)
        own, shelf = work_of(conn, world, person), shelf_of(conn, world, person)
        shown = band_of(conn, person.id, world.now_us())
        asked, said = exceptions_of(conn, world, person), disputes_for(conn, world, person)
        steps = NextSteps(
            waiting=len(asked.waiting) + asked.more_waiting + len(said.waiting),
            band=shown.reasons[0].advice if shown is not None and shown.reasons else "",
            place=own.next_step("outcome"),
            badge=next((one for one in shelf.upcoming if not one.withheld), None),
        )
        sections = [
            *([] if steps.is_empty else [next_steps(steps)]),
            work(own),
            band(shown, coaching_of(world.program), zone_of(person, world.program)),
            own_scorecards(conn, world, person),
            badges(shelf),
        ]
        if not asked.is_empty:
            sections.append(exceptions(asked))
        if not said.is_empty:
            sections.append(disputes(said))
        if found := reports_to(conn, world, person):
            sections.append(reports(found))
        if is_ai_ops(person, world.program):
            sections.append(operations(operations_of(conn, world, person)))
    record_requests_seen(world, person, asked)
    record_disputes_seen(world, person, said)
    record_reports_seen(world, person, found)
    return sections
