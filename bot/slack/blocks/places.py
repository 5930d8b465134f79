"""Private answers: one's own place on a board, and the first places of one."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from bot.slack import actions
from bot.slack.blocks.charts import chart
from bot.slack.blocks.parts import button, buttons, context, message, section
from bot.slack.message import Block, Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, moment, without_marks
from scoring.explanation import headline
from scoring.standings import Component, Entry, Withheld


class RankCard(msgspec.Struct, frozen=True):
    """Somebody's place on a board as it was at ``at_us``: an entry, or why there is none. ``zone`` is the reader's.

    ``team`` None = the reader's own place.
    """

    board: str
    at_us: int
    ranked: int
    entry: Entry | None
    withheld: Withheld | None
    zone: tzinfo
    team: str | None = None


class LeaderboardRow(msgspec.Struct, frozen=True):
    """``label`` None = not named; ``is_own`` marks the reader's own row."""

    rank: int
    label: str | None
    score: float
    is_own: bool = False


class Leaderboard(msgspec.Struct, frozen=True):
    """The first places of a board and, for the reader alone, their own. ``zone`` is the reader's.

    ``hidden_below`` > 0: nobody is shown, because fewer people than that are ranked.
    """

    board: str
    title: str
    measures: str
    at_us: int
    ranked: int
    rows: tuple[LeaderboardRow, ...]
    own: LeaderboardRow | None
    zone: tzinfo
    hidden_below: int = 0


def rank_card(card: RankCard) -> Message:
    """The place, what made it, one concrete next step; or kindly what is missing for one."""
    when = _as_of(card.at_us, card.zone)
    if card.entry is None:
        known = [*_dispute(card), context(when)] if card.at_us else []
        return message(_no_place(card), *known)
    paragraphs = place_paragraphs(card)
    return Message(
        text=without_marks(joined([*paragraphs, when])),
        blocks=(
            *map(section, paragraphs),
            *_dispute(card, button(actions.SHOW_RULES, label("button-how-it-works"))),
            context(when),
        ),
    )


def _dispute(card: RankCard, *before: Block) -> list[Block]:
    """A row of buttons; one's own place can be disputed, a team's is not one's own."""
    own = [] if card.team else [button(actions.DISPUTE, label("button-dispute"), f"score/{card.board}")]
    made = [*before, *own]
    return [buttons(*made)] if made else []


def place_paragraphs(card: RankCard) -> list[Mrkdwn]:
    """The place, its components and one next step, each to stand alone; or what is missing for a place."""
    entry = card.entry
    if entry is None:
        return [joined(_no_place(card))]
    first = joined([_title(card), escape(headline(entry, card.ranked), 200), _percentile(entry)])
    parts = joined(map(_component, entry.components))
    step = say("place-next-step", step=escape(entry.next_step, 500)) if entry.next_step else Mrkdwn()
    return [one for one in (first, parts, step) if one]


def leaderboard(board: Leaderboard, *, is_shared: bool = False) -> Message:
    """The board for one reader, with a button to share it; or as it was shared, without anybody's own row."""
    lines = [
        say("leaderboard-title", title=board.title, ranked=board.ranked),
        escape(board.measures, 300),
        *map(_row, board.rows),
    ]
    if not board.ranked:
        lines.append(say("leaderboard-nobody"))
    if board.hidden_below:
        lines.append(say("leaderboard-too-few", smallest=board.hidden_below))
    if board.own is not None and not is_shared and not any(row.is_own for row in board.rows):
        lines.append(say("leaderboard-own", row=_row(board.own)))
    when = _as_of(board.at_us, board.zone)
    share = button(actions.SHARE_LEADERBOARD, label("button-share-leaderboard"), board.board)
    return Message(
        text=without_marks(joined([*lines, when])),
        blocks=(
            section(joined(lines)),
            *_chart(board),
            *([] if is_shared else [buttons(share)]),
            context(when),
        ),
    )


def _chart(board: Leaderboard) -> tuple[Block, ...]:
    """The teams as bars; people are not drawn side by side."""
    if board.board != "team":
        return ()
    points = [(row.label, row.score) for row in board.rows if row.label is not None]
    return chart("bar", board.title, label("progress-series"), points, label("progress-points"))


def _title(card: RankCard) -> Mrkdwn:
    board = say("board", name=card.board)
    return say("place-title-team", team=card.team, board=board) if card.team else say("place-title", board=board)


def _no_place(card: RankCard) -> list[Mrkdwn]:
    board = say("board", name=card.board)
    title = say("place-none-team", team=card.team, board=board) if card.team else say("place-none", board=board)
    if card.withheld is None:
        return [title, say("place-not-computed"), say("place-private")]
    return [title, *(escape(one, 500) for one in card.withheld.missing), say("place-private")]


def _percentile(entry: Entry) -> Mrkdwn:
    """How many stand below; nothing for the lower half, who would learn nothing kind from it."""
    return say("place-above", percent=round(entry.percentile)) if entry.percentile >= 50 else Mrkdwn()


def _component(part: Component) -> Mrkdwn:
    name, points, text = part.name.replace("_", " "), round(part.points), escape(part.text, 400)
    if part.points < 0:
        return say("place-component-lost", name=name, points=points, text=text)
    return say("place-component", name=name, points=points, most=round(part.max_points), text=text)


def _row(row: LeaderboardRow) -> Mrkdwn:
    name = say("leaderboard-you") if row.is_own else say("leaderboard-unnamed") if row.label is None else row.label
    return say("leaderboard-row", rank=row.rank, name=name, points=round(row.score))


def _as_of(at_us: int, zone: tzinfo) -> Mrkdwn:
    return say("as-of", when=moment(at_us, zone))
