"""Exceptions: the forms, what whoever decides gets, what whoever asked hears, and the list of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import (
    button,
    buttons,
    choice_input,
    context,
    date_input,
    fitting,
    header,
    line_input,
    section,
    text_input,
)
from bot.slack.message import Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, date_words, escape, joined, without_marks
from scoring.exceptions import ExceptionState

CEILING, AMOUNT, UNTIL, WHY, WORDS = "ceiling", "amount", "until", "why", "words"
_LONGEST_WORDS = 500
_MOST_CHOICES = 100
MOST_LISTED = 12  # of one's own, and of those that wait


class Turn(msgspec.Struct, frozen=True):
    """A step of a request: who took it and what they said."""

    state: ExceptionState
    name: str
    note: str = ""


class ExceptionCase(msgspec.Struct, frozen=True):
    """A request as it stands. ``subject`` names whose ceiling it is, "" for the asker's own; ``until`` is its last day.

    ``used`` of what is ``allowed``: of a shared ceiling the asker's part and an equal share; "" where nobody knows.
    ``granted``: what was approved, where it is less than the ``amount`` that was asked for.
    """

    id: int
    name: str
    budget: str
    subject: str
    amount: str
    until: date
    why: str
    turns: tuple[Turn, ...]
    used: str = ""
    allowed: str = ""
    granted: str = ""

    @property
    def state(self) -> ExceptionState:
        return self.turns[-1].state


class Exceptions(msgspec.Struct, frozen=True):
    """Somebody's ``own`` requests and those ``waiting`` for their decision, oldest first, at most ``MOST_LISTED`` of each.

    ``more_waiting``, and ``earlier`` ones of one's own, are not among them. ``may_ask``: a ceiling holds.
    """

    own: tuple[ExceptionCase, ...]
    waiting: tuple[ExceptionCase, ...]
    may_ask: bool
    more_waiting: int = 0
    earlier: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.own or self.waiting)


class CeilingChoice(msgspec.Struct, frozen=True):
    """A ceiling to choose; ``code`` comes back."""

    code: str
    budget: str
    subject: str
    amount: str
    period: str


def exception_form(choices: Sequence[CeilingChoice], chosen: str, longest_days: int) -> Modal:
    """``choices``: at least one."""
    options = [(one.code, _ceiling(one)) for one in choices[:_MOST_CHOICES]]
    return Modal(
        title=label("exception-form-title"),
        blocks=(
            choice_input(CEILING, label("exception-form-ceiling"), options, chosen=chosen or options[0][0]),
            line_input(AMOUNT, label("exception-form-amount"), 30, hint=label("exception-form-amount-hint")),
            date_input(
                UNTIL, label("exception-form-until"), hint=label("exception-form-until-hint", days=longest_days)
            ),
            text_input(WHY, label("exception-form-why"), _LONGEST_WORDS, hint=label("exception-form-why-hint")),
        ),
        submission=actions.SEND_EXCEPTION,
        submit=label("button-send"),
    )


def decline_form(name: str, hidden: str) -> Modal:
    return _words_form("decline", actions.DECLINE_EXCEPTION, "why", hidden, label("exception-decline-hint", name=name))


def approve_less_form(name: str, amount: str, hidden: str) -> Modal:
    hint = label("exception-less-hint", name=name, amount=amount)
    return Modal(
        title=label("exception-less-title"),
        blocks=(
            line_input(AMOUNT, label("exception-less-amount"), 30, hint=hint),
            text_input(WORDS, label("exception-less-why"), _LONGEST_WORDS, is_optional=True),
        ),
        submission=actions.APPROVE_LESS_EXCEPTION,
        submit=label("button-approve-exception"),
        hidden=hidden,
    )


def ask_back_form(hidden: str) -> Modal:
    return _words_form("ask-back", actions.ASK_BACK_EXCEPTION, "what", hidden)


def answer_form(hidden: str) -> Modal:
    return _words_form("answer", actions.ANSWER_EXCEPTION, "what", hidden)


def exception_request(case: ExceptionCase, escalated_days: int = 0) -> Message:
    """To whoever decides: the request with its buttons; once decided, in its place, who decided.

    ``escalated_days``: for how many working days nobody else has answered; 0 = it did not come from somebody else.
    """
    title, told = say("exception-title", state=case.state), _told(case)
    escalated = [say("exception-escalated", days=escalated_days)] if escalated_days else []
    is_open = case.state is ExceptionState.ASKED
    return Message(
        text=without_marks(joined([title, _what(case)], ": ")),
        blocks=(
            header(label("exception-title", state=case.state)),
            *map(section, [*(escalated if is_open else []), *told]),
            *([buttons(*_decisions(case.id)), context(say("exception-about"))] if is_open else []),
        ),
    )


def exception_news(case: ExceptionCase, *, is_ending: bool = False) -> Message:
    """To whoever asked: what became of it; ``is_ending``: that it is over soon."""
    turn = case.turns[-1]
    told = say("exception-news-ends", **_terms(case, case.granted)) if is_ending else _news(case, turn)
    choices: list[Block] = []
    if is_ending:
        choices = [button(actions.ASK_EXCEPTION, label("button-ask-exception"))]
    elif turn.state is ExceptionState.ASKED_BACK:
        choices = [
            button(actions.OPEN_EXCEPTION_ANSWER, label("button-answer-exception"), str(case.id), is_primary=True),
            button(actions.WITHDRAW_EXCEPTION, label("button-withdraw-exception"), str(case.id)),
        ]
    state = "ending" if is_ending else case.state.value
    return Message(
        text=without_marks(say("exception-news-text", title=say("exception-title", state=state), budget=case.budget)),
        blocks=(
            header(label("exception-title", state=state)),
            section(told),
            *([buttons(*choices)] if choices else []),
        ),
    )


def exception_ending(case: ExceptionCase) -> Message:
    """To whoever approved it: that it is over soon."""
    told = say("exception-ends-for", name=case.name, **_terms(case, case.granted))
    return Message(text=without_marks(told), blocks=(header(label("exception-title", state="ending")), section(told)))


def exceptions(of: Exceptions) -> Message:
    """The reader's own requests, the newest last, and those that wait for their decision, each with its buttons."""
    own_lines = [_line(one) for one in of.own]
    told = fitting([joined(_told(one)) for one in of.waiting], 6000)
    more = of.more_waiting + len(of.waiting) - len(told)
    blocks: list[Block] = [header(label("exceptions-title"))]
    if own_lines:
        blocks.append(section(joined([say("exceptions-own"), *own_lines])))
        if of.earlier:
            blocks.append(context(say("more-earlier", count=of.earlier)))
    for one in of.own:
        if choices := _own_choices(one):
            blocks.append(buttons(*choices))
    if of.waiting:
        blocks.append(section(say("exceptions-waiting")))
        for one, text in zip(of.waiting, told, strict=False):
            blocks += [section(text), buttons(*_decisions(one.id))]
        if more:
            blocks.append(context(say("more", count=more)))
    if of.is_empty:
        blocks.append(section(say("exceptions-none")))
    if of.may_ask:
        blocks.append(buttons(button(actions.ASK_EXCEPTION, label("button-ask-exception"))))
    heard = [*own_lines, *map(_what, of.waiting)] or [say("exceptions-none")]
    return Message(text=without_marks(joined([say("exceptions-title"), *heard])), blocks=tuple(blocks))


