"""Private answers: one's place, a board, the rules, help, and why somebody is not served."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, context, cut, header, section
from bot.slack.message import Message
from bot.slack.text import escape
from scoring.explanation import headline
from scoring.rules import RuleSection
from scoring.standings import Component, Entry, Withheld
from scoring.window import from_us

_LONGEST_TEXT = 12_000


class RankCard(msgspec.Struct, frozen=True):
    """Somebody's place on a board as it was at ``at_us``: an entry, or why there is none. ``who`` is "you" or a team."""

    board: str
    at_us: int
    ranked: int
    entry: Entry | None
    withheld: Withheld | None
    team: str | None = None


class LeaderboardRow(msgspec.Struct, frozen=True):
    """``label`` None = not named; ``is_own`` marks the reader's own row."""

    rank: int
    label: str | None
    score: float
    is_own: bool = False


class Leaderboard(msgspec.Struct, frozen=True):
    """The first places of a board and, for the reader alone, their own."""

    board: str
    title: str
    measures: str
    at_us: int
    ranked: int
    rows: tuple[LeaderboardRow, ...]
    own: LeaderboardRow | None
    note: str = ""


def rank_card(card: RankCard) -> Message:
    """The place, what made it, one concrete next step; or kindly what is missing for one."""
    board = f"{escape(card.board)} board"
    whose = f"Team {escape(card.team)}" if card.team else "You"
    if card.entry is None:
        lines = [f"*{whose} on the {board}: no place yet*"]
        lines += [escape(one, 500) for one in (card.withheld.missing if card.withheld else ())]
        if card.withheld is None:
            lines.append("Nothing was computed for you yet. Boards are refreshed every hour.")
        lines.append("Nobody else sees this.")
        return _message(lines, [context(_as_of(card.at_us))] if card.at_us else [])
    entry = card.entry
    lines = [f"*{whose} on the {board}*", headline(entry, card.ranked), *_percentile(entry)]
    parts = [_component(part) for part in entry.components]
    step = f"*One next step:* {escape(entry.next_step, 500)}" if entry.next_step else ""
    blocks = [section("\n".join(parts))]
    if step:
        blocks.append(section(step))
    blocks += [buttons(button(actions.SHOW_RULES, "How it works")), context(_as_of(card.at_us))]
    first = section("\n".join(lines))
    text = "\n".join([*lines, *parts, step, _as_of(card.at_us)]).replace("*", "")
    return Message(text=text, blocks=(first, *blocks))


def leaderboard(board: Leaderboard, *, is_shared: bool = False) -> Message:
    """The board for one reader, with a button to share it; or as it was shared, without anybody's own row."""
    lines = [f"*{escape(board.title)}* ({board.ranked} ranked)", escape(board.measures, 300)]
    lines += [_row(row) for row in board.rows]
    if board.note:
        lines.append(escape(board.note, 500))
    if board.own is not None and not is_shared and not any(row.is_own for row in board.rows):
        lines.append(f"Your place: {_row(board.own)}")
    text = "\n".join([*lines, _as_of(board.at_us)])
    blocks = [section("\n".join(lines))]
    if not is_shared:
        blocks.append(buttons(button(actions.SHARE_LEADERBOARD, "Share in this channel", board.board)))
    blocks.append(context(_as_of(board.at_us)))
    return Message(text=text.replace("*", ""), blocks=tuple(blocks))


def rules(sections: Sequence[RuleSection]) -> Message:
    """The program in plain language."""
    texts = [
        "\n".join([f"*{escape(one.title, 150)}*", *(f"• {escape(sentence, 600)}" for sentence in one.sentences)])
        for one in sections
    ]
    text = cut("\n\n".join(texts).replace("*", ""), _LONGEST_TEXT)
    return Message(text=text, blocks=(header("How it works"), *map(section, texts)))


def help_message(unknown: str = "", suggestion: str = "") -> Message:
    """What can be asked; first, what ``unknown`` may have meant."""
    lines = []
    if unknown:
        meant = f" Did you mean `{actions.BANDSTAND} {suggestion}`?" if suggestion else ""
        lines.append(f"I don't know “{escape(unknown)}”.{meant}")
    lines += [
        f"`{actions.RANK}`: your place, what made it and one next step. Only you see it.",
        f"`{actions.RANK} team`: the same for your team.",
        f"`{actions.LEADERBOARD} [team or outcome]`: the first places of a board. Only you see it, until you share it.",
        f"`{actions.BANDSTAND} rules`: how it all works, in plain language.",
        f"`{actions.BANDSTAND} privacy`: whether posts may show your name.",
        f"`{actions.BANDSTAND} connect`: a token of your own and the lines to paste, to count your Claude Code usage.",
        f"`{actions.BANDSTAND} help`: this.",
    ]
    return _message(lines, [])


def privacy(*, is_named: bool, says: str) -> Message:
    """Whether posts may show the reader's name, with the button to change it."""
    choice = button(actions.STAY_UNNAMED, "Stay unnamed") if is_named else button(actions.SHOW_MY_NAME, "Show my name")
    return _message([says], [buttons(choice)])


def plain(text: str) -> Message:
    """One short sentence."""
    return _message([text], [])


def _message(lines: Sequence[str], more: Sequence[dict[str, object]]) -> Message:
    text = "\n".join(lines)
    return Message(text=text.replace("*", ""), blocks=(section(text), *more))


def _percentile(entry: Entry) -> list[str]:
    """How many stand below; nothing for the lower half, who would learn nothing kind from it."""
    return [f"That is above {entry.percentile:.0f} % of those ranked."] if entry.percentile >= 50 else []


def _component(part: Component) -> str:
    name = part.name.replace("_", " ")
    points = f"{part.points:.0f} points" if part.points < 0 else f"{part.points:.0f} of {part.max_points:.0f} points"
    return f"• *{escape(name)}*: {points}. {escape(part.text, 400)}"


def _row(row: LeaderboardRow) -> str:
    label = "you" if row.is_own else escape(row.label) if row.label is not None else "a colleague who stays unnamed"
    return f"{row.rank}. {label}: {row.score:.0f} points"


def _as_of(at_us: int) -> str:
    moment = from_us(at_us)
    return f"As of <!date^{at_us // 1_000_000}^{{date_short_pretty}} at {{time}}|{moment:%Y-%m-%d %H:%M} UTC>."
