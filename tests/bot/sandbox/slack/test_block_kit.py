"""The stand-in refuses what Slack refuses, and says where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.block_kit import fault_of, fault_of_view, first_fault, first_fault_of_view


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(**changes: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(), **changes}


def button(**changes: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain(), **changes}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def entry(**element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "label": plain(),
        "element": {"type": "plain_text_input", "action_id": "a", **element},
    }


def modal(*blocks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **changes}


def test_what_is_within_the_limits_is_taken() -> None:
    blocks = [
        {"type": "header", "text": plain("h" * 150)},
        section(text=mrkdwn("t" * 3000), accessory=button()),
        section(fields=[mrkdwn("f" * 2000)] * 3),
        {"type": "context", "elements": [mrkdwn()] * 10},
        actions(*(button(action_id=f"a{n}") for n in range(25))),
        {"type": "divider"},
        {"type": "image", "alt_text": "A chart", "image_url": "https://x.test/a.png"},
    ]
    assert fault_of("text", [*blocks, *[{"type": "divider"}] * 43]) is None
    view = modal(entry(), submit=plain("s" * 24), close=plain("c" * 24), private_metadata="m" * 3000)
    assert fault_of_view(view) is None
    assert fault_of_view({"type": "home", "blocks": [section()] * 100}) is None


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([section()] * 51, "51 blocks"),
        ([section(block_id="b"), section(block_id="b")], "block_id"),
        ([section(block_id="b" * 256)], "[0].block_id"),
        ([section(text=mrkdwn("t" * 3001))], "[0].text"),
        ([section(text=mrkdwn(""))], "[0].text"),
        ([{"type": "section"}], "[0]"),
        ([section(fields=[mrkdwn()] * 11)], "[0].fields"),
        ([section(fields=[mrkdwn("f" * 2001)])], "[0].fields[0]"),
        ([section(accessory={"type": "magic"})], "[0].accessory"),
        ([{"type": "header", "text": plain("h" * 151)}], "[0].text"),
        ([{"type": "header", "text": mrkdwn()}], "[0].text"),
        ([{"type": "context", "elements": [mrkdwn()] * 11}], "[0].elements"),
        ([{"type": "context", "elements": []}], "[0].elements"),
        ([actions()], "[0].elements"),
        ([actions(button(), button())], "action_id"),
        ([actions(*(button(action_id=f"a{n}") for n in range(26)))], "[0].elements"),
        ([actions(button(text=plain("x" * 76)))], "[0].elements[0].text"),
        ([actions(button(text=mrkdwn()))], "[0].elements[0].text"),
        ([actions(button(value="v" * 2001))], "[0].elements[0].value"),
        ([actions(button(url="u" * 3001))], "[0].elements[0].url"),
        ([actions(button(style="loud"))], "[0].elements[0].style"),
        ([actions(button(action_id="a" * 256))], "[0].elements[0].action_id"),
        ([actions(button(accessibility_label="l" * 76))], "accessibility_label"),
        ([actions(button(confirm={"title": plain("t" * 101)}))], "confirm.title"),
        ([actions({"type": "static_select", "action_id": "a", "options": []})], "options"),
        (
            [
                actions(
                    {
                        "type": "static_select",
                        "action_id": "a",
                        "options": [{"text": plain(), "value": "v" * 151}],
                    }
                )
            ],
            "options[0].value",
        ),
        ([entry()], "input does not go with message"),
        ([{"type": "image", "image_url": "https://x.test"}], "alt_text"),
        ([{"type": "table", "rows": [[]]}], "rows"),
        ([{"type": "table", "rows": [["x"]]}] * 2, "one table"),
        ([{"type": "video"}], "video does not go with message"),
    ],
)
def test_what_is_beyond_them_is_refused_with_its_place(blocks: list[dict[str, Any]], place: str) -> None:
    assert place in (first_fault(blocks) or "")
    assert fault_of("text", blocks) == "invalid_blocks"


@pytest.mark.parametrize(
    ("view", "place"),
    [
        (modal(title=plain("t" * 25)), "title"),
        ({"type": "modal", "blocks": []}, "title"),
        (modal(submit=plain("s" * 25)), "submit"),
        (modal(close=plain("c" * 25)), "close"),
        (modal(entry()), "submit: needed"),
        (modal(private_metadata="m" * 3001), "private_metadata"),
        (modal(callback_id="c" * 256), "callback_id"),
        (modal(entry(max_length=3001), submit=plain()), "max_length"),
        (modal(entry(initial_value="xx", max_length=1), submit=plain()), "initial_value"),
        (modal(*[section()] * 101), "101 blocks"),
        (modal({"type": "markdown", "text": "x"}), "markdown does not go with modal"),
        ({"type": "home", "blocks": [section()] * 101}, "101 blocks"),
        ({"type": "home", "blocks": [{"type": "table", "rows": [["x"]]}]}, "table does not go with home"),
    ],
)
def test_views_too(view: dict[str, Any], place: str) -> None:
    assert place in (first_fault_of_view(view) or "")
    assert fault_of_view(view) == "invalid_arguments"


def test_a_message_says_something_and_not_too_much_at_once() -> None:
    assert fault_of("", []) == "no_text"
    assert fault_of("text", [section(text=mrkdwn("t" * 2900))] * 5) == "msg_blocks_too_long"
    large = {"type": "home", "blocks": [section(text=mrkdwn("語" * 3000))] * 40}
    assert fault_of_view(large) == "view_too_large"


def drawn(kind: str = "bar", points: int = 2, **changes: Any) -> dict[str, Any]:
    labels = [f"week {n}" for n in range(points)]
    series = {"name": "Score", "data": [{"label": label, "value": 1.5} for label in labels]}
    chart = {"type": kind, "series": [series], "axis_config": {"categories": labels, "y_label": "y" * 50}, **changes}
    return {"type": "data_visualization", "title": "t" * 50, "chart": chart}


def test_charts_within_the_smaller_of_the_limits_are_taken() -> None:
    assert first_fault([drawn("line", 20), drawn("area")]) is None
    segments = [{"label": "l" * 20, "value": 1}] * 6
    assert first_fault([drawn("pie", segments=segments)]) is None


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (drawn("bar", 21), "categories: 1 to 20"),
        (drawn("bar", 0), "categories: 1 to 20"),
        (drawn("donut"), "donut is no chart"),
        (drawn("pie", segments=[{"label": "x", "value": 1}] * 7), "segments: 1 to 6"),
        (drawn("pie", segments=[{"label": "l" * 21, "value": 1}]), "label: 1 to 20 characters"),
        (drawn("pie", segments=[{"label": "x", "value": float("nan")}]), "a number is needed"),
        (drawn(series=[]), "series: 1 to 6"),
        (drawn(series=[{"name": "a", "data": []}]), "one point for each category"),
        (drawn(axis_config={"categories": ["a", "a"]}), "categories: not unique"),
        (drawn(axis_config={"categories": ["a"], "y_label": "y" * 51}), "y_label: 51 characters"),
        ({**drawn(), "title": "t" * 51}, "title: 1 to 50 characters"),
    ],
)
def test_a_chart_beyond_them_is_refused_with_the_place(block: dict[str, Any], fault: str) -> None:
    assert fault in str(first_fault([block]))


def test_charts_go_with_messages_alone() -> None:
    assert "does not go with home" in str(first_fault([drawn()], "home"))
    assert "two charts at most" in str(first_fault([drawn()] * 3))
