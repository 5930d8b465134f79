"""Disputes: the forms, what AI ops get, what whoever disputes hears, and the list of those that are open."""

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
    fitting,
    header,
    paged,
    section,
    text_input,
)
from bot.slack.message import Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, date_words, escape, joined, without_marks
from scoring.disputes import Consequence, DisputeState

MATTER, WHY, ANSWER, CONSEQUENCE = "matter", "why", "answer", "consequence"
_LONGEST_WORDS = 500
_MOST_CHOICES = 100
_MOST_SENTENCES = 8
_MOST_LISTED = 8


class DisputeCase(msgspec.Struct, frozen=True):
    """A dispute as it stands. ``what`` names its matter, ``evidence`` is how that stood; ``by`` ended it with ``note``."""

    id: int
    name: str
    what: str
    why: str
    evidence: tuple[str, ...]
    version: str
    due: date
    state: DisputeState
    by: str = ""
    note: str = ""
    consequence: Consequence = Consequence.NOTHING


class Disputes(msgspec.Struct, frozen=True):
    """Somebody's ``own`` disputes, newest first, and those ``waiting`` for the reader's answer, the soonest due first.

    ``earlier`` are the reader's own too, and not among them.
    """

    own: tuple[DisputeCase, ...]
    waiting: tuple[DisputeCase, ...]
    earlier: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.own or self.waiting)


def dispute_form(choices: Sequence[tuple[str, str]], chosen: str, answer_days: int) -> Modal:
    """``choices``: key and label of each matter, at least one."""
    hint = label("dispute-form-why-hint", days=answer_days)
    return Modal(
        title=label("dispute-form-title"),
        blocks=(
            choice_input(MATTER, label("dispute-form-matter"), choices[:_MOST_CHOICES], chosen=chosen),
            text_input(WHY, label("dispute-form-why"), _LONGEST_WORDS, hint=hint),
        ),
        submission=actions.SEND_DISPUTE,
        submit=label("button-send"),
    )


def uphold_form(case: DisputeCase, consequences: Sequence[Consequence]) -> Modal:
    choices = [(one.value, label("dispute-consequence-choice", consequence=one)) for one in consequences]
    consequence = choice_input(CONSEQUENCE, label("dispute-answer-consequence"), choices, chosen=choices[0][0])
    return _answer_form("dispute-uphold-title", actions.UPHOLD_DISPUTE, "button-uphold", case, consequence)


def decline_dispute_form(case: DisputeCase) -> Modal:
    return _answer_form("dispute-decline-title", actions.DECLINE_DISPUTE, "button-decline-dispute", case)


def dispute(case: DisputeCase, command: str) -> Message:
    """To AI ops: the dispute with its figures and the buttons; once ended, in its place, who ended it."""
    title = say("dispute-title", state=case.state)
    is_open = case.state is DisputeState.OPEN
    return Message(
        text=without_marks(joined([title, _what(case)], ": ")),
        blocks=(
            header(label("dispute-title", state=case.state)),
            section(_told(case)),
            *([section(_evidence(case))] if case.evidence else []),
            *([buttons(*_answers(case.id)), context(say("dispute-about", command=command))] if is_open else []),
        ),
    )


def dispute_news(case: DisputeCase, command: str) -> Message:
    """To whoever disputed: the answer."""
    told = [
        say("dispute-news", name=case.by, what=escape(case.what, 150)),
        say(f"dispute-news-{case.state}", note=escape(case.note, _LONGEST_WORDS)),
    ]
    if case.state is DisputeState.UPHELD:
        told.append(say("dispute-consequence", consequence=case.consequence))
    else:
        told.append(say("dispute-news-more", name=case.by, command=command))
    title = say("dispute-title", state=case.state)
    return Message(
        text=without_marks(joined([title, told[0]], ". ")),
        blocks=(header(label("dispute-title", state=case.state)), section(joined(told))),
    )


