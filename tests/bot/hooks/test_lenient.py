"""What real programs may write in another way, or leave out, comes out the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hooks.github_delivery import events_of_delivery
from bot.hooks.litellm_delivery import read_delivery
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from scoring.program import GitHubSource

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOW_US = 1_900_000_000_000_000
LITELLM = [
    json.loads((FIXTURES / f"litellm/{name}.body.json").read_text()) for name in ("single_plain", "array_batch_1")
]
EXPORTS = sorted((FIXTURES / "claude_code/plain_json").glob("*.json"))
Rewrite = Callable[[Any], Any]


def rewritten(value: Any, how: Rewrite, names: frozenset[str]) -> Any:
    """``value`` with ``how`` applied to the fields called ``names``, wherever they are."""
    if isinstance(value, dict):
        return {
            name: how(inner) if name in names and not isinstance(inner, dict | list) else rewritten(inner, how, names)
            for name, inner in value.items()
        }
    return [rewritten(one, how, names) for one in value] if isinstance(value, list) else value


def decorated(value: Any, fields: dict[str, Any]) -> Any:
    """``value`` with unknown ``fields`` in every object."""
    if isinstance(value, dict):
        return {**{name: decorated(inner, fields) for name, inner in value.items()}, **fields}
    return [decorated(one, fields) for one in value] if isinstance(value, list) else value


COUNTS = frozenset({"prompt_tokens", "completion_tokens", "cached_tokens", "cache_read_input_tokens"})
anything = st.one_of(
    st.none(), st.integers(), st.text(max_size=5), st.lists(st.none(), max_size=2), st.just({"a": None})
)
unknown = st.dictionaries(st.text("abc", min_size=1, max_size=3).map(lambda name: f"zz_{name}"), anything, max_size=3)


@pytest.mark.parametrize("body", LITELLM, ids=["single", "array"])
def test_counts_may_end_in_a_point_and_nought(body: Any) -> None:
    as_floats = rewritten(body, lambda count: None if count is None else float(count), COUNTS)
    assert read_delivery(json.dumps(as_floats).encode(), NOW_US) == read_delivery(json.dumps(body).encode(), NOW_US)


def test_a_part_of_a_token_is_kept_aside() -> None:
    body = rewritten(LITELLM[0], lambda _count: 0.5, frozenset({"completion_tokens"}))
    delivery = read_delivery(json.dumps(body).encode(), NOW_US)
    assert not delivery.events
    assert "completion_tokens" in delivery.rejected[0].place


@given(st.sampled_from(LITELLM), unknown)
def test_fields_that_nobody_knows_change_no_record(body: Any, fields: dict[str, Any]) -> None:
    told = read_delivery(json.dumps(decorated(body, fields)).encode(), NOW_US)
    assert told == read_delivery(json.dumps(body).encode(), NOW_US)


def export(body: Any, path: Path) -> Any:
    kind = next(one for one in SignalKind if one.value in path.name)
    return read_export(kind, Encoding.JSON, json.dumps(body).encode(), NOW_US)


WHOLE = frozenset({"timeUnixNano", "startTimeUnixNano", "observedTimeUnixNano"})


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_whole_numbers_may_be_text_or_numbers(path: Path) -> None:
    body = json.loads(path.read_text())
    assert export(rewritten(body, str, WHOLE), path) == export(rewritten(body, int, WHOLE), path) == export(body, path)
    numbers = frozenset({"intValue", "asInt", "flags"})
    as_floats = rewritten(body, lambda given: given if isinstance(given, str) else float(given), numbers)
    assert export(as_floats, path) == export(body, path)


@given(st.sampled_from(EXPORTS), unknown)
def test_fields_that_nobody_knows_change_no_export(path: Path, fields: dict[str, Any]) -> None:
    body = json.loads(path.read_text())
    assert export(decorated(body, fields), path) == export(body, path)


@pytest.mark.parametrize("name", ["ping", "push", "star", "something_new"])
@pytest.mark.parametrize("body", [{}, {"action": None}, {"action": None, "repository": None}, {"zen": "…"}])
def test_a_delivery_that_tells_of_nothing_counted_is_taken(name: str, body: dict[str, Any]) -> None:
    assert events_of_delivery(name, json.dumps(body).encode(), GitHubSource()) == ()


def test_a_merge_whose_branch_is_gone_counts_all_the_same() -> None:
    body = json.loads((FIXTURES / "github/emulate_pull_request_closed_merged.body.json").read_text())
    (whole,) = events_of_delivery("pull_request", json.dumps(body).encode(), GitHubSource())
    body["pull_request"] |= {"head": None, "body": None}
    assert events_of_delivery("pull_request", json.dumps(body).encode(), GitHubSource()) == (whole,)
