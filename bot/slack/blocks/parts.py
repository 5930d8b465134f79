"""The few kinds of block that messages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.slack.blocks.charts import without_charts
from bot.slack.message import Answer, Block, Message, Modal
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, clean, joined, without_marks

_LONGEST_SECTION = 3000
_LONGEST_HEADER = 150
_ROOM = 300  # in a section of lines, for how many more there are and a sentence
_LONGEST_LABEL = 75


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": clean(text, _LONGEST_HEADER), "emoji": False}}


def section(mrkdwn: Mrkdwn, accessory: Block | None = None) -> Block:
    """What is longer than Slack takes is cut at a line."""
    made: Block = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": cut(mrkdwn, _LONGEST_SECTION), "verbatim": True},
    }
    return made if accessory is None else made | {"accessory": accessory}


def context(mrkdwn: Mrkdwn) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, _LONGEST_SECTION), "verbatim": True}],
    }


def paged(
    title: Mrkdwn,
    lines: Iterable[Mrkdwn],
    last: Mrkdwn | None = None,
    most_sections: int = 2,
    count: int | None = None,
) -> list[Block]:
    """``title``, as many whole lines as go into ``most_sections`` sections, how many more there are, and ``last``.

    ``count``: how many ``lines`` there are, where they are made one by one, so that none is made in vain.
    """
    if count is None:
        lines = tuple(lines)
        count = len(lines)
    pages: list[list[Mrkdwn]] = [[title]]
    for number, line in enumerate(lines):
        if sum(len(one) + 1 for one in pages[-1]) + len(line) > _LONGEST_SECTION - _ROOM:
            if len(pages) == most_sections:
                pages[-1].append(say("more", count=count - number))
                break
            pages.append([])
        pages[-1].append(line)
    if last is not None:
        pages[-1].append(last)
    return [section(joined(page)) for page in pages]


def fitting(paragraphs: Sequence[Mrkdwn], most_characters: int = 9000) -> Sequence[Mrkdwn]:
    """As many of ``paragraphs``, a section each, as all texts of a message may have; at least the first."""
    room = most_characters
    for number, one in enumerate(paragraphs):
        room -= min(len(one), _LONGEST_SECTION)
        if room < 0 and number:
            return paragraphs[:number]
    return paragraphs


def button(action_id: str, words: str, value: str = "", *, is_primary: bool = False) -> Block:
    """``value`` is a hint alone; who may do what is decided at the click."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": _plain_text(words),
    }
    if value:
        made["value"] = value
    if is_primary:
        made["style"] = "primary"
    return made


def buttons(*made: Block) -> Block:
    return {"type": "actions", "elements": list(made)}


def text_input(block_id: str, words: str, longest: int, *, hint: str = "", is_optional: bool = False) -> Block:
    """Room for some lines of text, up to ``longest`` characters, under ``words``; it comes back under ``block_id``."""
    element = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": longest}
    return _input(block_id, words, element, hint, is_optional=is_optional)


def line_input(block_id: str, words: str, longest: int, *, hint: str = "", is_optional: bool = False) -> Block:
    """Room for one line of text, up to ``longest`` characters, under ``words``; it comes back under ``block_id``."""
    element = {"type": "plain_text_input", "action_id": "text", "max_length": longest}
    return _input(block_id, words, element, hint, is_optional=is_optional)


def choice_input(block_id: str, words: str, choices: Sequence[tuple[str, str]], *, chosen: str = "") -> Block:
    """One of ``choices`` (value, label; at most 100); ``chosen`` is the value that stands there at first.

    A value has at most 150 characters: a number or a short name, never somebody's text.
    """
    options = [{"text": _plain_text(words), "value": value} for value, words in choices]
    element: Block = {"type": "static_select", "action_id": "choice", "options": options}
    first = [one for one in options if one["value"] == chosen]
    return _input(block_id, words, element | {"initial_option": first[0]} if first else element)


def date_input(block_id: str, words: str, *, first: str = "", hint: str = "") -> Block:
    """A day, as ``2026-06-30``; ``first`` stands there at first."""
    element: Block = {"type": "datepicker", "action_id": "day"}
    return _input(block_id, words, element | {"initial_date": first} if first else element, hint)


def _input(block_id: str, words: str, element: Block, hint: str = "", *, is_optional: bool = False) -> Block:
    made: Block = {"type": "input", "block_id": block_id, "label": _plain_text(words), "element": element}
    if hint:
        made["hint"] = _plain_text(hint)
    return made | {"optional": True} if is_optional else made


def view_of(answer: Answer) -> Block:
    """The answer as a modal: a form, or a message that can be closed."""
    if isinstance(answer, Modal):
        return {
            "type": "modal",
            "callback_id": answer.submission,
            "title": _plain_text(answer.title),
            "submit": _plain_text(answer.submit),
            "close": _plain_text(label("button-cancel")),
            "private_metadata": answer.hidden,
            "blocks": list(answer.blocks),
        }
    return {
        "type": "modal",
        "title": _plain_text(label("modal-title")),
        "close": _plain_text(label("button-close")),
        "blocks": list(without_charts(answer).blocks),
    }


def message(lines: Iterable[Mrkdwn], *more: Block) -> Message:
    """``lines`` as one section and as the text that stands for it, then ``more`` blocks."""
    text = joined(lines)
    return Message(text=without_marks(text), blocks=(section(text), *more))


def plain(text: Mrkdwn) -> Message:
    """One short sentence."""
    return message([text])


def cut(text: str, longest: int) -> str:
    """Whole lines of ``text`` up to ``longest`` characters; a first line that is longer is cut off."""
    if len(text) <= longest:
        return str(text)
    kept = text[: longest - 1]
    return (kept[: kept.rfind("\n")] if "\n" in kept else kept) + "…"


def _plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": clean(text, _LONGEST_LABEL), "emoji": False}
