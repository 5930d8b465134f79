"""Asking for a way past a ceiling: the form, the answer to a question about it, taking it back, and how all stands."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b

from sqlalchemy import Connection

from bot.exception_requests import (
    ask_for_decision,
    cases_of,
    show_as_it_stands,
    whom_to_ask,
)
from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.exceptions import (
    AMOUNT,
    CEILING,
    MOST_LISTED,
    UNTIL,
    WHY,
    WORDS,
    CeilingChoice,
    Exceptions,
    answer_form,
    exception_form,
    exceptions,
)
from bot.slack.blocks.parts import plain
from bot.slack.desk.exception_decisions import take_step, waiting_for
from bot.slack.message import Message, Modal
from bot.slack.naming import display_name
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.views import viewed
from bot.world import World
from db.bands import band_of
from db.directory import DirectoryPerson
from db.exceptions import AskedAlready, ExceptionRequest, ask, request_of, requests_by
from db.trail import Action as Deeds
from db.trail import Deed, Fact, append
from db.trail import person as of_person
from scoring.amounts import said
from scoring.askable import AmountError, Askable, about, amount_of, askable
from scoring.exceptions import ExceptionState
from scoring.program import Scope
from scoring.window import local_day, midnight_us

_DAY_US = 24 * 3_600_000_000
_SHOWN_US = 30 * _DAY_US


def show_exceptions(world: World, request: Request) -> Message:
    """The asker's own requests, and those that wait for their decision."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.ASK_EXCEPTION)
        found = exceptions_of(conn, world, person)
    record_requests_seen(world, person, found)
    return exceptions(found)


def record_requests_seen(world: World, person: DirectoryPerson, found: Exceptions) -> None:
    """Puts on record that ``person`` was shown what others asked for."""
    viewed(world, person, "exceptions", people=len({one.name for one in found.waiting}))


def exceptions_of(conn: Connection, world: World, person: DirectoryPerson) -> Exceptions:
    """All that concerns ``person``: what is over stays in sight for a month."""
    now_us = world.now_us()
    own = requests_by(conn, person.id, now_us - _SHOWN_US, now_us)
    waiting = waiting_for(conn, world, person)
    return Exceptions(
        own=tuple(cases_of(conn, world.program, own[-MOST_LISTED:], now_us)),
        waiting=tuple(cases_of(conn, world.program, waiting[:MOST_LISTED], now_us)),
        more_waiting=max(0, len(waiting) - MOST_LISTED),
        earlier=max(0, len(own) - MOST_LISTED),
        may_ask=bool(_askable(conn, world, person)),
    )


def ask_exception(world: World, request: Request) -> Modal:
    """The form, the ceiling that is worst first. Raises ``NotServed`` where no ceiling holds for the asker."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.ASK_EXCEPTION)
        found = _askable(conn, world, person)
    if not found:
        raise NotServed(say("exception-no-ceilings"))
    return exception_form([_choice(one) for one in found], request.value, world.program.exceptions.longest)


def send_exception(world: World, request: Request) -> Message:
    """Puts the request down and asks whoever decides. Raises ``Unfinished`` with what is wrong beside each field."""
    now_us = world.now_us()
    with world.store.write() as conn:
        person = about_oneself(conn, request, Action.ASK_EXCEPTION)
        ceiling, amount, until_us, why = _filled_in(conn, world, person, request)
        asked = _put_down(conn, world, person, ceiling, amount=amount, until_us=until_us, why=why)
        id = asked.terms.id
        decider, recipients = whom_to_ask(conn, world.program, asked)
        if not recipients:
            raise NotServed(say("exception-nobody"))
        ask_for_decision(conn, world.program, asked, recipients, now_us)
        facts: dict[str, Fact] = {"request": id, "budget": ceiling.budget.name}
        append(conn, now_us, Deed(Deeds.EXCEPTION_ASKED, of_person(person.id), f"exception:{id}", why, facts))
    return plain(say("exception-sent", name=display_name(decider)) if decider else say("exception-sent-ops"))


def open_answer(world: World, request: Request) -> Modal:
    """The form to answer what was asked back."""
    with world.store.read() as conn:
        found = _own_request(conn, request)
        if found.state is not ExceptionState.ASKED_BACK:
            raise NotServed(say("exception-was-decided", state=found.state))
    return answer_form(str(found.terms.id))


def answer_exception(world: World, request: Request) -> Message:
    """Gives the request back to whoever decides, with the answer. Raises ``Unfinished`` without one."""
    words, now_us = request.fields.get(WORDS, ""), world.now_us()
    with world.store.write() as conn:
        found = _own_request(conn, request)
        if not words:
            raise Unfinished({WORDS: label("exception-no-words")})
        answered = take_step(conn, found, ExceptionState.ASKED, found.person_id, now_us, words)
        show_as_it_stands(conn, world.program, answered, now_us)
        _, recipients = whom_to_ask(conn, world.program, answered)
        ask_for_decision(conn, world.program, answered, recipients, now_us)
    return plain(say("exception-done-asked"))


def withdraw_exception(world: World, request: Request) -> Message:
    """Takes the asker's own request back."""
    now_us = world.now_us()
    with world.store.write() as conn:
        found = _own_request(conn, request)
        taken_back = take_step(conn, found, ExceptionState.WITHDRAWN, found.person_id, now_us)
        show_as_it_stands(conn, world.program, taken_back, now_us)
        about_it = f"exception:{found.terms.id}"
        append(conn, now_us, Deed(Deeds.EXCEPTION_WITHDRAWN, of_person(found.person_id), about_it))
    return plain(say("exception-done-withdrawn"))