def _words_form(what: str, submission: str, question: str, hidden: str, hint: str = "") -> Modal:
    return Modal(
        title=label(f"exception-{what}-title"),
        blocks=(text_input(WORDS, label(f"exception-{what}-{question}"), _LONGEST_WORDS, hint=hint),),
        submission=submission,
        submit=label("button-send"),
        hidden=hidden,
    )


def _decisions(id: int) -> tuple[Block, ...]:
    return (
        button(actions.APPROVE_EXCEPTION, label("button-approve-exception"), str(id), is_primary=True),
        button(actions.OPEN_EXCEPTION_APPROVE_LESS, label("button-approve-less"), str(id)),
        button(actions.OPEN_EXCEPTION_DECLINE, label("button-decline-exception"), str(id)),
        button(actions.OPEN_EXCEPTION_ASK_BACK, label("button-ask-back-exception"), str(id)),
    )


def _own_choices(case: ExceptionCase) -> tuple[Block, ...]:
    if case.state not in (ExceptionState.ASKED, ExceptionState.ASKED_BACK):
        return ()
    withdraw = button(actions.WITHDRAW_EXCEPTION, label("button-withdraw-exception"), str(case.id))
    if case.state is ExceptionState.ASKED:
        return (withdraw,)
    return (button(actions.OPEN_EXCEPTION_ANSWER, label("button-answer-exception"), str(case.id)), withdraw)


