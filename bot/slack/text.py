"""Foreign text made harmless and short: names, teams, sources and whatever else people or programs made up."""

from __future__ import annotations

import re
import unicodedata

# Characters that show nothing, or that turn the text after them around.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
_LONGEST = 60
# Look-alikes for the marks of Slack's mrkdwn; an underscore formats only at the edge of a word and stays.
_FORMATS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})


def escape(text: str, longest: int = _LONGEST) -> str:
    """``text`` for mrkdwn and notifications: nothing in it is a mention, a link or a broadcast, or formats anything."""
    plain = clean(text, longest)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        plain = plain.replace(character, entity)
    return plain


def clean(text: str, longest: int = _LONGEST) -> str:
    """``text`` on one line, without invisible or control characters or marks that format, cut to ``longest``.

    For ``plain_text``; mrkdwn needs ``escape``.
    """
    visible = _INVISIBLE.sub("", text)
    line = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in visible)
    line = " ".join(line.translate(_FORMATS).split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rstrip() + "…"
