"""Whatever people and programs call things: no message mentions, links or formats by it, and Slack takes every one."""

from __future__ import annotations

import inspect
import itertools
import pkgutil
import random
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.slack.blocks
from bot.sandbox.slack.block_kit import fault_of, first_fault, first_fault_of_view
from bot.slack.blocks.home.page import home_page
from bot.slack.blocks.parts import view_of
from bot.slack.message import Answer, Message, Modal
from bot.slack.subcommands import menu
from bot.slack.text import clean, escape
from tests.bot.slack.blocks.samples import MORE, SAMPLES

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@U0VICTIM>",
    "<@W0VICTIM|ada>",
    "<#C1|general>",
    "<!subteam^S1>",
    "<!date^1^{date}^https://evil.test|x>",
    "<https://evil.test|Your payslip>",
    "<mailto:evil@evil.test|mail>",
    "https://evil.test",
    "*bold* _it_ ~gone~ `code` ```block```",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "\u202eevil\u202c",
    "\u2066evil\u2069",
    "a\u200bb\ufeff\u2060\u00ad",
    "one\ntwo\r\nthree\x00\x07\x1b[31m",
    "> quote\n• bullet\n1. one",
    "@here @channel @everyone",
    "مرحبا بالعالم",
    "👩🏽‍💻🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "{ $name } { rank }",
    "ß" * 10_000,
    "<" * 10_000,
    "",
    " ",
)
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200))


def thousand() -> Iterator[str]:
    """1,000 different strings: the fragments, and fragments glued together."""
    chance = random.Random(20260601)
    made = dict.fromkeys(HOSTILE)
    while len(made) < 1000:
        pieces = chance.choices(HOSTILE[:-4], k=chance.randint(2, 4))
        made[chance.choice(("", " ", "\n", "|", ">", "<")).join(pieces)] = None
    return iter(made)


def answers(name: str) -> Iterator[Answer]:
    for render in itertools.chain(SAMPLES.values(), MORE):
        yield render(name)


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Each text of a block with its type."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if isinstance(one.get("text"), str):
                yield one.get("type", ""), one["text"]
            left += [inner for inner in one.values() if isinstance(inner, dict | list | tuple)]
        else:
            left += [inner for inner in one if isinstance(inner, dict | list | tuple)]


_OUR_MARKUP = re.compile(r"<!date\^\d+\^[^|<>^]*\|[^<>]*>|<https://wiki\.test/r\|[A-Z][a-z ]+>")
_MARKUP = re.compile("[<>]")
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00\x07\x1b]")


def our_markup(text: str) -> str:
    """``text`` without the kinds of markup that we write ourselves."""
    return _OUR_MARKUP.sub("", text)


def require_harmless(answer: Answer) -> None:
    spoken = [("mrkdwn", answer.text)] if isinstance(answer, Message) else []
    for kind, text in {*spoken, *strings(answer.blocks)}:
        if kind == "mrkdwn":
            assert not _MARKUP.search(our_markup(text)), text
        assert not _UNSEEN.search(text), text


def require_taken(answer: Answer) -> None:
    assert first_fault_of_view(view_of(answer)) is None
    if isinstance(answer, Modal):
        return
    assert first_fault(answer.blocks) is None
    assert fault_of(answer.text, answer.blocks) is None
    assert answer.text.strip()
    assert len(answer.text) < 40_000  # where Slack cuts


def test_every_renderer_has_a_sample() -> None:
    found = set()
    for module in pkgutil.walk_packages(bot.slack.blocks.__path__, "bot.slack.blocks."):
        for _, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            is_public = function.__module__ == module.name and not function.__name__.startswith("_")
            if is_public and inspect.signature(function).return_annotation in ("Message", "Modal"):
                found.add(function)
    assert found == set(SAMPLES)


def test_a_thousand_hostile_strings_leave_nothing_alive() -> None:
    for name in thousand():
        for answer in answers(name):
            require_harmless(answer)


def test_what_is_hostile_keeps_everything_within_limits() -> None:
    for name in itertools.islice(thousand(), 60):
        for answer in answers(name):
            require_taken(answer)


@given(names)
def test_any_string_leaves_nothing_alive_and_everything_within_limits(name: str) -> None:
    for answer in answers(name):
        require_harmless(answer)
        require_taken(answer)


@given(names)
def test_a_home_with_everything_in_it_is_taken_by_slack(name: str) -> None:
    everything = [answer for answer in answers(name) if isinstance(answer, Message)]
    assert first_fault_of_view(home_page(everything, menu())) is None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaping_leaves_nothing_that_slack_would_act_on(hostile: str) -> None:
    assert not re.search("[<>*`~\n]", escape(hostile, 20_000))
    assert len(clean(hostile)) <= 60
    assert len(escape(hostile, 20_000)) <= 2000
