"""Foreign text made harmless and short, and the few marks of our own: moments and links.

Everything here gives ``Mrkdwn``: text that Slack may read as mark-up, because nothing foreign in it can act as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, tzinfo
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from scoring.window import from_us

LOCALE = "en_GB"

# Characters that show nothing, or that turn the text after them around.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
_LONGEST = 60
_LOOKED_AT = 20  # times what may stay: what comes after so much that shows nothing is not looked at
_MOST_ESCAPED = 2000  # an escaped character can be five; a section bears 3,000, a value in a text 2,500
_REMEMBERED = 1024  # lists say the same names over and over
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Look-alikes for the marks of Slack's mrkdwn; an underscore formats only at the edge of a word and stays.
_FORMATS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
# What ends an address in Slack's mark-up or is a mark there, as addresses may write it.
_IN_ADDRESS = str.maketrans({"|": "%7C", "*": "%2A", "~": "%7E", "`": "%60"})


class Mrkdwn(str):
    """Text in Slack's mark-up that is safe to send as it is. Made here and from the catalogue, nowhere else."""

    __slots__ = ()


@lru_cache(maxsize=_REMEMBERED)
def escape(text: str, longest: int = _LONGEST) -> Mrkdwn:
    """``text`` for mrkdwn and notifications: nothing in it is a mention, a link or a broadcast, or formats anything."""
    escaped = clean(text, longest).translate(_ENTITIES)
    if len(escaped) <= _MOST_ESCAPED:
        return Mrkdwn(escaped)
    return escape(text, longest * _MOST_ESCAPED // len(escaped))


@lru_cache(maxsize=_REMEMBERED)
def clean(text: str, longest: int = _LONGEST) -> str:
    """``text`` on one line, without invisible or control characters or marks that format, cut to ``longest``.

    For ``plain_text``; mrkdwn needs ``escape``.
    """
    visible = _INVISIBLE.sub("", text[: _LOOKED_AT * longest])
    if not visible.isprintable():
        visible = "".join(character if character.isprintable() else " " for character in visible)
    line = " ".join(visible.translate(_FORMATS).split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rstrip() + "…"


def joined(parts: Iterable[Mrkdwn], between: str = "\n") -> Mrkdwn:
    """The parts that say something, with ``between`` between them, which is ours."""
    return Mrkdwn(between.join(part for part in parts if part))


def link(url: str, label: Mrkdwn) -> Mrkdwn:
    """``label``, leading to ``url``."""
    return Mrkdwn(f"<{escape(url.translate(_IN_ADDRESS), 2000)}|{label.replace('|', ' ')}>")


def moment(at_us: int, zone: tzinfo) -> Mrkdwn:
    """A date and time as Slack shows them to each reader in their own zone; where it cannot, in ``zone``, which is named."""
    local = from_us(at_us).astimezone(zone)
    return Mrkdwn(
        f"<!date^{at_us // 1_000_000}^{{date_short_pretty}} at {{time}}|{local:%Y-%m-%d %H:%M} {_name(zone)}>"
    )


def day(at_us: int, zone: tzinfo) -> Mrkdwn:
    """The date of a moment, as Slack shows it to each reader in their own zone; where it cannot, in ``zone``."""
    local = from_us(at_us).astimezone(zone)
    return Mrkdwn(f"<!date^{at_us // 1_000_000}^{{date_short_pretty}}|{local:%Y-%m-%d}>")


def date_words(of: date, *, has_year: bool = True) -> Mrkdwn:
    """A day of the program's calendar in words, "4 May 2026"."""
    return Mrkdwn(format_date(of, "long", LOCALE) if has_year else format_skeleton("MMMMd", of, locale=LOCALE))


def without_marks(text: Mrkdwn) -> str:
    """The same for where bold would show as asterisks: notifications and screen readers."""
    return text.replace("*", "")


def _name(zone: tzinfo) -> str:
    return str(getattr(zone, "key", zone))
