"""Text, numbers and times that both databases and every reader can bear: odd ones are refused here, in one place."""

from __future__ import annotations

import re

from msgspec.structs import asdict

from scoring.events import Event, Outcome, Usage
from scoring.window import from_us

MOST_TOKENS = 10**12
MOST_COUNT = 10**6
MOST_TAGS = 64
_LONGEST_ID = 1000
_LONGEST = {"title": 500, "url": 2000}
_LONGEST_OTHER = 300
_EARLIEST_US = 946_684_800_000_000  # 2000-01-01
_AHEAD_US = 24 * 3600 * 1_000_000

# Control characters, surrogates, and the characters that turn text around: none belongs into a name or an id.
_NO_CHARACTERS = "\ufffe\uffff"
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Insane(ValueError):
    """Something in an event cannot be kept; ``place`` is relative to the event."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


def is_sane(text: str, longest: int = _LONGEST_OTHER) -> bool:
    """May ``text`` be kept as it is?"""
    return len(text) <= longest and (text.isprintable() or not _ODD.search(text))


def check(event: Event, now_us: int) -> None:
    """Raises ``Insane`` where ``event`` holds odd text or a figure beyond any sense."""
    _check_text("source", event.source)
    _check_text("id", event.id, _LONGEST_ID)
    _check_text("subject", event.subject)
    _check_time("time", event.time_us, now_us)
    fact = event.fact
    if isinstance(fact, Usage):
        _check_usage(fact)
        return
    if isinstance(fact, Outcome) and fact.started_us is not None:
        _check_time("data.started", fact.started_us, now_us)
        if fact.started_us > event.time_us:
            raise Insane("data.started", "after the outcome's own time")
    for name, value in asdict(fact).items():
        if type(value) is str:
            _check_text(f"data.{name}", value, _LONGEST.get(name, _LONGEST_OTHER))


def _check_usage(fact: Usage) -> None:
    _check_text("data.model", fact.model)
    _check_text("data.use_case", fact.use_case)
    _check_text("data.session", fact.session)
    _check_text("data.task", fact.task)
    _check_text("data.prompt_hash", fact.prompt_hash)
    if len(fact.tags) > MOST_TAGS:
        raise Insane("data.tags", f"more than {MOST_TAGS} tags")
    for position, tag in enumerate(fact.tags):
        _check_text(f"data.tags[{position}]", tag)


def _check_text(place: str, text: str | None, longest: int = _LONGEST_OTHER) -> None:
    if text is None:
        return
    if len(text) > longest:
        raise Insane(place, f"longer than {longest} characters")
    if not text.isprintable() and (odd := _ODD.search(text)):
        raise Insane(place, f"holds {_described(odd[0])}")


def _described(odd: str) -> str:
    if odd in _NO_CHARACTERS:
        return "bytes or escapes that stand for no character"
    return f"the character U+{ord(odd):04X}, which is not text"


def _check_time(place: str, time_us: int, now_us: int) -> None:
    if time_us < _EARLIEST_US:
        raise Insane(place, "before the year 2000")
    if time_us > now_us + _AHEAD_US:
        raise Insane(place, f"more than a day ahead of now ({from_us(now_us):%Y-%m-%dT%H:%MZ})")
