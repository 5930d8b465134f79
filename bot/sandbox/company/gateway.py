"""Calls as LiteLLM's ``generic_api`` callback reports them, as large as the real ones, prompts and answers included.

Every record carries ``CANARY`` wherever content can be, so that one can look for it afterwards: it must be nowhere.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from bot.sandbox.company.models import Model, model_named
from bot.sandbox.company.people import COMPANY, SERVICE_ACCOUNT
from scoring.events import Event, Usage

CANARY = "nobody-may-keep-this"

_AGENT = "openai-python/2.8.1"
_SIZES = ("", "_above_128k_tokens", "_above_200k_tokens", "_above_272k_tokens")
_TIERS = ("", "_flex", "_priority", "_balanced", "_ultrafast", "_batches")
_KINDS = (
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
    "output_cost_per_reasoning_token",
    "input_cost_per_audio_token",
)
_NO_PRICES = {f"{kind}{size}{tier}": None for kind in _KINDS for size in _SIZES for tier in _TIERS}


def gateway_record(event: Event) -> dict[str, Any]:
    """The StandardLoggingPayload of a call. Raises ``TypeError`` for an event that is no usage."""
    usage = event.fact
    if not isinstance(usage, Usage):
        raise TypeError("LiteLLM reports model calls alone")
    seconds = event.time_us / 1e6
    cost = 0.0 if usage.cost_nanousd is None else usage.cost_nanousd / 1e9
    prompt_tokens = usage.tokens.input + usage.tokens.cache_read + usage.tokens.cache_write
    agent_tags = ["User-Agent: openai-python", f"User-Agent: {_AGENT}"]
    model = model_named(usage.model.rpartition("/")[2])
    return {
        "id": f"chatcmpl-{event.id.removeprefix('call-')}",
        "litellm_call_id": event.id,
        "trace_id": usage.session or event.id,
        "session_id": "",
        "call_type": "acompletion",
        "cache_hit": None,
        "stream": None,
        "status": "failure" if usage.is_error else "success",
        "custom_llm_provider": model.provider,
        "saved_cache_cost": 0.0,
        "startTime": seconds - (usage.latency_ms or 0) / 1000,
        "endTime": seconds,
        "completionStartTime": seconds,
        "response_time": (usage.latency_ms or 0) / 1000,
        "model": usage.model,
        "metadata": _metadata(event, usage),
        "response_cost": cost,
        "cost_breakdown": {"total_cost": cost, "original_cost": cost, "discount_percent": 0.0, "margin_percent": 0.0},
        "total_tokens": prompt_tokens + usage.tokens.output,
        "prompt_tokens": prompt_tokens,
        "completion_tokens": usage.tokens.output,
        "request_tags": [*usage.tags, *agent_tags],
        "end_user": None,
        "api_base": "",
        "model_group": model.name,
        "requester_ip_address": "10.0.0.7",
        "user_agent": _AGENT,
        "messages": [
            {"role": "system", "content": _content("house rules")},
            {"role": "user", "content": _content("question")},
        ],
        "response": {}
        if usage.is_error
        else {"choices": [{"message": {"role": "assistant", "content": _content("answer")}}]},
        "model_parameters": {"stream": False, "metadata": {"note": CANARY}},
        "hidden_params": {"additional_headers": {"x-litellm-attempted-retries": int(usage.is_retry)}},
        "model_map_information": _map_information(model),
        "error_str": f"litellm.RateLimitError: {CANARY}" if usage.is_error else None,
        "error_information": _error(model) if usage.is_error else None,
    }


def _metadata(event: Event, usage: Usage) -> dict[str, Any]:
    is_service = event.subject == SERVICE_ACCOUNT
    has_email = "@" in event.subject
    return {
        "user_api_key_hash": hashlib.sha256(event.subject.encode()).hexdigest(),
        "user_api_key_alias": event.subject if is_service else None,
        "user_api_key_user_id": None if has_email or is_service else event.subject,
        "user_api_key_user_email": event.subject if has_email else None,
        "user_api_key_team_alias": None,
        "user_api_key_org_id": COMPANY,
        "user_api_key_request_route": "/v1/chat/completions",
        "spend_logs_metadata": {"task": usage.task, "use_case": usage.use_case},
        "requester_ip_address": "10.0.0.7",
        "requester_metadata": {
            "task": usage.task,
            "use_case": usage.use_case,
            "headers": {"host": "gateway", "user-agent": _AGENT, "x-note": CANARY},
        },
        "usage_object": {
            "completion_tokens": usage.tokens.output,
            "prompt_tokens": usage.tokens.input + usage.tokens.cache_read,
            "prompt_tokens_details": {"cached_tokens": usage.tokens.cache_read},
            "cache_read_input_tokens": usage.tokens.cache_read,
            "cache_creation_input_tokens": usage.tokens.cache_write,
        },
    }


def _map_information(model: Model) -> dict[str, Any]:
    prices = {
        "input_cost_per_token": _dollars(model.input_price),
        "output_cost_per_token": _dollars(model.output_price),
    }
    return {"model_map_key": model.name, "model_map_value": {**_NO_PRICES, **prices, "max_tokens": 16384}}


def _dollars(nanousd: int | None) -> float | None:
    return None if nanousd is None else nanousd / 1e9


def _error(model: Model) -> dict[str, str]:
    return {
        "error_code": "429",
        "error_class": "RateLimitError",
        "llm_provider": model.provider,
        "traceback": f"File utils.py, line 2112, in wrapper_async: {CANARY}",
        "normalized_error": "429_RATE_LIMIT_EXCEEDED",
    }


def _content(kind: str) -> str:
    return f"This {kind} is private and {CANARY}. " * 12


def gateway_batch(events: tuple[Event, ...]) -> bytes:
    """The body of one POST: a JSON array."""
    return msgspec.json.encode([gateway_record(event) for event in events])
