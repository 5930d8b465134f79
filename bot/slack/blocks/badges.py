"""Badges as they are told: to the person who earned them, in the weekly post, and where somebody shares their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, fitting, header, section
from bot.slack.blocks.weekly_digest import days_between
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, link, without_marks
from scoring.program.badges import Level

_MOST_TOLD = 12  # with their buttons, in one message
_MOST_TITLES = 5  # in a notification
_MOST_NAMES = 7


class EarnedBadge(msgspec.Struct, frozen=True):
    """A badge that somebody earned. ``text`` says the figure in a sentence; ``name`` is how awards cite it."""

    name: str
    title: str
    praise: str
    training: str
    period: str
    level: Level
    text: str = ""


class BadgeNews(msgspec.Struct, frozen=True):
    """What one person earned. ``can_share``: there is a channel; ``is_named``: the weekly post may name them."""

    badges: tuple[EarnedBadge, ...]
    can_share: bool
    is_named: bool
    command: str


class LevelNames(msgspec.Struct, frozen=True):
    """Who may be named for a level, and how many more earned it."""

    level: Level
    names: tuple[str, ...]


class BadgeOfWeek(msgspec.Struct, frozen=True):
    """Everybody who earned a badge, highest level first; ``unnamed``: how many of them are not named."""

    title: str
    praise: str
    training: str
    levels: tuple[LevelNames, ...]
    unnamed: int


class BadgeWeek(msgspec.Struct, frozen=True):
    """What people heard from ``first_day`` to ``last_day`` that they earned."""

    first_day: date
    last_day: date
    badges: tuple[BadgeOfWeek, ...]


def badge_news(news: BadgeNews) -> Message:
    """To the person alone: what was done well, with the figure, where to learn more, and what they can do with it."""
    paragraphs = fitting([_praised(one) for one in news.badges[:_MOST_TOLD]])
    titles = joined(map(badge_name, news.badges[:_MOST_TITLES]), "; ")
    blocks: list[Block] = [header(label("badge-news-title", count=len(news.badges)))]
    for one, paragraph in zip(news.badges, paragraphs, strict=False):
        blocks.append(section(paragraph))
        if news.can_share:
            blocks.append(buttons(*badge_buttons(one)))
    more = len(news.badges) - len(paragraphs)
    if more:
        blocks.append(section(say("badge-news-more", count=more, command=news.command)))
    note = say(_note(news))
    return Message(
        text=without_marks(say("badge-news-title-for", count=len(news.badges), badges=titles)),
        blocks=(*blocks, context(note)),
    )


def badge_buttons(one: EarnedBadge) -> tuple[Block, Block]:
    """To share it, or to keep it out of the weekly post."""
    value = f"{one.name}/{one.period}/{one.level}"
    return (
        button(actions.SHARE_BADGE, label("button-share-badge"), value),
        button(actions.KEEP_BADGE_PRIVATE, label("button-keep-badge-private"), value),
    )


def shared_badge(name: str, one: EarnedBadge) -> Message:
    """In a channel, because the person named wished it. Without figures."""
    line = joined(
        [say("badge-shared", name=name, badge=badge_name(one)), escape(one.praise, 200), _learn(one.training)]
    )
    return Message(text=without_marks(line), blocks=(section(line),))


def badge_week(week: BadgeWeek) -> Message:
    """One post for all: each badge with what it is for, who earned it, and where to learn it."""
    title = say("badge-week-title", days=days_between(week.first_day, week.last_day))
    told = list(fitting([_of_week(one) for one in week.badges]))
    more = len(week.badges) - len(told)
    if more:
        told.append(say("badge-week-more", count=more))
    about = say("badge-week-about")
    return Message(
        text=without_marks(joined([title, *told, about], "\n\n")),
        blocks=(
            header(label("badge-week-title", days=days_between(week.first_day, week.last_day))),
            *map(section, told),
            context(about),
        ),
    )


def badge_name(one: EarnedBadge) -> Mrkdwn:
    """Title and level."""
    return say("badge-level", title=one.title, level=one.level)


def _praised(one: EarnedBadge) -> Mrkdwn:
    named = say("badge-news-one", badge=badge_name(one), period=say("badge-period", period=one.period))
    return joined([named, escape(one.praise, 200), escape(one.text, 400), _learn(one.training)])


def _note(news: BadgeNews) -> str:
    if not news.can_share:
        return "badge-news-no-post"
    return "badge-news-shown" if news.is_named else "badge-news-hidden"


def _of_week(one: BadgeOfWeek) -> Mrkdwn:
    title = say("badge-week-badge", title=one.title, praise=escape(one.praise, 200))
    unnamed = say("badge-week-unnamed", count=one.unnamed) if one.unnamed else Mrkdwn()
    return joined([title, *map(_level, one.levels), unnamed, _learn(one.training)])


def _level(of: LevelNames) -> Mrkdwn:
    return say("badge-week-names", level=of.level.capitalize(), names=_names(of.names))


def _names(names: Sequence[str]) -> Mrkdwn:
    shown = joined(map(escape, names[:_MOST_NAMES]), ", ")
    more = len(names) - _MOST_NAMES
    return say("badge-week-more-names", names=shown, count=more) if more > 0 else shown


def _learn(training: str) -> Mrkdwn:
    return link(training, say("badge-learn")) if training else Mrkdwn()
