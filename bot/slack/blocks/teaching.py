"""Asking somebody to teach, the form for their office hours, and the list of everybody's."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, line_input, section
from bot.slack.blocks.weekly_digest import office_hours
from bot.slack.message import Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import joined, without_marks
from scoring.digest import OfficeHours

TOPIC, TIMES = "topic", "times"
LONGEST = 55  # of what the weekly post shows in one line
_MOST_LISTED = 15


def teacher_question(windows: int) -> Message:
    """To one person, privately: their value was steady for so many windows."""
    question, what = say("teacher-question", windows=windows), say("teacher-question-what")
    return Message(
        text=without_marks(say("teacher-question-text", question=question, what=what)),
        blocks=(
            section(joined([question, what], " ")),
            buttons(
                button(actions.TEACH, label("button-teach"), is_primary=True),
                button(actions.TEACH_NOT_NOW, label("button-teach-not-now")),
                button(actions.TEACH_NEVER, label("button-teach-never")),
            ),
            context(say("teacher-question-what-follows")),
        ),
    )


def teaching_form() -> Modal:
    return Modal(
        title=label("teaching-form-title"),
        blocks=(
            line_input(TOPIC, label("teaching-form-topic"), LONGEST, hint=label("teaching-form-topic-hint")),
            line_input(TIMES, label("teaching-form-times"), LONGEST, hint=label("teaching-form-times-hint")),
            context(say("teaching-form-consent")),
        ),
        submission=actions.OFFER_OFFICE_HOURS,
        submit=label("button-send"),
    )


def office_hours_list(of: Sequence[OfficeHours], own: OfficeHours | None, *, may_offer: bool) -> Message:
    """Everybody's office hours; the reader's ``own`` with what they can do about them."""
    listed = office_hours(of, _MOST_LISTED) if of else say("office-hours-none")
    mine = [] if own is None else [say("office-hours-own", topic=own.topic, times=own.times)]
    choices: list[Block] = []
    if own is not None:
        choices = [
            button(actions.TEACH, label("button-change-office-hours")),
            button(actions.STOP_TEACHING, label("button-stop-teaching")),
        ]
    elif may_offer:
        choices = [button(actions.TEACH, label("button-offer-office-hours"))]
    return Message(
        text=without_marks(joined([listed, *mine])),
        blocks=(section(listed), *map(section, mine), *([buttons(*choices)] if choices else [])),
    )
