"""What people of Juniper & Vale do in Slack during the month that the demo lives through, as their clicks would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from bot.sandbox.company.people import AI_OPS_LEAD, DOMAIN, colleague, slack_id
from bot.slack.blocks.exceptions import AMOUNT, CEILING, UNTIL, WHY
from bot.slack.blocks.flags import REASON
from bot.slack.blocks.teaching import TIMES, TOPIC
from bot.slack.desk.exception_decisions import approve
from bot.slack.desk.exceptions import ask_exception, send_exception
from bot.slack.desk.flags import ask_to_confirm, send_decision
from bot.slack.desk.teaching import offer_office_hours
from bot.slack.message import Modal
from bot.slack.request import Request
from bot.world import World
from db.directory import people_by_id, person_by_email
from db.exceptions import open_requests
from db.flags import flags_waiting
from db.teachers import TeacherAnswer, teachings
from scoring.window import local_day

Act: TypeAlias = Callable[[World], None]

PLANS_AHEAD = f"priya.raman@{DOMAIN}"
_HER_LEAD = f"noor.haddad@{DOMAIN}"
SPLITS_TICKETS = f"jonas.weber@{DOMAIN}"


def play(world: World, morning: int) -> None:
    """What is done on a morning: the first one that is lived has the number 0."""
    _agree_to_teach(world)
    if act := _ACTS.get(morning):
        act(world)


def _ask_for_an_exception(world: World) -> None:
    """Somebody who knows that a migration comes asks before any ceiling is near."""
    asker = _request(PLANS_AHEAD)
    form = ask_exception(world, asker)
    (ceiling, *_) = form.blocks[0]["element"]["options"]
    until = local_day(world.now_us(), world.program.zone) + timedelta(days=10)
    why = "We move billing to the new ledger next week; the agent reads every old invoice once."
    fields = {CEILING: ceiling["value"], AMOUNT: "40", UNTIL: until.isoformat(), WHY: why}
    send_exception(world, _request(PLANS_AHEAD, fields=fields))


def _approve_it(world: World) -> None:
    with world.store.read() as conn:
        (asked, *_) = open_requests(conn, world.now_us())
    approve(world, _request(_HER_LEAD, value=str(asked.terms.id)))


def _confirm_a_flag(world: World) -> None:
    """AI ops have talked with whoever split tickets; the other flag waits for whoever looks at the demo."""
    with world.store.read() as conn:
        person = person_by_email(conn, SPLITS_TICKETS)
        found = next((one for one in flags_waiting(conn) if person and one.flag.person_id == person.id), None)
    if found is None:
        return
    form = ask_to_confirm(world, _request(AI_OPS_LEAD, value=found.id))
    if isinstance(form, Modal):
        reason = {REASON: "We went through the tickets together: they were split for the board."}
        send_decision(world, _request(AI_OPS_LEAD, value=form.hidden, fields=reason))


def _agree_to_teach(world: World) -> None:
    """The first who is asked says yes."""
    with world.store.read() as conn:
        known = teachings(conn, world.now_us())
        answers = {one.answer for one in known.values()}
        asked = [id for id, one in known.items() if one.answer is TeacherAnswer.ASKED]
        person = people_by_id(conn, asked[:1]).get(asked[0]) if asked else None
    if person is not None and TeacherAnswer.OFFERS not in answers and person.slack_id is not None:
        fields = {TOPIC: "Small models first, caching second", TIMES: "every other Thursday, 15:00, #ai-guild"}
        offer_office_hours(world, Request(person.slack_id, fields=fields))


_ACTS: dict[int, Act] = {4: _ask_for_an_exception, 5: _approve_it, 9: _confirm_a_flag}


def _request(email: str, *, value: str = "", fields: dict[str, str] | None = None) -> Request:
    return Request(slack_id(colleague(email)), value=value, fields=fields or {})
