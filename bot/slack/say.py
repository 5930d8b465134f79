"""What people read in Slack, from the catalogue in ``texts/``; every value put into a text is made harmless here."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

from fluent.runtime import FluentBundle, FluentResource

from bot.slack.text import LOCALE, Mrkdwn, clean, escape

Value: TypeAlias = str | int

_LANGUAGE = "en"
_REMEMBERED = 2048  # lists say the same of many
_LONGEST_LABEL = 150  # of what Slack takes as plain text in one piece


class TextError(LookupError):
    """The catalogue has no such text, or the text needs other values. A mistake of ours, which the tests find."""


def say(key: str, /, **values: Value) -> Mrkdwn:
    """The text ``key`` for mrkdwn. Strings are escaped and cut short, unless they are ``Mrkdwn`` already.

    Numbers choose between singular and plural and get their separators. Raises ``TextError``.
    """
    return Mrkdwn(_format(key, tuple((name, _harmless(value)) for name, value in values.items())))


def label(key: str, /, **values: Value) -> str:
    """The text ``key`` for plain text: headings, buttons, options. Raises ``TextError``."""
    return _format(
        key,
        tuple(
            (name, clean(value, _LONGEST_LABEL) if isinstance(value, str) else value) for name, value in values.items()
        ),
    )


def _harmless(value: Value) -> Value:
    return escape(value) if isinstance(value, str) and not isinstance(value, Mrkdwn) else value


@lru_cache(maxsize=_REMEMBERED)
def _format(key: str, values: tuple[tuple[str, Value], ...]) -> str:
    pattern = _CATALOGUE.get_message(key).value if _CATALOGUE.has_message(key) else None
    if pattern is None:
        raise TextError(f"no text {key}")
    text, errors = _CATALOGUE.format_pattern(pattern, dict(values))
    if errors:
        raise TextError(f"{key}: {errors[0]}")
    return str(text)


def _catalogue() -> FluentBundle:
    # Isolating marks would be invisible characters around every value; our values are cleaned of what could turn text.
    bundle = FluentBundle([LOCALE.replace("_", "-")], use_isolating=False)
    for source in sorted((files("bot.slack") / "texts" / _LANGUAGE).iterdir(), key=lambda one: one.name):
        bundle.add_resource(FluentResource(source.read_text(encoding="utf-8")))
    return bundle


_CATALOGUE = _catalogue()