def _told(case: ExceptionCase) -> list[Mrkdwn]:
    """What is asked for and why, what was asked back and answered, and what was decided."""
    words = joined([_what(case), _used(case), say("exception-why", why=escape(case.why, _LONGEST_WORDS))])
    talk = [_turn(one, case.granted) for one in case.turns[1:]]
    if case.state is ExceptionState.ASKED_BACK:
        talk.append(say("exception-waits-for-answer", name=case.name))
    return [words, *([joined(talk)] if talk else [])]


def _used(case: ExceptionCase) -> Mrkdwn:
    if not case.used:
        return Mrkdwn()
    if case.subject:
        return say("exception-used-part", name=case.name, part=case.used, share=case.allowed)
    return say("exception-used", used=case.used, allowed=case.allowed)


def _turn(turn: Turn, granted: str) -> Mrkdwn:
    note = escape(turn.note, _LONGEST_WORDS)
    if turn.state is ExceptionState.APPROVED and granted:
        return joined([say("exception-decided-less", name=turn.name, granted=granted), note], " ")
    if turn.state is ExceptionState.ASKED_BACK:
        return say("exception-question", name=turn.name, note=note)
    if turn.state is ExceptionState.ASKED:
        return say("exception-answer", name=turn.name, note=note)
    return say(f"exception-decided-{turn.state}", name=turn.name, note=note)


def _news(case: ExceptionCase, turn: Turn) -> Mrkdwn:
    if turn.state is ExceptionState.EXPIRED and case.turns[-2].state is ExceptionState.ASKED_BACK:
        return say("exception-news-unanswered", **_terms(case))
    if turn.state is ExceptionState.APPROVED and case.granted:
        less = say("exception-news-less", name=turn.name, asked=case.amount, **_terms(case, case.granted))
        return joined([less, escape(turn.note, _LONGEST_WORDS)])
    told = say(f"exception-news-{turn.state}", name=turn.name, note=escape(turn.note, _LONGEST_WORDS), **_terms(case))
    return joined([told, say("exception-news-declined-help")]) if turn.state is ExceptionState.DECLINED else told


def _what(case: ExceptionCase) -> Mrkdwn:
    key = "exception-what-of" if case.subject else "exception-what"
    return say(key, name=case.name, subject=case.subject, **_terms(case))


def _terms(case: ExceptionCase, amount: str = "") -> dict[str, str]:
    return {"amount": amount or case.amount, "budget": escape(case.budget, 80), "until": date_words(case.until)}


def _line(case: ExceptionCase) -> Mrkdwn:
    turn = case.turns[-1]
    state = say("exceptions-state", state=turn.state, name=turn.name, note=escape(turn.note, 200))
    return say("exceptions-line", state=state, **_terms(case, case.granted))


def _ceiling(one: CeilingChoice) -> str:
    key = "exception-ceiling-of" if one.subject else "exception-ceiling"
    return label(key, budget=one.budget, subject=one.subject, amount=one.amount, period=one.period)
