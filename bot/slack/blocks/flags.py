"""Flags for those who decide on them: one that waits, one that is decided, all that are open, and the form."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, fitting, header, plain, section, text_input
from bot.slack.message import Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, moment, without_marks
from scoring.flag import Flag, FlagState
from scoring.flags.explanation import figures_of

REASON = "reason"
PAGE = 8
_LONGEST_REASON = 500


class Said(msgspec.Struct, frozen=True):
    """Who decided, and why."""

    name: str
    reason: str


class FlagCase(msgspec.Struct, frozen=True):
    """A flag on the person ``name``, in the state that it has; who confirmed it so far, or decided; how many must."""

    id: str
    name: str
    flag: Flag
    said: tuple[Said, ...] = ()
    reviewers: int = 1
    is_lapsed: bool = False


class FlagList(msgspec.Struct, frozen=True):
    """The open flags from number ``first`` (0 = the strongest) on, out of ``count``. ``seen_us``: the newest look."""

    cases: tuple[FlagCase, ...]
    first: int
    count: int
    seen_us: int
    zone: tzinfo


def flag_case(case: FlagCase) -> Message:
    """To AI ops: what looks odd with its figures, what follows, and the buttons; or what came of it, in its place."""
    state = "lapsed" if case.is_lapsed else case.flag.state.value
    kind = say("flag-kind", kind=case.flag.kind)
    what = say("flag-what", name=case.name, text=escape(case.flag.text, 400))
    is_open = state == FlagState.OPEN
    stands = _stands(case) if is_open else joined([*_decided(case), say(f"flag-effect-{state}")])
    title = say(f"flag-title-{state}", kind=kind)
    return Message(
        text=without_marks(joined([title, what, stands])),
        blocks=(
            header(label(f"flag-title-{state}", kind=kind)),
            section(what),
            section(escape(figures_of(case.flag), 600)),
            *([section(say("flag-follows", name=case.name))] if is_open else []),
            *([section(stands)] if stands else []),
            *([buttons(*_choices(case.id)), context(say("flag-about"))] if is_open else []),
        ),
    )


def flag_list(of: FlagList) -> Message:
    """As many as Slack takes in one message, each with its buttons, and a button to the next."""
    if not of.count:
        return plain(say("flags-none"))
    told = fitting([_line(case) for case in of.cases[:PAGE]], 10_000)
    title, last = say("flags-title", count=of.count), of.first + len(told)
    where = joined(
        [
            say("flags-from", first=of.first + 1, last=last) if len(told) < of.count else Mrkdwn(),
            say("flags-as-of", when=moment(of.seen_us, of.zone)),
        ],
        " ",
    )
    blocks: list[Block] = [header(label("flags-title", count=of.count)), context(where)]
    for case, line in zip(of.cases, told, strict=False):
        blocks += [section(line), buttons(*_choices(case.id))]
    if last < of.count:
        blocks.append(buttons(button(actions.MORE_FLAGS, label("button-more-flags"), str(last))))
    elif of.first:
        blocks.append(buttons(button(actions.MORE_FLAGS, label("button-first-flags"), "0")))
    return Message(text=without_marks(joined([title, *told], "\n\n")), blocks=tuple(blocks))


def flags_waiting(count: int, command: str) -> Message:
    """To AI ops: that more is open than was told one by one."""
    title, how = say("flags-waiting", count=count), say("flags-waiting-how", command=command)
    see = button(actions.in_menu("flags"), label("menu-flags"))
    return Message(text=without_marks(joined([title, how], ". ")), blocks=(section(joined([title, how])), buttons(see)))


def decision_form(case: FlagCase, verdict: FlagState, hidden: str) -> Modal:
    """Asks for the reason, beneath what is decided on as it stands now."""
    what = say("flag-what", name=case.name, text=escape(case.flag.text, 400))
    return Modal(
        title=label("flag-form-title", verdict=verdict),
        blocks=(
            section(what),
            section(escape(figures_of(case.flag), 600)),
            *([section(stands)] if (stands := _stands(case)) else []),
            section(say("flag-form-follows", verdict=verdict)),
            text_input(REASON, label("flag-form-reason"), _LONGEST_REASON, hint=label("flag-form-hint")),
        ),
        submission=actions.SEND_FLAG_DECISION,
        submit=label("button-confirm-flag" if verdict is FlagState.CONFIRMED else "button-dismiss-flag"),
        hidden=hidden,
    )


def _line(case: FlagCase) -> Mrkdwn:
    return say(
        "flag-line",
        name=case.name,
        kind=say("flag-kind", kind=case.flag.kind),
        text=escape(case.flag.text, 400),
        figures=escape(figures_of(case.flag), 600),
        stands=_stands(case),
    )


def _stands(case: FlagCase) -> Mrkdwn:
    """How far an open flag is where one confirmation is not enough."""
    if case.reviewers < 2:
        return Mrkdwn()
    if not case.said:
        return say("flag-needs-two")
    once = [say("flag-confirmed-once", name=one.name, reason=_reason(one)) for one in case.said]
    return joined([*once, say("flag-needs-another")])


def _decided(case: FlagCase) -> list[Mrkdwn]:
    return [say("flag-decided", name=one.name, reason=_reason(one)) for one in case.said]


def _reason(one: Said) -> Mrkdwn:
    return escape(one.reason, _LONGEST_REASON)


def _choices(id: str) -> tuple[Block, Block]:
    return (
        button(actions.CONFIRM_FLAG, label("button-confirm-flag"), id),
        button(actions.DISMISS_FLAG, label("button-dismiss-flag"), id),
    )
