"""The Home tab stays within Slack's limits for any size of team, any names and any number of sources."""

from __future__ import annotations

from datetime import UTC, date

from hypothesis import given, settings

from bot.sandbox.slack.block_kit import fault_of, fault_of_view, first_fault_of_view
from bot.slack.blocks.home.operations import Operations, SecretUse, SourceHealth, operations
from bot.slack.blocks.home.page import home_page
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.blocks.home.work import Work, work
from bot.slack.message import Message
from bot.slack.subcommands import menu
from scoring.program import NamedBoards
from tests.bot.slack.blocks.test_messages import card, names


def own(name: str = "Ada", boards: int = 5, **changes: object) -> Message:
    values = {
        "places": (card(name),) * boards,
        "named_boards": NamedBoards.OPT_IN,
        "is_named": False,
        "has_chosen": False,
        "tokens": 2,
        "token_used_us": 10**15,
        "zone": UTC,
    }
    return work(Work(**{**values, **changes}))  # type: ignore[arg-type]


def of_ai_ops(name: str = "litellm", count: int = 3) -> Message:
    return operations(
        Operations(
            today=date(2026, 6, 10),
            days=7,
            looked_back_days=14,
            events=100_000,
            unattributed_events=1,
            calls=90_000,
            unpriced_calls=89_999,
            sources=tuple(SourceHealth(name, date(2026, 6, 9) if n % 2 else None) for n in range(count)),
            parked=1,
            secrets=tuple(SecretUse(name, name, 10**15 if n % 2 else None) for n in range(count)),
            zone=UTC,
        )
    )


@settings(max_examples=25, deadline=None)
@given(names)
def test_a_home_with_everything_in_it_is_taken_by_slack(name: str) -> None:
    sections = [own(name), reports([Report(name, name)] * 1000), of_ai_ops(name, 300)]
    page = home_page(sections, menu())
    assert first_fault_of_view(page) is None
    assert fault_of_view(page) is None
    for section in sections:  # each is a private answer too
        assert fault_of(section.text, section.blocks) is None


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
    text = "\n".join(block["text"]["text"] for block in of_ai_ops().blocks)
    assert "1 of 100,000 events (1 %)" in text
    assert "89,999 of 90,000 calls (99 %)" in text
    assert "litellm: yesterday" in text
    assert "litellm: nothing for 14 days" in text
    assert "1 message that Slack does not take" in text
    assert "last used on <!date^1000000000^" in text
    assert "not used yet" in text


def test_under_opt_in_the_open_question_comes_first() -> None:
    assert "*Open:*" in own().blocks[1]["text"]["text"]
    assert "*Open:*" not in str(own(has_chosen=True).blocks)
    assert "*Open:*" not in str(own(named_boards=NamedBoards.OPT_OUT).blocks)
