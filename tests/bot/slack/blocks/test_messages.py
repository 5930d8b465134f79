"""What single messages say."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.slack.block_kit import fault_of
from bot.slack.blocks.rules import rules
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.blocks.welcome import welcome
from scoring.program import NamedBoards, Privacy, Program
from scoring.rules import rules_of
from tests.bot.slack.blocks.samples import weekly


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
