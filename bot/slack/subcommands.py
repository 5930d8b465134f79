"""Everything that can be typed after ``/bandstand``, and clicked in its menu. To add one, add a line to ``SUBCOMMANDS``.

Its handler stands in a file of ``bot.slack.desk``; its two texts, a line of help and a label, in ``texts/en/help.ftl``.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeAlias

import msgspec

from bot.slack import actions
from bot.slack.blocks.help import MenuItem, help_message
from bot.slack.desk.badges import show_badges
from bot.slack.desk.bands import show_band
from bot.slack.desk.disputes import show_disputes
from bot.slack.desk.exceptions import show_exceptions
from bot.slack.desk.flags import show_flags
from bot.slack.desk.operations import show_operations
from bot.slack.desk.places import show_board, show_place
from bot.slack.desk.privacy import show_privacy
from bot.slack.desk.progress import show_progress
from bot.slack.desk.questions import ask_ai_ops
from bot.slack.desk.reports import show_reports
from bot.slack.desk.rules import show_rules
from bot.slack.desk.scorecards import show_scorecards
from bot.slack.desk.sharing import share, show_shared
from bot.slack.desk.teaching import show_office_hours
from bot.slack.desk.tokens import connect, show_tokens
from bot.slack.desk.work import show_work
from bot.slack.message import Answer
from bot.slack.request import Request
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn
from bot.world import World

Ask: TypeAlias = Callable[[World, Request], Answer]


class Subcommand(msgspec.Struct, frozen=True):
    """``ask`` answers; ``help`` and ``label`` are the keys of its texts; ``aliases`` can be typed too.

    ``is_change``: asking changes what the asker's Home shows.
    """

    name: str
    ask: Ask
    help: str
    label: str
    aliases: tuple[str, ...] = ()
    is_change: bool = False


SUBCOMMANDS = (
    Subcommand("work", show_work, "help-work", "menu-work", aliases=("home",)),
    Subcommand("rank", show_place, "help-rank", "menu-rank", aliases=("me",)),
    Subcommand("progress", show_progress, "help-progress", "menu-progress", aliases=("trend",)),
    Subcommand("scorecards", show_scorecards, "help-scorecards", "menu-scorecards", aliases=("scorecard",)),
    Subcommand("leaderboard", show_board, "help-leaderboard", "menu-leaderboard", aliases=("top", "board")),
    Subcommand("badges", show_badges, "help-badges", "menu-badges", aliases=("badge",)),
    Subcommand("band", show_band, "help-band", "menu-band", aliases=("bands",)),
    Subcommand("exceptions", show_exceptions, "help-exceptions", "menu-exceptions", aliases=("exception",)),
    Subcommand("disputes", show_disputes, "help-disputes", "menu-disputes", aliases=("dispute",)),
    Subcommand("share", share, "help-share", "menu-share"),
    Subcommand("review", show_shared, "help-review", "menu-review", aliases=("shared", "reviews")),
    Subcommand("rules", show_rules, "help-rules", "menu-rules"),
    Subcommand("privacy", show_privacy, "help-privacy", "menu-privacy"),
    Subcommand("connect", connect, "help-connect", "menu-connect", is_change=True),
    Subcommand("tokens", show_tokens, "help-tokens", "menu-tokens"),
    Subcommand("teach", show_office_hours, "help-teach", "menu-teach", aliases=("teachers", "learn")),
    Subcommand("ask", ask_ai_ops, "help-ask", "menu-ask", aliases=("report",)),
    Subcommand("reports", show_reports, "help-reports", "menu-reports", aliases=("team",)),
    Subcommand("operations", show_operations, "help-operations", "menu-operations", aliases=("ops",)),
    Subcommand("flags", show_flags, "help-flags", "menu-flags", aliases=("flag",)),
)
_NAMES = {name: one for one in SUBCOMMANDS for name in (one.name, *one.aliases)}
_HELP = ("help", "?")


def answer_typed(world: World, request: Request) -> Answer:
    """What the first word asks for; help where there is none, or none that is known."""
    subcommand = meant(request)
    if subcommand is not None:
        return subcommand.ask(world, msgspec.structs.replace(request, words=request.words[1:]))
    command = world.settings.slack_command
    lines = [say(one.help, command=command) for one in SUBCOMMANDS] + [say("help-help", command=command)]
    if request.words and request.words[0] not in _HELP:
        lines.insert(0, _unknown(request.words[0], command))
    return help_message(lines, menu())


def meant(request: Request) -> Subcommand | None:
    """The sub-command that the first word names; None = none."""
    return _NAMES.get(request.words[0]) if request.words else None


def menu() -> tuple[MenuItem, ...]:
    """A button for everything that can be typed."""
    return tuple(MenuItem(actions.in_menu(one.name), label(one.label)) for one in SUBCOMMANDS)


def _unknown(word: str, command: str) -> Mrkdwn:
    near = get_close_matches(word, (*_NAMES, "help"), 1)
    if not near:
        return say("help-unknown", word=word)
    return say("help-suggestion", word=word, command=command, suggestion=near[0])
