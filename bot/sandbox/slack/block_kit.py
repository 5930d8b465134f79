"""Slack's limits on what an app shows (docs.slack.dev/reference/block-kit): messages, modals and Home.

Each check gives a sentence with the place of the first fault; Slack itself says only ``invalid_blocks``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias

Part: TypeAlias = Mapping[str, Any]

_MOST_BLOCKS = {"message": 50, "home": 100, "modal": 100}
_MOST_TEXT = 13_000  # all texts of a message together; undocumented, rejected from about there on
_MOST_VIEW_BYTES = 250_000
_MOST_SERIES, _MOST_CATEGORIES = 6, 20
_EVERYWHERE = frozenset({"section", "header", "context", "actions", "divider", "image", "input", "rich_text"})
_KINDS = {  # table is listed for Home, but does not show there
    "message": (_EVERYWHERE - {"input"}) | {"table", "markdown", "data_visualization"},
    "home": _EVERYWHERE,
    "modal": _EVERYWHERE | {"alert"},
}


class _Wrong(Exception):
    """What is wrong, and where."""


def fault_of(text: str, blocks: Sequence[Part], surface: str = "message") -> str | None:
    """The error code with which Slack would refuse these blocks; None where it takes them."""
    if not text and not blocks:
        return "no_text"
    if first_fault(blocks, surface):
        return "invalid_blocks"
    if surface == "message" and sum(len(one) for block in blocks for one in _texts(block)) > _MOST_TEXT:
        return "msg_blocks_too_long"
    return None


def fault_of_view(view: Part) -> str | None:
    """The error code with which Slack would refuse a modal or Home; None where it takes it."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > _MOST_VIEW_BYTES:
        return "view_too_large"
    return "invalid_arguments" if first_fault_of_view(view) else None


def first_fault_of_view(view: Part) -> str | None:
    """What is wrong with a modal or Home, and where."""
    surface = str(view.get("type"))
    try:
        if surface == "modal":
            for name in ("title", "submit", "close"):
                if name in view or name == "title":
                    _plain(view.get(name), 24, name)
            has_input = any(block.get("type") == "input" for block in view.get("blocks", ()))
            _require(not has_input or "submit" in view, "submit: needed where something is filled in")
        _limit(str(view.get("private_metadata", "")), 3000, "private_metadata")
        _limit(str(view.get("callback_id", "")), 255, "callback_id")
    except _Wrong as wrong:
        return str(wrong)
    return first_fault(view.get("blocks", ()), surface)


def first_fault(blocks: Sequence[Part], surface: str = "message") -> str | None:
    """What is wrong with the blocks, and where: ``[3].elements[0].text: …``; None where Slack takes them."""
    try:
        _require(len(blocks) <= _MOST_BLOCKS[surface], f"{len(blocks)} blocks; {_MOST_BLOCKS[surface]} at most")
        ids = [block["block_id"] for block in blocks if block.get("block_id")]
        _require(len(ids) == len(set(ids)), "block_id: not unique")
        tables = sum(block.get("type") == "table" for block in blocks)
        charts = sum(block.get("type") == "data_visualization" for block in blocks)
        _require(tables <= 1 and charts <= 2, "one table and two charts at most")
        for number, block in enumerate(blocks):
            kind = str(block.get("type"))
            _require(kind in _KINDS[surface], f"[{number}]: {kind} does not go with {surface}")
            _limit(str(block.get("block_id", "")), 255, f"[{number}].block_id")
            _BLOCKS.get(kind, _anything)(block, f"[{number}]")
    except _Wrong as wrong:
        return str(wrong)
    return None


def _anything(_block: Part, _place: str) -> None:
    """Blocks without limits that we know of."""


def _header(block: Part, place: str) -> None:
    _plain(block.get("text"), 150, f"{place}.text")


def _section(block: Part, place: str) -> None:
    text, fields = block.get("text"), block.get("fields", ())
    _require(text is not None or bool(fields), f"{place}: text or fields are needed")
    if text is not None:
        _text(text, 3000, f"{place}.text")
    _require(len(fields) <= 10, f"{place}.fields: 10 at most")
    for number, one in enumerate(fields):
        _text(one, 2000, f"{place}.fields[{number}]")
    if "accessory" in block:
        _element(block["accessory"], f"{place}.accessory")


def _context(block: Part, place: str) -> None:
    elements = block.get("elements", ())
    _require(0 < len(elements) <= 10, f"{place}.elements: 1 to 10")
    for number, one in enumerate(elements):
        if one.get("type") == "image":
            _image(one, f"{place}.elements[{number}]")
        else:
            _text(one, 3000, f"{place}.elements[{number}]")


def _actions(block: Part, place: str) -> None:
    elements = block.get("elements", ())
    _require(0 < len(elements) <= 25, f"{place}.elements: 1 to 25")
    names = [one.get("action_id") for one in elements]
    _require(len(names) == len(set(names)), f"{place}.elements: action_id not unique")
    for number, one in enumerate(elements):
        _element(one, f"{place}.elements[{number}]")


def _input(block: Part, place: str) -> None:
    _plain(block.get("label"), 2000, f"{place}.label")
    if "hint" in block:
        _plain(block["hint"], 2000, f"{place}.hint")
    _element(block.get("element", {}), f"{place}.element")


def _image(block: Part, place: str) -> None:
    _require(bool(block.get("alt_text")), f"{place}.alt_text: needed")
    _limit(str(block["alt_text"]), 2000, f"{place}.alt_text")
    _limit(str(block.get("image_url", "")), 3000, f"{place}.image_url")


def _table(block: Part, place: str) -> None:
    rows = block.get("rows", ())
    _require(0 < len(rows) <= 100, f"{place}.rows: 1 to 100")
    _require(all(0 < len(row) <= 20 for row in rows), f"{place}.rows: 1 to 20 cells")


