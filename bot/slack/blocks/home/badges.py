"""One's own badges: those earned, and what the next ones take."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.slack import actions
from bot.slack.blocks.badges import EarnedBadge, badge_buttons, badge_name
from bot.slack.blocks.parts import button, buttons, header, paged, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, link, without_marks

_MOST_NEXT = 5
_MOST_TO_CHOOSE = 3


class HeldBadge(msgspec.Struct, frozen=True):
    """``visibility``: shared, private or "" (nothing chosen yet)."""

    badge: EarnedBadge
    visibility: str


class NextBadge(msgspec.Struct, frozen=True):
    """How far the reader has come: ``text`` says the figure, ``level`` begins at ``step``; ``withheld``: why not yet."""

    title: str
    training: str
    text: str
    level: str
    step: str
    withheld: str


class BadgeShelf(msgspec.Struct, frozen=True):
    """``held`` newest first, ``upcoming`` nearest first; ``can_share``: there is a channel.

    ``disputed``: the key of the matter that is most likely disputed; "" where there is none.
    """

    held: tuple[HeldBadge, ...]
    upcoming: tuple[NextBadge, ...]
    can_share: bool
    disputed: str = ""


def badges(of: BadgeShelf) -> Message:
    """What one holds, with the choice about the newest, and what is within reach."""
    earned = [_held(one) for one in of.held]
    upcoming = [_next(one) for one in of.upcoming[:_MOST_NEXT]] or [say("badges-nothing-measured")]
    title = say("badges-title") if earned else say("badges-none")
    return Message(
        text=without_marks(joined([say("badges-title"), *earned[:10], say("badges-next-title"), *upcoming])),
        blocks=(
            header(label("badges-title")),
            *(paged(Mrkdwn(), earned, most_sections=1) if earned else [section(title)]),
            *_choices(of),
            *paged(say("badges-next-title"), upcoming, most_sections=1),
            *([buttons(button(actions.DISPUTE, label("button-dispute"), of.disputed))] if of.disputed else []),
        ),
    )


def _held(one: HeldBadge) -> Mrkdwn:
    key = {"shared": "badges-shared", "private": "badges-kept-private"}.get(one.visibility, "badges-earned")
    return say(
        key,
        badge=badge_name(one.badge),
        period=say("badge-period", period=one.badge.period),
        text=escape(one.badge.text, 300),
        learn=learn(one.badge.training),
    )


def _choices(of: BadgeShelf) -> Sequence[Block]:
    open_ones = [one.badge for one in of.held if not one.visibility][:_MOST_TO_CHOOSE] if of.can_share else []
    made: list[Block] = []
    for one in open_ones:
        made += [section(badge_name(one)), buttons(*badge_buttons(one))]
    return made


def _next(one: NextBadge) -> Mrkdwn:
    text, training = escape(one.text, 300), learn(one.training)
    if one.withheld:
        return say(
            "badges-next-withheld", title=one.title, text=text, withheld=escape(one.withheld, 200), learn=training
        )
    return say("badges-next", title=one.title, text=text, level=one.level, step=one.step, learn=training)


def learn(training: str) -> Mrkdwn:
    """The link to learn more; nothing where there is none."""
    return link(training, say("badge-learn")) if training else Mrkdwn()
