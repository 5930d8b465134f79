"""Messages in the terminal say what they would say in Slack."""

from __future__ import annotations

import io

from rich.console import Console

from bot.sandbox.terminal import message_panel
from bot.slack.blocks.charts import chart
from bot.slack.message import Block, Message


def _shown(*blocks: Block, text: str = "In short") -> str:
    out = io.StringIO()
    Console(file=out, width=110, color_system=None).print(message_panel(Message(text, blocks), "#ai-guild"))
    return out.getvalue()


def test_markup_becomes_words_without_signs() -> None:
    block = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Payments* leads, _see_ <https://x.test/rules|the rules>"},
    }
    assert "Payments leads, see the rules" in _shown(block)


def test_escaped_signs_are_shown_as_themselves() -> None:
    assert "Juniper & Vale <3" in _shown(
        {"type": "section", "text": {"type": "mrkdwn", "text": "Juniper &amp; Vale &lt;3"}}
    )


def test_a_chart_is_drawn_to_scale() -> None:
    (block,) = chart("bar", "Teams", "Score", [("Payments", 800.0), ("Legal", 200.0)], "Points")
    lines = [line.strip("│ ") for line in _shown(block).splitlines()]
    assert "Teams" in lines
    assert f"{'Payments':<20} {'█' * 40} 800" in lines
    assert f"{'Legal':<20} {'█' * 10} 200" in lines


def test_snake_case_and_sums_keep_their_signs() -> None:
    text = "pull_request_merged, 2 * 3 * 4"
    assert text in _shown({"type": "section", "text": {"type": "mrkdwn", "text": text}})


def test_header_fields_context_and_buttons_are_all_there() -> None:
    shown = _shown(
        {"type": "header", "text": {"type": "plain_text", "text": "This week"}},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "*Score* 712"}, {"type": "plain_text", "text": "3rd of 12"}],
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Last four weeks"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "My place"}}]},
    )
    for words in ("This week", "Score 712", "3rd of 12", "Last four weeks", "[ My place ]"):
        assert words in shown


def test_a_list_is_numbered_and_a_table_has_its_cells() -> None:
    leaf = {"type": "text", "text": "Noor Haddad", "style": {"bold": True}}
    item = {"type": "rich_text_section", "elements": [leaf]}
    ordered = {"type": "rich_text_list", "style": "ordered", "elements": [item, item]}
    shown = _shown(
        {"type": "rich_text", "elements": [ordered]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "Care"}, {"type": "raw_text", "text": "640"}]]},
    )
    assert "2. Noor Haddad" in shown
    assert "Care  |  640" in shown


def test_a_message_without_blocks_shows_its_text() -> None:
    assert "In short" in _shown()


def test_an_unknown_block_is_named_and_does_no_harm() -> None:
    assert "[hologram]" in _shown({"type": "hologram"})