def _markdown(block: Part, place: str) -> None:
    _require(0 < len(block.get("text", "")) <= 12_000, f"{place}.text: 1 to 12000 characters")


def _chart(block: Part, place: str) -> None:
    """The smaller of the limits that are documented in different places."""
    _name(block.get("title"), 50, f"{place}.title")
    chart = block.get("chart", {})
    kind = chart.get("type")
    _require(kind in ("pie", "bar", "area", "line"), f"{place}.chart: {kind} is no chart")
    if kind == "pie":
        segments = chart.get("segments", ())
        _require(0 < len(segments) <= _MOST_SERIES, f"{place}.chart.segments: 1 to {_MOST_SERIES}")
        _points(segments, f"{place}.chart.segments")
        return
    axes, series = chart.get("axis_config", {}), chart.get("series", ())
    categories = list(axes.get("categories", ()))
    _require(0 < len(categories) <= _MOST_CATEGORIES, f"{place}.chart.axis_config.categories: 1 to {_MOST_CATEGORIES}")
    _require(len(categories) == len(set(categories)), f"{place}.chart.axis_config.categories: not unique")
    for axis in ("x_label", "y_label"):
        _limit(str(axes.get(axis, "")), 50, f"{place}.chart.axis_config.{axis}")
    _require(0 < len(series) <= _MOST_SERIES, f"{place}.chart.series: 1 to {_MOST_SERIES}")
    names = [one.get("name") for one in series]
    _require(len(names) == len(set(names)), f"{place}.chart.series: name not unique")
    for number, one in enumerate(series):
        where = f"{place}.chart.series[{number}]"
        _name(one.get("name"), 20, f"{where}.name")
        _points(one.get("data", ()), f"{where}.data")
        labels = [point["label"] for point in one["data"]]
        _require(labels == categories, f"{where}.data: one point for each category is needed")


def _points(points: Sequence[Part], place: str) -> None:
    for number, one in enumerate(points):
        _name(one.get("label"), 20, f"{place}[{number}].label")
        value = one.get("value")
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        _require(is_number, f"{place}[{number}].value: a number is needed")


def _name(name: object, longest: int, place: str) -> None:
    _require(isinstance(name, str) and 0 < len(name) <= longest, f"{place}: 1 to {longest} characters")


_BLOCKS: dict[str, Callable[[Part, str], None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "table": _table,
    "markdown": _markdown,
    "data_visualization": _chart,
}


def _element(element: Part, place: str) -> None:
    kind = str(element.get("type"))
    _require(kind in _ELEMENTS, f"{place}: {kind} is no element")
    if kind == "image":
        _image(element, place)
        return
    _require(0 < len(str(element.get("action_id", ""))) <= 255, f"{place}.action_id: 1 to 255 characters")
    if "confirm" in element:
        _confirm(element["confirm"], f"{place}.confirm")
    if "placeholder" in element:
        _plain(element["placeholder"], 150, f"{place}.placeholder")
    _ELEMENTS[kind](element, place)


def _button(element: Part, place: str) -> None:
    _plain(element.get("text"), 75, f"{place}.text")
    _limit(str(element.get("value", "")), 2000, f"{place}.value")
    _limit(str(element.get("url", "")), 3000, f"{place}.url")
    _limit(str(element.get("accessibility_label", "")), 75, f"{place}.accessibility_label")
    _require(element.get("style", "primary") in ("primary", "danger"), f"{place}.style")


def _select(element: Part, place: str) -> None:
    _options(element, place, 100)


def _few_options(element: Part, place: str) -> None:
    _options(element, place, 10)


def _options(element: Part, place: str, most: int) -> None:
    options = element.get("options", ())
    _require(0 < len(options) <= most, f"{place}.options: 1 to {most}")
    for number, one in enumerate(options):
        _text(one.get("text", {}), 75, f"{place}.options[{number}].text")
        _require(0 < len(str(one.get("value", ""))) <= 150, f"{place}.options[{number}].value: 1 to 150 characters")


def _text_input(element: Part, place: str) -> None:
    _require(0 < int(element.get("max_length", 3000)) <= 3000, f"{place}.max_length: 1 to 3000")
    _limit(str(element.get("initial_value", "")), int(element.get("max_length", 3000)), f"{place}.initial_value")


_ELEMENTS: dict[str, Callable[[Part, str], None]] = {
    "button": _button,
    "image": _image,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _few_options,
    "radio_buttons": _few_options,
    "checkboxes": _few_options,
    "plain_text_input": _text_input,
    "number_input": _anything,
    "datepicker": _anything,
    "users_select": _anything,
    "conversations_select": _anything,
}


def _confirm(confirm: Part, place: str) -> None:
    _plain(confirm.get("title"), 100, f"{place}.title")
    _text(confirm.get("text", {}), 300, f"{place}.text")
    _plain(confirm.get("confirm"), 30, f"{place}.confirm")
    _plain(confirm.get("deny"), 30, f"{place}.deny")


def _plain(text: Part | None, longest: int, place: str) -> None:
    _require(text is not None and text.get("type") == "plain_text", f"{place}: plain_text is needed")
    _text(text or {}, longest, place)


def _text(text: Part, longest: int, place: str) -> None:
    _require(text.get("type") in ("mrkdwn", "plain_text"), f"{place}: mrkdwn or plain_text is needed")
    _require(bool(text.get("text")), f"{place}: empty")
    _limit(text["text"], longest, place)


def _limit(text: str, longest: int, place: str) -> None:
    _require(len(text) <= longest, f"{place}: {len(text)} characters; {longest} at most")


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise _Wrong(otherwise)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _texts(inner)
