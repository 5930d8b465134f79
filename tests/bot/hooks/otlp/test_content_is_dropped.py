"""No prompt, answer, command or error text of an OTLP export gets further than the decoder."""

from __future__ import annotations

import io
import logging
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import inspect, text

from bot.hooks.otlp.answers import SignalKind
from bot.hooks.otlp.clients import EVENT_ATTRIBUTES, WANTED
from db.engine import Store
from tests.bot.hooks.doors import PROTOBUF, open_doors
from tests.bot.hooks.otlp.claude_code import FILES, bytes_of, read
from tests.bot.hooks.otlp.exports import counter, export, in_json, in_protobuf, log_record, point, span
from tests.bot.hooks.otlp.exports import read as read_made

CANARY = "CANARY-7f3a"
CONTENT = {
    name: f"{CANARY} {name}"
    for name in (
        "prompt",
        "response",
        "response_text",
        "request_text",
        "body",
        "body_ref",
        "tool_input",
        "tool_parameters",
        "tool_name",
        "function_args",
        "arguments",
        "output",
        "error",
        "error.message",
        "error_message",
        "hook_definitions",
        "workspace.host_paths",
        "user_prompt",
        "prompt.id",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments",
        "gen_ai.tool.call.result",
        "gen_ai.retrieval.documents",
        "host.name",
        "a.field.of.tomorrow",
    )
}
TREE = {"list": [f"{CANARY} in a list", [f"{CANARY} deeper"]]}
CALL = {**CONTENT, **TREE, "event.name": "api_request", "request_id": "r", "session.id": "kept-session", "model": "m"}
BODY = {"stringValue": f"{CANARY} body"}
EVENTS = [{"name": f"{CANARY} event", "attributes": log_record(CONTENT)["attributes"]}]
USAGE = {**CONTENT, **TREE, "gen_ai.usage.input_tokens": 5, "gen_ai.conversation.id": "kept-talk"}
SECRET_STATUS = {"code": 2, "message": f"{CANARY} status"}
EXPORTS: list[tuple[SignalKind, dict[str, Any]]] = [
    (SignalKind.LOGS, export(SignalKind.LOGS, log_record(CALL, body=BODY), log_record(CONTENT, body=BODY))),
    (SignalKind.LOGS, export(SignalKind.LOGS, log_record({**CALL, "event.name": "api_error"}, body=BODY))),
    (SignalKind.LOGS, export(SignalKind.LOGS, log_record({**CALL, "input_tokens": f"{CANARY} number"}))),
    (SignalKind.LOGS, export(SignalKind.LOGS, log_record({**CALL, "cost_usd": f"{CANARY} money"}))),
    (SignalKind.TRACES, export(SignalKind.TRACES, span(USAGE, events=EVENTS, status=SECRET_STATUS), service="app")),
    (SignalKind.TRACES, export(SignalKind.TRACES, span(USAGE, name=f"{CANARY} name", spanId="00"), service="app")),
    (
        SignalKind.METRICS,
        export(
            SignalKind.METRICS,
            counter(
                "claude_code.token.usage",
                point(5, {**CONTENT, **TREE, "type": "input", "session.id": "kept-session"}),
                point(-5, {**CONTENT, "type": "input"}),
                point(5, {**CONTENT, "type": f"{CANARY} type"}),
            )
            | {"description": f"{CANARY} description"},
        ),
    ),
]


@pytest.mark.parametrize(("kind", "content"), EXPORTS, ids=lambda value: repr(value)[:20])
def test_what_is_decoded_holds_no_content(kind: SignalKind, content: dict[str, Any]) -> None:
    delivery = read_made(kind, content)
    assert delivery.events or delivery.rejected
    assert CANARY not in repr(delivery)


@pytest.mark.parametrize("file", [file for file in FILES if "verbose" in file or "traces" in file])
def test_captured_prompts_answers_and_commands_are_dropped(file: str) -> None:
    said = (b"All done.", b"git add", b"File does not exist", b"app.py", b"<REDACTED>")
    assert any(one in bytes_of(file) for one in said) or "metrics" in file or "logs" in file
    decoded = repr(read(file)).encode()
    assert not any(one in decoded for one in said)


def test_no_attribute_that_holds_content_is_read() -> None:
    assert not WANTED & CONTENT.keys()
    assert WANTED > EVENT_ATTRIBUTES


async def test_no_content_reaches_database_log_or_answer(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    out, err = io.StringIO(), io.StringIO()
    answers = []
    with redirect_stdout(out), redirect_stderr(err):
        async with open_doors(store) as doors:
            for kind, content in EXPORTS:
                for body, form in (
                    (in_json(content), "application/json"),
                    (in_protobuf(kind, content), PROTOBUF),
                    (in_json(content)[:-9], "application/json"),
                    (in_protobuf(kind, content)[:-9], PROTOBUF),
                ):
                    answers.append(await doors.otlp(kind.value, body, form))
            # The files are searched while the log of the database is there: closing it would fold it away.
            held = _every_file(tmp_path) + _every_row(store)
    assert {answer.status_code for answer in answers} == {200, 400}
    assert b"kept-session" in held
    assert b"kept-talk" in held
    for place in (held, out.getvalue().encode(), err.getvalue().encode(), caplog.text.encode()):
        assert CANARY.encode() not in place
    assert not any(CANARY.encode() in answer.content for answer in answers)


def _every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def _every_row(store: Store) -> bytes:
    with store.read() as conn:
        rows = [conn.execute(text(f'SELECT * FROM "{table}"')).all() for table in inspect(conn).get_table_names()]
    return msgspec.json.encode([[tuple(row) for row in table] for table in rows], enc_hook=str)