def disputes(of: Disputes) -> Message:
    """The reader's own disputes, and those that wait for their answer, each with its buttons."""
    own, waiting = of.own[:_MOST_LISTED], of.waiting[:_MOST_LISTED]
    lines = [_line(one) for one in own]
    earlier = of.earlier + len(of.own) - len(own)
    told = fitting([joined([_told(one), _evidence(one)]) for one in waiting], 7000)
    blocks: list[Block] = [header(label("disputes-title"))]
    if lines:
        blocks.append(section(joined([say("disputes-own"), *lines])))
        if earlier:
            blocks.append(context(say("more-earlier", count=earlier)))
    for one in own:
        if one.state is DisputeState.OPEN:
            withdraw = button(actions.WITHDRAW_DISPUTE, label("button-withdraw-dispute"), str(one.id))
            blocks += [context(_line(one)), buttons(withdraw)]
    if waiting:
        blocks.append(section(say("disputes-waiting")))
    for one, text in zip(waiting, told, strict=False):
        blocks += [section(text), buttons(*_answers(one.id))]
    if len(told) < len(of.waiting):
        blocks.append(context(say("more", count=len(of.waiting) - len(told))))
    if of.is_empty:
        blocks.append(section(say("disputes-none")))
    blocks.append(buttons(button(actions.DISPUTE, label("button-dispute"))))
    heard = [*lines, *map(_what, waiting)] or [say("disputes-none")]
    return Message(text=without_marks(joined([say("disputes-title"), *heard])), blocks=tuple(blocks))


def disputes_due(soon: Sequence[DisputeCase], overdue: Sequence[DisputeCase], command: str) -> Message:
    """To AI ops: what is to be answered by tomorrow, and what should have been."""
    title = say("disputes-reminder", soon=len(soon), overdue=len(overdue))
    lines = (
        say("disputes-reminder-line", name=one.name, what=escape(one.what, 150), due=date_words(one.due))
        for one in (*overdue, *soon)
    )
    how = say("disputes-reminder-how", command=command)
    return Message(
        text=without_marks(title),
        blocks=(
            header(label("disputes-reminder", soon=len(soon), overdue=len(overdue))),
            *paged(Mrkdwn(), lines, how, count=len(overdue) + len(soon)),
            buttons(button(actions.in_menu("disputes"), label("menu-disputes"))),
        ),
    )


def _answer_form(title: str, submission: str, submit: str, case: DisputeCase, *more: Block) -> Modal:
    hint = label("dispute-answer-hint", name=case.name)
    return Modal(
        title=label(title),
        blocks=(
            section(_told(case)),
            *more,
            text_input(ANSWER, label("dispute-answer-why"), _LONGEST_WORDS, hint=hint),
        ),
        submission=submission,
        submit=label(submit),
        hidden=str(case.id),
    )


def _answers(id: int) -> tuple[Block, Block]:
    return (
        button(actions.OPEN_UPHOLD, label("button-uphold"), str(id)),
        button(actions.OPEN_DECLINE_DISPUTE, label("button-decline-dispute"), str(id)),
    )


def _told(case: DisputeCase) -> Mrkdwn:
    told = [_what(case), say("dispute-why", why=escape(case.why, _LONGEST_WORDS))]
    if case.state is DisputeState.OPEN:
        return joined([*told, say("dispute-due", due=date_words(case.due))])
    told.append(say(f"dispute-decided-{case.state}", name=case.by, note=escape(case.note, _LONGEST_WORDS)))
    if case.state is DisputeState.UPHELD:
        told.append(say("dispute-consequence", consequence=case.consequence))
    return joined(told)


def _evidence(case: DisputeCase) -> Mrkdwn:
    lines = [escape(f"• {one}", 300) for one in case.evidence[:_MOST_SENTENCES]]
    return joined([say("dispute-evidence", version=case.version), *lines]) if lines else Mrkdwn()


def _what(case: DisputeCase) -> Mrkdwn:
    return say("dispute-what", name=case.name, what=escape(case.what, 150))


def _line(case: DisputeCase) -> Mrkdwn:
    what, due = escape(case.what, 150), date_words(case.due)
    return say("disputes-line", what=what, state=case.state, due=due, name=case.by)
