"""No prompt, answer, header, traceback or address of a LiteLLM record gets further than the decoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.hooks.litellm_delivery import read_delivery
from db.engine import Store
from tests.bot.hooks.doors import litellm_record, open_doors, receipt
from tests.bot.hooks.held import everything_kept, overhearing
from tests.builders import MONDAY_NOON_US

CANARY = "CANARY-7f3a"


def _tree(name: str) -> dict[str, Any]:
    return {f"{CANARY} key of {name}": [f"{CANARY} in {name}", {"deeper": f"{CANARY} in {name}"}]}


CONTENT: dict[str, Any] = {
    name: _tree(name)
    for name in (
        "response",
        "model_parameters",
        "hidden_params",
        "guardrail_information",
        "proxy_server_request",
        "standard_built_in_tools_params",
        "response_cost_failure_debug_info",
        "model_map_information",
        "cost_breakdown",
        "a_field_of_tomorrow",
    )
} | {
    "messages": [{"role": "user", "content": f"{CANARY} prompt"}],
    "error_str": f"{CANARY} error",
    "error_information": {"traceback": f"{CANARY} traceback", "error_message": f"{CANARY} message"},
    "requester_ip_address": f"{CANARY} 10.0.0.1",
    "user_agent": f"{CANARY} agent",
    "api_base": f"https://{CANARY}.acme.test",
    "cache_key": f"{CANARY} cache key",
    "end_user": json.dumps({"device_id": f"{CANARY} device"}),
    "litellm_call_id": f"{CANARY} call id",
    "request_tags": [f"User-Agent: {CANARY}", "kept"],
    "metadata": {
        "user_api_key_user_email": "ada@acme.test",
        "spend_logs_metadata": {"task": "OPS-7", **_tree("spend_logs_metadata")},
        "usage_object": _tree("usage_object"),
        "requester_ip_address": f"{CANARY} 10.0.0.1",
    }
    | {
        name: _tree(name)
        for name in (
            "requester_metadata",
            "requester_custom_headers",
            "mcp_tool_call_metadata",
            "vector_store_request_metadata",
            "prompt_management_metadata",
            "user_api_key_auth_metadata",
            "applied_guardrails",
            "routing_decision",
        )
    },
}
GOOD = litellm_record(**CONTENT)
FAILED = litellm_record(**CONTENT, id="failed", status="failure")
BAD = [
    litellm_record(**CONTENT, id="bad", prompt_tokens=f"{CANARY} number"),
    litellm_record(**CONTENT, id="worse", status=f"{CANARY} status"),
    litellm_record(**CONTENT, id=[f"{CANARY} id"]),
    f"{CANARY} text",
]


def test_what_is_decoded_holds_no_content() -> None:
    delivery = read_delivery(json.dumps([GOOD, FAILED, *BAD]).encode(), MONDAY_NOON_US)
    assert (len(delivery.events), len(delivery.rejected)) == (2, 4)
    assert CANARY not in repr(delivery)


async def test_no_content_reaches_database_log_or_answer(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers = []
    with overhearing(caplog) as said:
        async with open_doors(store) as doors:
            for body in (
                json.dumps([GOOD, FAILED, *BAD]).encode(),
                json.dumps(GOOD).encode(),
                json.dumps(GOOD).encode() + b"\n" + json.dumps(FAILED).encode()[:-20],
                json.dumps(GOOD).encode()[:-1],
                json.dumps([CANARY]).encode(),
            ):
                answers.append(await doors.litellm(body))
            kept = everything_kept(store, tmp_path)
    assert answers[0].json() == receipt(2, rejected=4)
    assert b"OPS-7" in kept
    assert b"ada@acme.test" in kept
    assert CANARY.encode() not in kept
    assert CANARY.encode() not in said()
    assert not any(CANARY in answer.text for answer in answers)
