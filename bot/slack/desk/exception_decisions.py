"""Deciding on exceptions: approve, decline or ask back, by whoever may at the moment of the click."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.exception_requests import case_of, decider_of, show_as_it_stands, tell_asker
from bot.slack.authority import Action, about, is_ai_ops
from bot.slack.blocks.exceptions import AMOUNT, WORDS, approve_less_form, ask_back_form, decline_form
from bot.slack.blocks.parts import plain
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.world import World
from db.directory import DirectoryPerson, people_by_id, reports_of
from db.exceptions import ExceptionRefused, ExceptionRequest, decide, open_requests, request_of
from db.trail import Action as Deeds
from db.trail import Deed, Fact, append
from db.trail import person as of_person
from scoring.amounts import said
from scoring.askable import AmountError, amount_of, budget_named
from scoring.exceptions import ExceptionState
from scoring.program import Program

_DEEDS = {
    ExceptionState.APPROVED: Deeds.EXCEPTION_APPROVED,
    ExceptionState.DECLINED: Deeds.EXCEPTION_DECLINED,
}


def waiting_for(conn: Connection, world: World, person: DirectoryPerson) -> list[ExceptionRequest]:
    """Requests that wait for the decision of ``person``: those that were brought to them, all of them for AI ops."""
    found = [one for one in open_requests(conn, world.now_us()) if one.state is ExceptionState.ASKED]
    found = [one for one in found if one.person_id != person.id]
    if is_ai_ops(person, world.program):
        return found
    return [
        one for one in _perhaps_for(conn, world.program, found, person) if _is_decider(conn, world.program, one, person)
    ]


def approve(world: World, request: Request) -> Message:
    """Approves what was asked for, as it was asked for."""
    return _decide(world, request, ExceptionState.APPROVED)


def open_approve_less(world: World, request: Request) -> Modal:
    """The form to approve a part with."""
    with world.store.read() as conn:
        _, _, found = _to_decide(conn, world.program, request)
        case = case_of(conn, world.program, found, world.now_us())
    return approve_less_form(case.name, case.amount, str(found.terms.id))


def approve_less(world: World, request: Request) -> Message:
    """Approves as much as is written, at most what was asked for. Raises ``Unfinished`` where it is no such amount."""
    return _decide(world, request, ExceptionState.APPROVED, is_part=True)


def open_decline(world: World, request: Request) -> Modal:
    """The form to decline with."""
    with world.store.read() as conn:
        _, subject, found = _to_decide(conn, world.program, request)
    return decline_form(display_name(subject), str(found.terms.id))


def decline(world: World, request: Request) -> Message:
    """Declines, with a reason. Raises ``Unfinished`` without one."""
    return _decide(world, request, ExceptionState.DECLINED)


def open_ask_back(world: World, request: Request) -> Modal:
    """The form to ask back with."""
    with world.store.read() as conn:
        _, _, found = _to_decide(conn, world.program, request)
    return ask_back_form(str(found.terms.id))


def ask_back(world: World, request: Request) -> Message:
    """Asks whoever asked. Raises ``Unfinished`` without a question."""
    return _decide(world, request, ExceptionState.ASKED_BACK)


def take_step(
    conn: Connection,
    request: ExceptionRequest,
    state: ExceptionState,
    person_id: int,
    now_us: int,
    note: str = "",
    granted: int | None = None,
) -> ExceptionRequest:
    """The request after its next step. Raises ``NotServed`` where somebody was faster, or its time is over."""
    try:
        return decide(conn, request.terms.id, state, person_id=person_id, at_us=now_us, note=note, granted=granted)
    except ExceptionRefused as error:
        now = request_of(conn, request.terms.id)
        if now is None or (state is ExceptionState.APPROVED and now.state is ExceptionState.ASKED):
            raise NotServed(say("exception-over")) from error
        raise NotServed(say("exception-was-decided", state=now.state)) from error


def _decide(world: World, request: Request, state: ExceptionState, *, is_part: bool = False) -> Message:
    now_us, note = world.now_us(), request.fields.get(WORDS, "")
    with world.store.write() as conn:
        decider, subject, found = _to_decide(conn, world.program, request)
        if state is not ExceptionState.APPROVED and not note:
            raise Unfinished({WORDS: label("exception-no-words")})
        if state is ExceptionState.APPROVED and budget_named(world.program, found.terms.budget) is None:
            raise NotServed(say("exception-ceiling-gone"))
        granted = _written(world.program, found, request) if is_part else None
        decided = take_step(conn, found, state, decider.id, now_us, note, granted)
        show_as_it_stands(conn, world.program, decided, now_us)
        tell_asker(conn, world.program, decided, now_us)
        if state in _DEEDS:
            facts: dict[str, Fact] = {"request": found.terms.id, "budget": found.terms.budget}
            if granted is not None:
                facts["granted"] = granted
            append(conn, now_us, Deed(_DEEDS[state], of_person(decider.id), of_person(subject.id), note, facts))
    return plain(say(f"exception-done-{state}", name=display_name(subject)))


def _written(program: Program, found: ExceptionRequest, request: Request) -> int | None:
    """How much whoever decides gives; None = all that was asked for. Raises ``Unfinished``."""
    budget, asked = budget_named(program, found.terms.budget), found.terms.amount
    is_in_dollars = budget is None or budget.is_in_dollars
    try:
        amount = amount_of(request.fields.get(AMOUNT, ""), is_in_dollars=is_in_dollars)
    except AmountError as error:
        raise Unfinished({AMOUNT: str(error)}) from error
    if amount > asked:
        raise Unfinished({AMOUNT: label("exception-less-too-much", amount=said(asked, is_in_dollars=is_in_dollars))})
    return None if amount == asked else amount


def _to_decide(
    conn: Connection, program: Program, request: Request
) -> tuple[DirectoryPerson, DirectoryPerson, ExceptionRequest]:
    """Who decides, who asked, and the request while it waits. Raises ``NotServed``, to whoever may not decide first."""
    found = request_of(conn, request.number, is_locked=True) if request.number is not None else None
    subject = people_by_id(conn, [found.person_id]).get(found.person_id) if found else None
    if found is None or subject is None:
        raise NotServed(say("exception-gone"))
    person = about(conn, program, request, Action.DECIDE_EXCEPTION, subject, _owner(program, found.terms.budget))
    if not (is_ai_ops(person, program) or _is_decider(conn, program, found, person)):
        raise NotServed(say("refused-not-yours"))
    if found.state is not ExceptionState.ASKED:
        raise NotServed(say("exception-was-decided", state=found.state))
    return person, subject, found


def _perhaps_for(
    conn: Connection, program: Program, requests: Sequence[ExceptionRequest], person: DirectoryPerson
) -> list[ExceptionRequest]:
    """Those whose ceiling is of ``person`` or who report to them: most people are asked by nobody, and learn it fast."""
    reports = {one.id for one in reports_of(conn, person.email)}
    owned = {one for one in {request.terms.budget for request in requests} if _owner(program, one) == person.email}
    return [one for one in requests if one.person_id in reports or one.terms.budget in owned]


def _is_decider(conn: Connection, program: Program, request: ExceptionRequest, person: DirectoryPerson) -> bool:
    """A manager decides only where the ceiling has no owner who could."""
    decider = decider_of(conn, program, request)
    return decider is not None and decider.id == person.id


def _owner(program: Program, budget_name: str) -> str:
    budget = budget_named(program, budget_name)
    return "" if budget is None else budget.owner.casefold()
