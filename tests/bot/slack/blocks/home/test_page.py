"""What the sections of the Home tab say, and that the page stays within Slack's limits for any size of team."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.sandbox.slack.block_kit import fault_of_view
from bot.slack import actions
from bot.slack.blocks.home.operations import operations
from bot.slack.blocks.home.page import home_page
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.blocks.home.work import work
from bot.slack.message import Message
from bot.slack.subcommands import menu
from scoring.program import NamedBoards
from tests.bot.slack.blocks.samples import own_work, running


def own(**changes: Any) -> Message:
    return work(own_work(**changes))


def test_what_is_too_much_for_one_page_gives_way_and_the_menu_stays() -> None:
    page = home_page([own()] * 30, menu())
    assert fault_of_view(page) is None
    assert len(page["blocks"]) == 100
    assert page["blocks"][-1]["type"] == "actions"
    assert "There is more than fits here" in str(page["blocks"][-2])


def test_a_long_team_says_how_many_more_there_are() -> None:
    message = reports([Report(f"Person number {n} with a name", "Payments") for n in range(1000)])
    told = "\n".join(block["text"]["text"] for block in message.blocks)
    shown = told.count("• ")
    assert f"… and {1000 - shown} more." in told
    assert shown > 100
    assert "1,000 people report to you." in message.text


def test_ai_ops_read_shares_sources_and_secrets() -> None:
    text = "\n".join(block["text"]["text"] for block in operations(running()).blocks)
    assert "1 of 100,000 events (1 %)" in text
    assert "89,999 of 90,000 calls (99 %)" in text
    assert "litellm: yesterday" in text
    assert "litellm: nothing for 14 days" in text
    assert "1 message that Slack does not take" in text
    assert "last used on <!date^1000000000^" in text
    assert "not used yet" in text


def test_ai_ops_read_how_many_flags_wait_and_can_go_there() -> None:
    without, one, many = (operations(msgspec.structs.replace(running(), open_flags=n)) for n in (0, 1, 2000))
    assert "Flags: none is open." in without.text
    assert "Flags: 1 is open and waits for a decision." in one.text
    assert "Flags: 2,000 are open and wait for a decision." in many.text
    assert actions.in_menu("flags") not in str(without.blocks)
    assert actions.in_menu("flags") in str(many.blocks)


def test_under_opt_in_the_open_question_comes_first() -> None:
    assert "*Open:*" in own().blocks[1]["text"]["text"]
    assert "*Open:*" not in str(own(has_chosen=True).blocks)
    assert "*Open:*" not in str(own(named_boards=NamedBoards.OPT_OUT).blocks)
