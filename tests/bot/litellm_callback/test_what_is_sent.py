"""Of a record only that is sent which the door reads; it tells of the same call in the same way."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hooks import litellm_record
from bot.hooks.litellm_record import Metadata, PromptDetails, Record, UsageObject, event_of_record
from bot.litellm_callback import bandstand_callback
from bot.litellm_callback.bandstand_callback import DETAILS, MARKS, METADATA, RECORD, USAGE, stripped

FIXTURES = Path(__file__).parents[2] / "fixtures" / "litellm"
CANARY = "CANARY-77ab"


def captured() -> list[dict[str, Any]]:
    """Every record that a real proxy's generic_api callback sent."""
    records: list[dict[str, Any]] = []
    for name in ("array_batch_1", "single_plain", "single_redacted_with_session", "failure_budget_exceeded"):
        read = json.loads((FIXTURES / f"{name}.body.json").read_text())
        records += read if isinstance(read, list) else [read]
    for name in ("fallback_1_failed_attempt", "fallback_2_success_same_call_id"):
        read = json.loads((FIXTURES / f"{name}.body.json").read_text())
        records += read if isinstance(read, list) else [read]
    records += json.loads((FIXTURES.parent / "claude_code/via_litellm_generic_api.json").read_text())
    records += [json.loads(line) for line in (FIXTURES / "batch.ndjson").read_text().splitlines()]
    return records


def event(record: dict[str, Any]) -> Any:
    return event_of_record(msgspec.json.decode(json.dumps(record), type=Record))


def test_what_is_sent_is_what_the_door_reads() -> None:
    fields = {name for struct in (Record, Metadata, UsageObject, PromptDetails) for name in struct.__struct_fields__}
    nested = {"metadata", "usage_object", "prompt_tokens_details", "spend_logs_metadata", "request_tags", "end_user"}
    assert {*RECORD, *METADATA, *USAGE, *DETAILS} | nested == fields
    assert MARKS == litellm_record._MARKS


@pytest.mark.parametrize("record", captured(), ids=lambda record: record["id"][:24])
def test_a_record_tells_of_the_same_call_before_and_after(record: dict[str, Any]) -> None:
    assert event(stripped(record)) == event(record)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from (str(name), *texts(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def with_canaries(value: Any, place: tuple[str, ...] = ()) -> Any:
    """``value`` with a canary in each text of it that is not sent on purpose, and in fields that are not known yet."""
    if isinstance(value, dict):
        changed = {name: with_canaries(inner, (*place, name)) for name, inner in value.items()}
        return changed | {f"{CANARY} name": CANARY, "prompt": [{"content": CANARY}]}
    if isinstance(value, list):
        return [with_canaries(inner, place) for inner in value]
    if isinstance(value, str) and place not in _MEANT and place[:2] != ("metadata", "spend_logs_metadata"):
        return f"{value} {CANARY}"
    return value


_MEANT = {
    *((name,) for name in (*RECORD, "request_tags")),
    *(("metadata", name) for name in METADATA),
}


@pytest.mark.parametrize("record", captured(), ids=lambda record: record["id"][:24])
def test_content_never_leaves(record: dict[str, Any]) -> None:
    hiding = with_canaries(record)
    assert CANARY in json.dumps(hiding)
    assert CANARY not in json.dumps(stripped(hiding))
    assert event(stripped(hiding)) == event(record | {"end_user": None}) or record["end_user"] is None


def test_of_an_agent_the_ids_are_sent_by_which_its_telemetry_knows_the_call() -> None:
    ids = {"device_id": "d", "account_uuid": "", "session_id": "s-1"}
    for said, sent in (
        (json.dumps(ids), '{"session_id":"s-1","device_id":"d"}'),
        (json.dumps(ids | {"prompt": CANARY, "device_id": f"{CANARY} d"}), '{"session_id":"s-1"}'),
        ("user_0a_account__session_5e-55", "user_0a_account__session_5e-55"),
    ):
        assert stripped({"end_user": said})["end_user"] == sent
        assert event({**captured()[0], "end_user": said}).claim.covers[0] in ("s-1", "5e-55")


def test_an_end_user_that_is_no_address_stays() -> None:
    for end_user in (
        '{"device_id": {}}',
        "{",
        "{" * 200,
        "user_x_session_y",
        "<@U123> hello",
        "ada@acme.test told me",
        None,
        7,
        "a@" + "b" * 400,
    ):
        assert "end_user" not in stripped({"end_user": end_user})
    assert stripped({"end_user": "ada@acme.test"})["end_user"] == "ada@acme.test"


_texts = st.text("aé@.\x00\ud800", max_size=12)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=10,
)
_names = st.sampled_from(("metadata", "usage_object", "prompt_tokens_details", "request_tags", *RECORD, *METADATA))


@given(st.dictionaries(_names, _json | st.dictionaries(_names, _json, max_size=3), max_size=8))
def test_whatever_a_record_holds_it_can_be_sent(record: dict[str, Any]) -> None:
    sent = stripped(record)
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    assert set(sent) <= {*RECORD, "metadata", "request_tags", "end_user"}


def test_texts_that_are_too_long_to_be_kept_are_not_sent() -> None:
    long = "x" * 5000
    assert stripped({"trace_id": long, "request_tags": [long, "blue"]}) == {"request_tags": ["blue"], "metadata": {}}


def test_the_file_needs_python_3_9_its_library_httpx_and_litellm() -> None:
    tree = ast.parse(Path(bandstand_callback.__file__).read_text(), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    others = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert others == {"httpx", "litellm"}
