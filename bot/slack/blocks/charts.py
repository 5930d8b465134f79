"""Slack's native charts, for whoever would rather look than read: what they show stands in words beside them.

Messages alone take them, and not every workspace yet (``without_charts``). The limits are the smaller of those that
are documented: two charts a message, 20 categories, 20 characters a label, 50 a title
(docs.slack.dev/reference/block-kit/blocks/data-visualization-block).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from bot.slack.message import Block, Message
from bot.slack.text import clean

KIND = "data_visualization"
_MOST_POINTS = 20
_LONGEST_LABEL = 20
_LONGEST_TITLE = 50


def chart(
    kind: Literal["bar", "line"], title: str, series: str, points: Sequence[tuple[str, float]], y_label: str
) -> tuple[Block, ...]:
    """One chart of one series, its first 20 points; none where there are fewer than two to compare."""
    shown = points[:_MOST_POINTS]
    if len(shown) < 2:
        return ()
    labels = _told_apart([clean(name, _LONGEST_LABEL) or "?" for name, _ in shown])
    data = [{"label": name, "value": round(value, 1)} for name, (_, value) in zip(labels, shown, strict=True)]
    drawn = {
        "type": kind,
        "series": [{"name": clean(series, _LONGEST_LABEL), "data": data}],
        "axis_config": {"categories": labels, "y_label": clean(y_label, _LONGEST_TITLE)},
    }
    return ({"type": KIND, "title": clean(title, _LONGEST_TITLE) or series, "chart": drawn},)


def without_charts(message: Message) -> Message:
    """The same in words alone."""
    return msgspec.structs.replace(message, blocks=tuple(one for one in message.blocks if one.get("type") != KIND))


def has_charts(message: Message) -> bool:
    return any(one.get("type") == KIND for one in message.blocks)


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Labels that are there once each, as Slack wants them."""
    known: dict[str, None] = {}
    for label in labels:
        number, one = 1, label
        while one in known:
            number += 1
            one = f"{label[: _LONGEST_LABEL - 4]} {number}"
        known[one] = None
    return list(known)
