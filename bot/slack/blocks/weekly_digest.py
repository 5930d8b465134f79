"""The weekly post in a channel: the first places of each board, by name where that is allowed, never a mention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.slack import actions
from bot.slack.blocks.charts import chart
from bot.slack.blocks.parts import button, buttons, context, header, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, date_words, escape, joined, link, without_marks
from scoring.digest import BoardSection, Digest, OfficeHours, Place, Riser

_MOST_OFFICE_HOURS = 5


def weekly_digest(digest: Digest) -> Message:
    """One message that reads completely as text too."""
    days = days_between(digest.first_day, digest.last_day)
    boards = [_board(one) for one in digest.sections]
    boards += [office_hours(digest.office_hours)] if digest.office_hours else []
    about = _about(digest)
    return Message(
        text=without_marks(
            joined([say("digest-title", program=digest.program_name, days=days), *boards, about], "\n\n")
        ),
        blocks=(
            header(label("digest-title", program=digest.program_name, days=days)),
            *map(section, boards),
            *team_chart(digest.sections),
            buttons(
                button(actions.SHOW_MY_RANK, label("button-my-rank"), is_primary=True),
                button(actions.SHOW_RULES, label("button-how-it-works")),
            ),
            context(about),
        ),
    )


def team_chart(sections: Sequence[BoardSection]) -> tuple[Block, ...]:
    """The teams that are named, as bars."""
    board = next((one for one in sections if one.board == "team"), None)
    if board is None:
        return ()
    points = [(place.label, place.score) for place in board.places if place.label is not None]
    return chart("bar", board.title, label("progress-series"), points, label("progress-points"))


def office_hours(of: Sequence[OfficeHours], most: int = _MOST_OFFICE_HOURS) -> Mrkdwn:
    """Who can be asked what, and when: at most ``most`` of them, and how many more there are."""
    lines = [say("office-hours-line", name=one.name, topic=one.topic, times=one.times) for one in of[:most]]
    more = [say("office-hours-more", count=len(of) - most)] if len(of) > most else []
    return joined([say("office-hours-title"), *lines, *more])


def days_between(first: date, last: date) -> Mrkdwn:
    """The two days in words, the year once where it is the same."""
    return say("digest-days", first=date_words(first, has_year=first.year != last.year), last=date_words(last))


def _board(board: BoardSection) -> Mrkdwn:
    named = [place for place in board.places if place.label is not None]
    return joined(
        [
            say("digest-board", title=board.title, ranked=board.ranked),
            escape(board.measures, 300),
            *map(_place, named),
            _unnamed(board.unnamed, has_named=bool(named)),
            escape(board.note, 500),
            _risers(board.most_improved),
        ]
    )


def _place(place: Place) -> Mrkdwn:
    return say("digest-place", rank=place.rank, name=place.label or "", points=round(place.score))


def _unnamed(count: int, *, has_named: bool) -> Mrkdwn:
    if not count:
        return Mrkdwn()
    return say("digest-unnamed-more", count=count) if has_named else say("digest-unnamed", count=count)


def _risers(risers: Sequence[Riser]) -> Mrkdwn:
    """The names of those who improved most, best first; the unnamed are not counted twice here."""
    named = [say("digest-riser", name=one.label, gain=round(one.gain)) for one in risers if one.label is not None]
    return say("digest-risers", risers=joined(named, ", ")) if named else Mrkdwn()


def _about(digest: Digest) -> Mrkdwn:
    parts = [say("digest-about", version=digest.program_version)]
    if digest.rules_url:
        parts.append(link(digest.rules_url, say("digest-rules-link")))
    if digest.training_url:
        parts.append(link(digest.training_url, say("digest-training-link")))
    return joined(parts, " · ")
