"""Slack's limits on messages, as far as a message of ours could run into them (docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MOST_BLOCKS = {"message": 50, "home": 100, "modal": 100}
_MOST_TEXT = 13_000  # all texts of a message together; undocumented, rejected from about there on
_LONGEST = {"section": 3000, "header": 150, "context": 3000}
_KNOWN = frozenset({"section", "header", "context", "actions", "divider", "image", "input", "rich_text", "table"})


def fault_of(text: str, blocks: Sequence[Mapping[str, Any]], surface: str = "message") -> str | None:
    """The error code with which Slack would refuse these blocks; None where it takes them."""
    if not text and not blocks:
        return "no_text"
    if len(blocks) > _MOST_BLOCKS[surface]:
        return "invalid_blocks"
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)) or any(_is_wrong(block) for block in blocks):
        return "invalid_blocks"
    if surface == "message" and sum(len(one) for block in blocks for one in _texts(block)) > _MOST_TEXT:
        return "msg_blocks_too_long"
    return None


def _is_wrong(block: Mapping[str, Any]) -> bool:
    kind = block.get("type")
    if kind not in _KNOWN or len(str(block.get("block_id", ""))) > 255:
        return True
    if kind == "header":
        text = block.get("text", {})
        return text.get("type") != "plain_text" or not 0 < len(text.get("text", "")) <= _LONGEST["header"]
    if kind == "section":
        return _is_wrong_section(block)
    if kind == "context":
        elements = block.get("elements", ())
        return not 0 < len(elements) <= 10 or any(_is_wrong_text(one, _LONGEST["context"]) for one in elements)
    if kind == "actions":
        elements = block.get("elements", ())
        return not 0 < len(elements) <= 25 or any(map(_is_wrong_element, elements))
    return False


def _is_wrong_section(block: Mapping[str, Any]) -> bool:
    text, fields = block.get("text"), block.get("fields", ())
    if text is None and not fields:
        return True
    if text is not None and _is_wrong_text(text, _LONGEST["section"]):
        return True
    return len(fields) > 10 or any(_is_wrong_text(one, 2000) for one in fields)


def _is_wrong_text(text: Mapping[str, Any], longest: int) -> bool:
    return text.get("type") not in ("mrkdwn", "plain_text") or not 0 < len(text.get("text", "")) <= longest


def _is_wrong_element(element: Mapping[str, Any]) -> bool:
    if element.get("type") != "button":
        return False
    return (
        _is_wrong_text(element.get("text", {}), 75)
        or element["text"]["type"] != "plain_text"
        or not 0 < len(element.get("action_id", "")) <= 255
        or len(element.get("value", "")) > 2000
        or len(element.get("url", "")) > 3000
        or element.get("style", "primary") not in ("primary", "danger")
    )


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
