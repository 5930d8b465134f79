"""Slack messages in a terminal: blocks as rich text, so that one can read what would be seen in Slack."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.slack.message import Message

_MARKUP = re.compile(
    r"<(?P<link>[^>|]+)(?:\|(?P<label>[^>]+))?>"
    r"|(?<!\w)\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^_\s](?:[^_\n]*[^_\s])?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^~\s](?:[^~\n]*[^~\s])?)~(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
)
_LONGEST_BAR = 40
_STYLES = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "cyan"}


def message_panel(message: Message, title: str) -> Panel:
    """The message in a frame; without blocks its text."""
    parts = [part for block in message.blocks for part in _block(block)]
    return Panel(Group(*(parts or [_mrkdwn(message.text)])), title=title, title_align="left", padding=(1, 2), width=100)


def _block(block: dict[str, Any]) -> Iterator[RenderableType]:
    kind = block.get("type")
    renderer = _RENDERERS.get(str(kind))
    if renderer is None:
        yield Text(f"[{kind}]", style="dim")
        return
    yield from renderer(block)


def _header(block: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(block["text"]["text"], style="bold underline")


def _section(block: dict[str, Any]) -> Iterator[RenderableType]:
    if text := block.get("text"):
        yield _composed(text)
    for field in block.get("fields", ()):
        yield _composed(field)
    if accessory := block.get("accessory"):
        yield from _actions({"elements": [accessory]})
    yield Text()


def _context(block: dict[str, Any]) -> Iterator[RenderableType]:
    for element in block["elements"]:
        line = _composed(element)
        line.stylize("dim")
        yield line


def _divider(_: dict[str, Any]) -> Iterator[RenderableType]:
    yield Rule(style="dim")


def _actions(block: dict[str, Any]) -> Iterator[RenderableType]:
    line = Text()
    for element in block["elements"]:
        label = element.get("text", element.get("placeholder", {})).get("text", element["type"])
        line.append(f"[ {label} ]", style="reverse").append("  ")
    yield line


def _rich_text(block: dict[str, Any]) -> Iterator[RenderableType]:
    for element in block["elements"]:
        if element["type"] != "rich_text_list":
            yield _leaves(element["elements"])
            continue
        start = element.get("offset", 0) + 1
        for number, item in enumerate(element["elements"], start):
            mark = f"{number}. " if element.get("style") == "ordered" else "• "
            yield Text(mark).append_text(_leaves(item["elements"]))


def _table(block: dict[str, Any]) -> Iterator[RenderableType]:
    for row in block["rows"]:
        yield Text("  |  ").join(
            _leaves(cell["elements"][0]["elements"]) if cell["type"] == "rich_text" else Text(str(cell["text"]))
            for cell in row
        )


def _chart(block: dict[str, Any]) -> Iterator[RenderableType]:
    """Bars, of lines too: a figure beside each."""
    yield Text(block["title"], style="bold")
    for series in block["chart"]["series"]:
        most = max((abs(one["value"]) for one in series["data"]), default=0) or 1
        for one in series["data"]:
            bar = "█" * round(_LONGEST_BAR * max(0.0, one["value"]) / most)
            yield Text(f"{one['label']:<20} {bar} {one['value']:g}")
    yield Text()


_RENDERERS: dict[str, Callable[[dict[str, Any]], Iterator[RenderableType]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "rich_text": _rich_text,
    "table": _table,
    "data_visualization": _chart,
}


def _leaves(leaves: Iterable[dict[str, Any]]) -> Text:
    line = Text()
    for leaf in leaves:
        styles = " ".join(name for name, is_on in leaf.get("style", {}).items() if is_on and name in _STYLES)
        words = (
            leaf.get("text") or leaf.get("url") or leaf.get("fallback") or leaf.get("name") or leaf.get("user_id") or ""
        )
        line.append(words, style=styles)
    return line


def _composed(text: dict[str, Any]) -> Text:
    """A text object; an image in a context gives its alternative text."""
    if text["type"] == "image":
        return Text(text["alt_text"])
    return _mrkdwn(text["text"]) if text["type"] == "mrkdwn" else Text(text["text"])


def _mrkdwn(source: str) -> Text:
    """Slack's mark-up as styles; ``&amp;``, ``&lt;`` and ``&gt;`` as what they stand for."""
    out, end = Text(), 0
    for found in _MARKUP.finditer(source):
        out.append(html.unescape(source[end : found.start()]))
        end = found.end()
        if found["link"]:
            out.append(html.unescape(found["label"] or found["link"]), style="underline")
            continue
        style = str(found.lastgroup)
        out.append_text(_restyled(found[style], _STYLES[style]))
    out.append(html.unescape(source[end:]))
    return out


def _restyled(source: str, style: str) -> Text:
    inner = _mrkdwn(source) if style != "cyan" else Text(html.unescape(source))
    inner.stylize(style)
    return inner