def _askable(conn: Connection, world: World, person: DirectoryPerson) -> tuple[Askable, ...]:
    shown = band_of(conn, person.id, world.now_us())
    met = {reason.about for reason in shown.reasons} if shown is not None else set()
    return askable(world.program, person_id=person.id, email=person.email, team=person.team, tier=person.tier, met=met)


def _filled_in(
    conn: Connection, world: World, person: DirectoryPerson, request: Request
) -> tuple[Askable, int, int, str]:
    """The ceiling, the amount, until when and why. Raises ``Unfinished``."""
    fields, program = request.fields, world.program
    today, longest = local_day(world.now_us(), program.zone), program.exceptions.longest
    faults: dict[str, str] = {}
    found = {_code(one): one for one in _askable(conn, world, person)}.get(fields.get(CEILING, ""))
    if found is None:
        faults[CEILING] = label("exception-form-no-ceiling")
    amount = 0
    try:
        amount = amount_of(fields.get(AMOUNT, ""), is_in_dollars=found is None or found.budget.is_in_dollars)
    except AmountError as error:
        faults[AMOUNT] = str(error)
    last = _day(fields.get(UNTIL, ""))
    if last is None or not today <= last <= today + timedelta(days=longest):
        faults[UNTIL] = label("exception-form-no-day", days=longest)
    if not fields.get(WHY):
        faults[WHY] = label("exception-form-no-why")
    if faults or found is None or last is None:
        raise Unfinished(faults)
    return found, amount, midnight_us(last + timedelta(days=1), program.zone), fields[WHY]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _choice(one: Askable) -> CeilingChoice:
    budget = one.budget
    return CeilingChoice(
        code=_code(one),
        budget=budget.name,
        subject="" if budget.scope is Scope.PERSON else one.subject,
        amount=said(budget.limit, is_in_dollars=budget.is_in_dollars),
        period=budget.period.value,
    )


def _code(one: Askable) -> str:
    """A short name for a ceiling, whatever somebody called it."""
    return blake2b(about(one).encode(), digest_size=8).hexdigest()


def _own_request(conn: Connection, request: Request) -> ExceptionRequest:
    """The asker's own request that a value names. Raises ``NotServed``."""
    person = about_oneself(conn, request, Action.ASK_EXCEPTION)
    found = request_of(conn, request.number) if request.number is not None else None
    if found is None or found.person_id != person.id:
        raise NotServed(say("exception-gone"))
    return found


def _put_down(
    conn: Connection, world: World, person: DirectoryPerson, ceiling: Askable, *, amount: int, until_us: int, why: str
) -> ExceptionRequest:
    """The new request. Raises ``NotServed`` where one about that ceiling is open."""
    try:
        id = ask(
            conn,
            budget=ceiling.budget.name,
            subject=ceiling.subject,
            person_id=person.id,
            amount=amount,
            until_us=until_us,
            why=why,
            at_us=world.now_us(),
        )
    except AskedAlready as error:
        raise NotServed(say("exception-one-open", command=world.settings.slack_command)) from error
    found = request_of(conn, id)
    if found is None:
        raise NotServed(say("exception-gone"))
    return found
