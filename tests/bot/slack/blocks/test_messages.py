"""Every message, whatever is in it: within Slack's limits, readable as text, and harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.block_kit import fault_of
from bot.slack.blocks.ai_ops_report import AiOpsReport, ai_ops_report
from bot.slack.blocks.delivery_trouble import delivery_trouble
from bot.slack.blocks.help import help_message
from bot.slack.blocks.places import Leaderboard, LeaderboardRow, RankCard, leaderboard, rank_card
from bot.slack.blocks.questions import question_for_ai_ops
from bot.slack.blocks.rules import rules
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.blocks.welcome import welcome
from bot.slack.message import Message
from bot.slack.say import say
from bot.slack.subcommands import menu
from bot.slack.text import clean, escape
from db.identities import UnattributedIdentity
from scoring.digest import BoardSection, Digest, Place, Riser
from scoring.program import NamedBoards, Privacy, Program
from scoring.rules import RuleSection, rules_of
from scoring.standings import Component, Entry, Withheld, WithheldReason

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<@U0VICTIM>",
    "<#C1|general>",
    "<!subteam^S1>",
    "<https://evil.test|Your payslip>",
    "https://evil.test",
    "*bold* _it_ ~gone~ `code` ```block```",
    "&lt;!channel&gt;",
    "\u202eevil\u202c",
    "a\u200bb\ufeff",
    "one\ntwo\r\nthree\x00\x07",
    "> quote\n• bullet",
    "@here @channel",
    "ß" * 10_000,
    "<" * 10_000,
    "",
    " ",
)
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200))
_scores = st.floats(0, 1000)


def weekly(name: str) -> Digest:
    section = BoardSection(
        "outcome",
        name or "Outcomes",
        "What it measures.",
        tuple(Place(rank, name, 900.0 - rank) for rank in range(1, 11)),
        ranked=100_000,
        unnamed=3,
        most_improved=(Riser(name, 120.4), Riser(None, 90.0)),
    )
    return Digest(
        name or "Program", "abc", date(2026, 5, 4), date(2026, 5, 31), (section, section), "https://wiki.test/r"
    )


def card(name: str) -> RankCard:
    part = Component(name or "part", 1.0, name, 3, 1.0, 0.5, 10.0, 20.0, name)
    entry = Entry(1, None, name or "x", 500.0, 50.0, True, (part,) * 6, name)
    return RankCard("team", 10**15, 12, entry, None, UTC, team=name or "x")


def messages(name: str) -> Iterator[Message]:
    """One of each kind, with ``name`` wherever somebody else decides what stands there."""
    yield weekly_digest(weekly(name))
    yield rank_card(card(name))
    missing = Withheld(1, None, WithheldReason.TOO_LITTLE_EVIDENCE, (name,) * 3)
    yield rank_card(RankCard("outcome", 10**15, 0, None, missing, UTC))
    rows = tuple(LeaderboardRow(rank, name, 1.0) for rank in range(1, 11))
    board = Leaderboard("outcome", name or "t", name, 10**15, 10, rows, LeaderboardRow(99, name, 0.0, is_own=True), UTC)
    yield leaderboard(board)
    yield leaderboard(board, is_shared=True)
    yield rules((RuleSection(name or "x", (name,) * 20),))
    yield help_message([say("help-suggestion", word=name, command="/b", suggestion="rank")], menu())
    yield welcome(Program(name=name[:80] or "x"), "/bandstand")
    yield question_for_ai_ops(name, name)
    yield delivery_trouble(1, name or "x", name)
    strangers = tuple(UnattributedIdentity(name, name, 1, 1, 1, 5) for _ in range(10))
    yield ai_ops_report(
        AiOpsReport(date(2026, 1, 1), date(2026, 1, 7), 10, 5, 10, strangers, 9, 3, (("litellm", 2),), 1)
    )


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Each text of a block with its type."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value.get("type", ""), value["text"]
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def our_markup(text: str) -> str:
    """``text`` without the two kinds of markup that we write ourselves."""
    return re.sub(r"<!date\^\d+\^[^|<>]*\|[^<>]*>|<https://wiki\.test/r\|The rules>", "", text)


@settings(max_examples=60, deadline=None)
@given(names)
def test_no_foreign_text_mentions_links_or_formats(name: str) -> None:
    for message in messages(name):
        for kind, text in [("mrkdwn", message.text), *strings(message.blocks)]:
            if kind == "mrkdwn":
                assert "<" not in our_markup(text)
                assert ">" not in our_markup(text)
            assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x00]", text)


@settings(max_examples=60, deadline=None)
@given(names)
def test_every_message_is_within_slacks_limits_and_reads_as_text(name: str) -> None:
    for message in messages(name):
        assert fault_of(message.text, list(message.blocks)) is None
        assert message.text.strip()
        assert len(message.text) < 40_000  # where Slack cuts


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaping_leaves_nothing_that_slack_would_act_on(hostile: str) -> None:
    assert not re.search("[<>*`~\n]", escape(hostile, 20_000))
    assert len(clean(hostile)) <= 60


def test_the_digest_reads_completely_as_text_and_never_tells_tokens_or_cost() -> None:
    message = weekly_digest(weekly("Ada"))
    assert "Program".lower() not in message.text
    for said in (
        "1. Ada: 899 points",
        "(100,000 ranked)",
        "3 more colleagues among the first stay unnamed",
        "Ada (+120)",
    ):
        assert said in message.text
    assert "4 May to 31 May 2026" in message.text
    assert not re.search("token|cost|\\$", message.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("named_boards", "button"), [("opt_out", "Stay unnamed"), ("opt_in", "Show my name"), ("off", None)]
)
def test_the_welcome_offers_the_choice_that_there_is(named_boards: str, button: str | None) -> None:
    message = welcome(Program(privacy=Privacy(named_boards=NamedBoards(named_boards))), "/bandstand")
    labels = [element["text"]["text"] for element in message.blocks[-1]["elements"]]
    assert labels == ["How it works", *([button] if button else [])]
    assert "prompts and answers are never stored" in message.text


def test_the_rules_of_the_default_program_fit_into_one_message() -> None:
    message = rules(rules_of(Program()))
    assert fault_of(message.text, list(message.blocks)) is None
