"""The weekly post in a channel: the first places of each board, by name where that is allowed, never a mention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, header, section
from bot.slack.message import Message
from bot.slack.text import escape
from scoring.digest import BoardSection, Digest, Place, Riser


def weekly_digest(digest: Digest) -> Message:
    """One message that reads completely as text too."""
    title = f"{escape(digest.program_name)}: {_days(digest.first_day, digest.last_day)}"
    boards = [_board(one) for one in digest.sections]
    about = _about(digest)
    text = "\n\n".join([title, *boards, about])
    return Message(
        text=text.replace("*", ""),
        blocks=(
            header(f"{digest.program_name}: {_days(digest.first_day, digest.last_day)}"),
            *map(section, boards),
            buttons(
                button(actions.SHOW_MY_RANK, "My rank", is_primary=True), button(actions.SHOW_RULES, "How it works")
            ),
            context(about),
        ),
    )


def _days(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    return f"{first:%-d %B} to {last:%-d %B %Y}"


def _board(board: BoardSection) -> str:
    lines = [f"*{escape(board.title)}* ({board.ranked} ranked)" if board.ranked else f"*{escape(board.title)}*"]
    lines.append(escape(board.measures, 300))
    lines += [_place(place) for place in board.places if place.label is not None]
    if board.unnamed:
        lines.append(_unnamed(board.unnamed, has_named=any(place.label is not None for place in board.places)))
    if board.note:
        lines.append(escape(board.note, 500))
    risers = _risers(board.most_improved)
    return "\n".join([*lines, risers] if risers else lines)


def _place(place: Place) -> str:
    return f"{place.rank}. {escape(place.label or '')}: {place.score:.0f} points"


def _unnamed(count: int, *, has_named: bool) -> str:
    more = " more" if has_named else ""
    if count == 1:
        return f"1{more} colleague among the first stays unnamed."
    return f"{count}{more} colleagues among the first stay unnamed."


def _risers(risers: Sequence[Riser]) -> str:
    """The names of those who improved most, best first; the unnamed are not counted twice here."""
    named = [f"{escape(riser.label)} (+{riser.gain:.0f})" for riser in risers if riser.label is not None]
    return f"Most improved: {', '.join(named)}" if named else ""


def _about(digest: Digest) -> str:
    parts = [f"Out of 1000 points. Computed by the rules of version {digest.program_version}."]
    if digest.rules_url:
        parts.append(f"<{escape(digest.rules_url, 2000)}|The rules>")
    if digest.training_url:
        parts.append(f"<{escape(digest.training_url, 2000)}|Training>")
    return " ".join(parts)
