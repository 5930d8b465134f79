"""Answering disputes: uphold with what follows, or decline, by a person of AI ops."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.dispute_cases import bring_answer, case_of, show_as_it_stands
from bot.flag_decisions import put_down
from bot.slack.authority import Action, about
from bot.slack.blocks.disputes import ANSWER, CONSEQUENCE, decline_dispute_form, uphold_form
from bot.slack.blocks.parts import plain
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.views import viewed
from bot.world import World
from db.badges import restore, revoked_of
from db.directory import DirectoryPerson, people_by_id
from db.disputes import Dispute, DisputeRefused, dispute_of, end_dispute
from db.flags import KeptFlag, decisions_on, flags_waiting
from db.trail import Action as Deeds
from db.trail import Deed, Fact, append
from db.trail import person as of_person
from scoring.disputes import Consequence, DisputeState, DisputeSubject, consequences
from scoring.flag import FlagState
from scoring.flags.decisions import Decision, decided


def open_uphold(world: World, request: Request) -> Modal:
    """The form to uphold with, the likeliest consequence first."""
    with world.store.read() as conn:
        person, subject, found = _to_answer(conn, world, request)
        form = uphold_form(case_of(conn, world, found), _possible(conn, world, found))
    viewed(world, person, "dispute", about=subject.id, people=1)
    return form


def open_decline_dispute(world: World, request: Request) -> Modal:
    """The form to decline with."""
    with world.store.read() as conn:
        person, subject, found = _to_answer(conn, world, request)
        form = decline_dispute_form(case_of(conn, world, found))
    viewed(world, person, "dispute", about=subject.id, people=1)
    return form


def uphold(world: World, request: Request) -> Message:
    """Upholds, and does what follows. Raises ``Unfinished`` without an answer."""
    return _answer(world, request, DisputeState.UPHELD)


def decline_dispute(world: World, request: Request) -> Message:
    """Declines, with the reason. Raises ``Unfinished`` without one."""
    return _answer(world, request, DisputeState.DECLINED)


def _answer(world: World, request: Request, state: DisputeState) -> Message:
    now_us, note = world.now_us(), request.fields.get(ANSWER, "")
    with world.store.write() as conn:
        person, subject, found = _to_answer(conn, world, request, is_locked=True)
        if not note:
            raise Unfinished({ANSWER: label("dispute-answer-no-words")})
        what = Consequence.NOTHING
        if state is DisputeState.UPHELD:
            possible = _possible(conn, world, found)
            what = next((one for one in possible if one == request.fields.get(CONSEQUENCE)), possible[0])
        try:
            ended = end_dispute(conn, found.id, state, by_id=person.id, at_us=now_us, note=note, consequence=what)
        except DisputeRefused as error:
            raise NotServed(say("dispute-was-ended", state=found.state)) from error
        show_as_it_stands(conn, world, ended)
        bring_answer(conn, world, ended, subject)
        facts: dict[str, Fact] = {"dispute": found.id, "answer": state.value, "consequence": what.value}
        append(conn, now_us, Deed(Deeds.DISPUTE_ANSWERED, of_person(person.id), of_person(subject.id), note, facts))
        _follow(conn, world, ended, person)
    return plain(say(f"dispute-done-{state}", name=display_name(subject)))


def _follow(conn: Connection, world: World, of: Dispute, person: DirectoryPerson) -> None:
    """What the answer says; whatever was upheld is computed anew by the jobs that follow decisions."""
    now_us, what = of.last.at_us, of.last.consequence
    if what is Consequence.FLAGS_DISMISSED:
        for kept in _open_flags(conn, world, of):
            decision = Decision(kept.id, kept.flag, FlagState.DISMISSED, str(person.id), of.last.note, now_us)
            put_down(conn, decision, world.program)
    if what is Consequence.BADGE_RESTORED:
        badge, _, period = of.matter.name.partition("/")
        restore(conn, of.person_id, badge, period)
        facts: dict[str, Fact] = {"badge": badge, "period": period}
        deed = Deed(Deeds.BADGE_RESTORED, of_person(person.id), of_person(of.person_id), of.last.note, facts)
        append(conn, now_us, deed)


def _possible(conn: Connection, world: World, of: Dispute) -> Sequence[Consequence]:
    badge, _, period = of.matter.name.partition("/")
    taken = any((one.badge, one.period) == (badge, period) for one in revoked_of(conn, of.person_id))
    has_flags = of.matter.subject is not DisputeSubject.FLAG and bool(_open_flags(conn, world, of))
    return consequences(of.matter.subject, has_open_flags=has_flags, is_taken_back=taken)


def _open_flags(conn: Connection, world: World, of: Dispute) -> list[KeptFlag]:
    """The person's that nobody has settled; where the dispute is about one, that alone."""
    found = [one for one in flags_waiting(conn) if one.flag.person_id == of.person_id]
    if of.matter.subject is DisputeSubject.FLAG:
        found = [one for one in found if one.id == of.matter.name]
    done = decided(decisions_on(conn, [one.id for one in found]), world.program.flags.reviewers)
    return [one for one in found if one.id not in done]


def _to_answer(
    conn: Connection, world: World, request: Request, *, is_locked: bool = False
) -> tuple[DirectoryPerson, DirectoryPerson, Dispute]:
    """Who answers, who disputes, and the dispute while it is open. Raises ``NotServed``, to whoever may not first."""
    number = request.number
    found = dispute_of(conn, number, is_locked=is_locked) if number is not None else None
    subject = people_by_id(conn, [found.person_id]).get(found.person_id) if found else None
    if found is None or subject is None:
        raise NotServed(say("dispute-gone"))
    person = about(conn, world.program, request, Action.ANSWER_DISPUTE, subject)
    if found.state is not DisputeState.OPEN:
        raise NotServed(say("dispute-was-ended", state=found.state))
    return person, subject, found
