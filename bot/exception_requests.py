"""Requests for exceptions: who may decide each now, how it reads, and who is told of each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from bot.slack.blocks.exceptions import ExceptionCase, Turn, exception_news, exception_request
from bot.slack.naming import display_name
from bot.slack.recipients import ai_ops_recipients, amend, reviewers_of, send
from bot.slack.say import label
from bot.slack.text import clean
from bot.slack.working_hours import next_at_work_us
from bot.slack.zones import zone_of
from db.bands import band_of
from db.directory import DirectoryPerson, people_by_id, person_by_email
from db.exceptions import ExceptionRequest, record_asked
from scoring.amounts import said
from scoring.askable import Askable, about, budget_named
from scoring.bands.band import Rule
from scoring.program import Program, Scope
from scoring.window import local_day

PRIORITY = 12


def decider_of(conn: Connection, program: Program, request: ExceptionRequest) -> DirectoryPerson | None:
    """Who decides now: the ceiling's owner or, where it has none but the asker, the asker's manager; None = AI ops."""
    asker = people_by_id(conn, [request.person_id]).get(request.person_id)
    budget = budget_named(program, request.terms.budget)
    for email in (budget.owner if budget else "", asker.manager_email if asker else ""):
        person = person_by_email(conn, email) if email else None
        if person is not None and person.is_active and person.id != request.person_id:
            return person
    return None


def whom_to_ask(
    conn: Connection, program: Program, request: ExceptionRequest
) -> tuple[DirectoryPerson | None, tuple[str, ...]]:
    """Who decides, if it is one person whom Slack reaches, and the recipients of the message that asks."""
    decider = decider_of(conn, program, request)
    if decider is not None and decider.slack_id is not None:
        return decider, (decider.slack_id,)
    return None, others_of_ai_ops(conn, program, request)


def ask_for_decision(
    conn: Connection, program: Program, request: ExceptionRequest, recipients: Iterable[str], now_us: int, days: int = 0
) -> None:
    """Asks ``recipients``, once for each step. ``days``: for so many working days nobody else has answered."""
    message = exception_request(case_of(conn, program, request, now_us), days)
    keys = {f"exception/{request.terms.id}/{len(request.steps)}/{one}": one for one in recipients}
    for key, one in keys.items():
        send(conn, message, dedupe_key=key, kind="exception", recipient=one, priority=PRIORITY, now_us=now_us)
    record_asked(conn, request, keys)


def others_of_ai_ops(conn: Connection, program: Program, request: ExceptionRequest) -> tuple[str, ...]:
    """AI ops, but for whoever asked."""
    asker = people_by_id(conn, [request.person_id]).get(request.person_id)
    return ai_ops_recipients(conn, program.ai_ops) if asker is None else reviewers_of(conn, program.ai_ops, asker)


def show_as_it_stands(conn: Connection, program: Program, request: ExceptionRequest, now_us: int) -> None:
    """Puts how the request stands in the place of the messages that asked about it."""
    message = exception_request(case_of(conn, program, request, now_us))
    for key in request.asked:
        amend(conn, message, dedupe_key=f"{key}/{len(request.steps)}", replaces=key, now_us=now_us)


def tell_asker(
    conn: Connection, program: Program, request: ExceptionRequest, now_us: int, *, is_at_work: bool = False
) -> None:
    """Tells whoever asked what became of it; ``is_at_work``: not before they are."""
    asker = people_by_id(conn, [request.person_id]).get(request.person_id)
    if asker is None or not asker.is_active or asker.slack_id is None:
        return
    send(
        conn,
        exception_news(case_of(conn, program, request, now_us)),
        dedupe_key=f"exception/{request.terms.id}/news/{len(request.steps)}",
        kind="exception_news",
        recipient=asker.slack_id,
        priority=PRIORITY,
        now_us=now_us,
        not_before_us=next_at_work_us(zone_of(asker, program), now_us) if is_at_work else 0,
    )


def case_of(conn: Connection, program: Program, request: ExceptionRequest, now_us: int) -> ExceptionCase:
    """The request as it reads, with names and amounts."""
    (case,) = cases_of(conn, program, [request], now_us)
    return case


def cases_of(
    conn: Connection, program: Program, requests: Sequence[ExceptionRequest], now_us: int
) -> list[ExceptionCase]:
    ids = {one.person_id for one in requests} | {
        step.person_id for one in requests for step in one.steps if step.person_id is not None
    }
    names = {id: display_name(one) for id, one in people_by_id(conn, ids).items()}
    return [_case(conn, program, one, names, now_us) for one in requests]


def last_day(request: ExceptionRequest, program: Program) -> date:
    """The last day on which it holds."""
    return local_day(request.terms.until_us - 1, program.zone)


def _case(
    conn: Connection, program: Program, request: ExceptionRequest, names: dict[int, str], now_us: int
) -> ExceptionCase:
    terms, granted = request.terms, request.granted
    budget = budget_named(program, terms.budget)
    is_in_dollars = budget is None or budget.is_in_dollars
    is_own = budget is None or budget.scope is Scope.PERSON
    nobody = label("somebody-gone")
    used, allowed = ("", "") if budget is None else _used(conn, request, Askable(budget, terms.subject), now_us)
    return ExceptionCase(
        id=terms.id,
        name=names.get(request.person_id, nobody),
        budget=terms.budget,
        subject="" if is_own else clean(terms.subject),
        amount=said(terms.amount, is_in_dollars=is_in_dollars),
        granted="" if granted is None or granted == terms else said(granted.amount, is_in_dollars=is_in_dollars),
        until=last_day(request, program),
        why=request.why,
        turns=tuple(
            Turn(step.state, "" if step.person_id is None else names.get(step.person_id, nobody), step.note)
            for step in request.steps
        ),
        used=used,
        allowed=allowed,
    )


def _used(conn: Connection, request: ExceptionRequest, ceiling: Askable, now_us: int) -> tuple[str, str]:
    """What is used, and of how much, as the asker's band says; of a shared ceiling their own part and an equal share.

    Empty where it says nothing of that ceiling.
    """
    shown = band_of(conn, request.person_id, now_us)
    reasons = () if shown is None else shown.reasons
    found = next((one for one in reasons if one.about == about(ceiling)), None)
    if found is None:
        return "", ""
    is_soft = found.rule is Rule.SOFT_LIMIT  # whose limit is the soft share; whoever decides thinks of the whole
    whole = found.limit / float(ceiling.budget.soft) if is_soft else found.limit
    return _figure(found.value, found.unit), _figure(whole, found.unit)


def _figure(amount: float, unit: str) -> str:
    return f"${amount:,.2f}" if unit == "USD" else f"{amount:,.0f} {unit}"
