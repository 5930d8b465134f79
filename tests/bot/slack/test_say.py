"""The catalogue holds every text, each is used, and none can be filled in wrongly."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.slack.say import TextError, label, say
from bot.slack.text import escape

ROOT = Path(__file__).parents[3]
CODE = [path for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts]


class Variables(Visitor):
    """The names of the values that a text needs."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.names.add(node.id.name)


def entries() -> Iterator[ftl.EntryType]:
    for path in sorted((ROOT / "bot/slack/texts/en").iterdir()):
        yield from FluentParser(with_spans=False).parse(path.read_text()).body


def needed(message: ftl.Message) -> set[str]:
    variables = Variables()
    variables.visit(message)
    return variables.names


TEXTS = {one.id.name: needed(one) for one in entries() if isinstance(one, ftl.Message)}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of ``say`` and ``label``, with its place."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "label"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_text_can_be_read_and_stands_there_once() -> None:
    assert [one for one in entries() if isinstance(one, ftl.Junk)] == []
    names = Counter(one.id.name for one in entries() if isinstance(one, ftl.Message))
    assert {name for name, count in names.items() if count > 1} == set()


def test_every_text_that_is_said_exists_and_gets_the_values_that_it_needs() -> None:
    wrong = {}
    for place, call in calls():
        key, named = call.args[0], {one.arg for one in call.keywords}
        if not isinstance(key, ast.Constant):
            continue
        needed = TEXTS.get(key.value)
        is_whole = named == needed or (
            None in named and needed is not None and named - {None} < needed
        )  # with **values
        if not is_whole:
            wrong[place] = (key.value, needed)
    assert wrong == {}


def test_every_text_is_used() -> None:
    written = {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    put_together = [
        re.compile(
            "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z_-]+" for part in node.values)
        )
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    ]
    unused = {key for key in set(TEXTS) - written if not any(one.fullmatch(key) for one in put_together)}
    assert unused == set()


def test_no_message_is_worded_outside_the_catalogue() -> None:
    """Whatever looks like a sentence in the code of messages is a docstring or stands in the catalogue."""
    found = []
    for path in [*(ROOT / "bot/slack").rglob("*.py")]:
        tree = ast.parse(path.read_text())
        docstrings = {
            node.body[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        found += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in docstrings
            and re.search(r"[a-z]{2} [a-z]{2,} [a-z]", node.value)
            and path.name not in ("guard.py", "shape.py", "say.py", "answering.py")  # errors and logs
        ]
    assert found == []


def test_a_text_that_is_missing_or_wrongly_filled_in_is_an_error() -> None:
    with pytest.raises(TextError):
        say("no-such-text")
    with pytest.raises(TextError):
        say("digest-unnamed")


def test_values_are_escaped_once_in_mrkdwn_and_cleaned_in_plain_text() -> None:
    assert "&lt;!channel&gt; &amp; co" in say("welcome-hello", program="<!channel> & co")
    assert "&lt;b&gt;" in say("welcome-hello", program=escape("<b>"))
    assert label("digest-title", program="a\u202e<b>*c*", days="d") == "a<b>∗c∗: d"


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 colleague among the first stays"), (2, "2 colleagues among"), (1200, "1,200 colleagues among")],
)
def test_numbers_choose_singular_or_plural(count: int, said: str) -> None:
    assert say("digest-unnamed", count=count).startswith(said)
