"""Office hours: who offers them, and one's own answer to being asked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from bot.contributing import contribute
from bot.slack.authority import Action, about_nobody, about_oneself
from bot.slack.blocks.parts import plain
from bot.slack.blocks.teaching import TIMES, TOPIC, office_hours_list, teaching_form
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.world import World
from db.directory import DirectoryPerson, people_by_id
from db.teachers import TeacherAnswer, Teaching, offers, record, teaching_of
from scoring.digest import OfficeHours
from scoring.events import Contribution


def show_office_hours(world: World, request: Request) -> Message:
    """Everybody's office hours, and the asker's own."""
    with world.store.read() as conn:
        person = about_nobody(conn, world.program, request, Action.SEE_OFFICE_HOURS)
        teaching = teaching_of(conn, person.id)
        is_offered = teaching is not None and teaching.answer is TeacherAnswer.OFFERS
        own = _office_hours(person, teaching) if teaching is not None and is_offered else None
        return office_hours_list(office_hours_at(conn, world.now_us()), own, may_offer=teaching is not None)


def office_hours_at(conn: Connection, at_us: int, held: Collection[int] = ()) -> tuple[OfficeHours, ...]:
    """What was offered at ``at_us``, but for whoever is ``held`` back from recognition."""
    found = [one for one in offers(conn, at_us) if one.person_id not in held]
    people = people_by_id(conn, [one.person_id for one in found])
    return tuple(_office_hours(people[one.person_id], one) for one in found if one.person_id in people)


def teach(world: World, request: Request) -> Modal:
    """The form, for whoever was asked before."""
    with world.store.read() as conn:
        _asked(conn, request)
    return teaching_form()


def offer_office_hours(world: World, request: Request) -> Message:
    """Lists what was written from the next weekly post on; the first time it counts as something shared.

    Raises ``Unfinished`` where a field is empty.
    """
    topic, times = request.fields.get(TOPIC, ""), request.fields.get(TIMES, "")
    empty = {name: label("teaching-form-empty") for name, text in ((TOPIC, topic), (TIMES, times)) if not text}
    with world.store.write() as conn:
        person = _asked(conn, request)
        if empty:
            raise Unfinished(empty)
        record(conn, [Teaching(person.id, TeacherAnswer.OFFERS, world.now_us(), topic, times)])
        asset = f"office-hours/{person.id}"
        contribute(conn, world, person, Contribution("shared", asset, "office_hours", topic), f"shared/{asset}")
    return plain(say("teaching-offered", command=world.settings.slack_command))


def not_now(world: World, request: Request) -> Message:
    """Leaves the asker alone for a while."""
    _answer(world, request, TeacherAnswer.NOT_NOW)
    return plain(say("teaching-not-now", days=world.program.teachers.ask_again))


def never(world: World, request: Request) -> Message:
    """Leaves the asker alone for good."""
    _answer(world, request, TeacherAnswer.NEVER)
    return plain(say("teaching-never", command=world.settings.slack_command))


def stop_teaching(world: World, request: Request) -> Message:
    """Takes the asker's office hours off the list."""
    _answer(world, request, TeacherAnswer.ENDED)
    return plain(say("teaching-stopped"))


def _answer(world: World, request: Request, answer: TeacherAnswer) -> None:
    with world.store.write() as conn:
        record(conn, [Teaching(_asked(conn, request).id, answer, world.now_us())])


def _asked(conn: Connection, request: Request) -> DirectoryPerson:
    """Who asks, if they were asked to teach at any time. Raises ``NotServed``."""
    person = about_oneself(conn, request, Action.TEACH)
    if teaching_of(conn, person.id) is None:
        raise NotServed(say("teaching-not-asked"))
    return person


def _office_hours(person: DirectoryPerson, teaching: Teaching) -> OfficeHours:
    return OfficeHours(display_name(person), teaching.topic, teaching.times)
