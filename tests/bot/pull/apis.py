"""Local servers that answer as the documented APIs do, troubles included, and what LiteLLM logs of a call."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

KEY = "a-key-for-tests"
CANARY = "canary-7f3a"


class Troubles:
    """Answers that come in place of the right ones, in order; and what was asked, by path."""

    def __init__(self) -> None:
        self.coming: deque[Response] = deque()
        self.asked: list[str] = []

    def after(self, good: int, *answers: Response) -> None:
        """``good`` requests go through before the next of ``answers``."""
        self.coming.extend([_THROUGH] * good)
        self.coming.extend(answers)

    def count(self, path: str) -> int:
        return Counter(one.partition("?")[0] for one in self.asked)[path]


_THROUGH = Response()


class _Troubled:
    def __init__(self, app: ASGIApp, troubles: Troubles) -> None:
        self._app = app
        self._troubles = troubles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._troubles.asked.append(f"{scope['path']}?{scope['query_string'].decode()}")
            if self._troubles.coming and (answer := self._troubles.coming.popleft()) is not _THROUGH:
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


@contextmanager
def served(routes: Sequence[Route]) -> Iterator[tuple[str, Troubles]]:
    """A server on 127.0.0.1 until the block ends: its address, and the troubles that it can be given."""
    troubles = Troubles()
    app = Starlette(routes=routes, middleware=[Middleware(_Troubled, troubles)])
    started = threading.Event()

    class _Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            started.set()

    server = _Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(20)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", troubles
    finally:
        server.should_exit = True
        thread.join()


def litellm_routes(rows: list[dict[str, Any]], *, has_pages: bool = True, most_a_page: int = 1000) -> list[Route]:
    """The spend log of a proxy. ``rows`` may be added to."""

    async def paged(request: Request) -> Response:
        if not _may(request):
            return JSONResponse({"error": {"message": "invalid key"}}, 401)
        asked = request.query_params
        size, page = int(asked["page_size"]), int(asked["page"])
        if size > most_a_page:
            return JSONResponse({"detail": [{"loc": ["query", "page_size"]}]}, 422)
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start_date", "end_date"))
        found = sorted(
            (row for row in rows if start.isoformat() <= row["startTime"].rstrip("Z") <= end.isoformat()),
            key=lambda row: row["startTime"],
        )
        total = min(len(found), 10_000)
        light = [{name: value for name, value in row.items() if name not in _HEAVY} for row in found]
        return JSONResponse(
            {
                "data": light[(page - 1) * size : page * size],
                "total": total,
                "page": page,
                "page_size": size,
                "total_pages": -(-total // size),
                "total_is_capped": len(found) > total,
            }
        )

    async def whole(request: Request) -> Response:
        if not _may(request):
            return JSONResponse({"error": {"message": "invalid key"}}, 401)
        asked = request.query_params
        assert asked["summarize"] == "false"
        found = [row for row in rows if asked["start_date"] <= row["startTime"][:19] <= f"{asked['end_date']}T00:00:00"]
        newest = sorted(found, key=lambda row: row["startTime"], reverse=True)[:10_000]
        is_cut = len(newest) == 10_000
        return JSONResponse(newest, headers={"x-litellm-spend-logs-truncated": "true"} if is_cut else None)

    async def users(request: Request) -> Response:
        wanted = request.query_params["user_ids"].split(",")
        known = {row["user"] for row in rows if row["user"]}
        listed = [
            {"user_id": one, "user_email": f"{one}@acme.test"} for one in known if one in wanted and one != "svc-ci"
        ]
        return JSONResponse({"users": listed, "total": len(listed), "page": 1, "page_size": 100, "total_pages": 1})

    pages = [Route("/spend/logs/v2", paged)] if has_pages else []
    return [*pages, Route("/spend/logs", whole), Route("/user/list", users)]


_HEAVY = ("messages", "response", "proxy_server_request")


def spend_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """What LiteLLM 1.106 logs of the call that ``record`` of its callback tells of.

    Times are cut to milliseconds; a failure begins when its request did, an answer from the cache has a moment of its
    own in its id, a batch a mark; a model that there is not loses its name, what a failure would have read is
    estimated, and nobody's address is there.
    """
    metadata = record["metadata"]
    has_failed = record["status"] == "failure"
    base, mark, _ = record["id"].partition("_cache_hit")
    ending = "_batch_cost" if record["call_type"] == "aretrieve_batch" else ""
    return {
        "request_id": f"{base}{mark}{record['startTime'] + 0.3}" if mark else record["id"] + ending,
        "call_type": record["call_type"],
        "api_key": metadata["user_api_key_hash"] or "",
        "spend": record["response_cost"],
        "total_tokens": record["total_tokens"],
        "prompt_tokens": 8 if has_failed else record["prompt_tokens"],
        "completion_tokens": record["completion_tokens"],
        "startTime": moment(record["startTime"] - (0.25 if has_failed else 0)),
        "endTime": moment(record["endTime"]),
        "model": "unknown-model" if has_failed and not record["model_id"] else record["model"],
        "model_group": record["model_group"],
        "model_id": record["model_id"],
        "user": metadata["user_api_key_user_id"] or "",
        "metadata": {
            "user_api_key": metadata["user_api_key_hash"],
            "user_api_key_alias": metadata["user_api_key_alias"],
            "user_api_key_user_id": metadata["user_api_key_user_id"],
            "spend_logs_metadata": metadata["spend_logs_metadata"],
            "usage_object": metadata["usage_object"],
            "status": record["status"],
            "litellm_call_id": record["litellm_call_id"],
            "error_information": {"error_code": "500", "error_message": CANARY, "traceback": CANARY}
            if has_failed
            else None,
            "requester_ip_address": CANARY,
        },
        "cache_hit": str(record["cache_hit"]),
        "request_tags": record["request_tags"],
        "team_id": metadata["user_api_key_team_id"],
        "end_user": record["end_user"] or "",
        "messages": [{"role": "user", "content": CANARY}],
        "response": {"choices": [{"message": {"content": CANARY}}]},
        "proxy_server_request": {"body": CANARY},
        "session_id": record["trace_id"],
        "status": record["status"],
        "litellm_call_id": record["litellm_call_id"],
    }


def moment(seconds: float) -> str:
    """As LiteLLM's database gives it."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def analytics_routes(days: Mapping[date, list[dict[str, Any]]]) -> list[Route]:
    """Anthropic's report of each day; pages of two records, whatever is asked for."""

    async def report(request: Request) -> Response:
        if request.headers.get("x-api-key") != KEY or request.headers.get("anthropic-version") != "2023-06-01":
            return JSONResponse({"type": "error", "error": {"type": "authentication_error"}}, 401)
        assert 1 <= int(request.query_params["limit"]) <= 1000
        records = days.get(date.fromisoformat(request.query_params["starting_at"]), [])
        start = int(base64.b64decode(request.query_params["page"])) if "page" in request.query_params else 0
        has_more = start + 2 < len(records)
        return JSONResponse(
            {
                "data": records[start : start + 2],
                "has_more": has_more,
                "next_page": base64.b64encode(str(start + 2).encode()).decode() if has_more else None,
            }
        )

    return [Route("/v1/organizations/usage_report/claude_code", report)]


def person_day(
    who: str, day: date, models: Mapping[str, tuple[int, int, int, int, float]], **changes: Any
) -> dict[str, Any]:
    """A record of the report: by model, tokens read, written, from and to the cache, and cents."""
    actor = {"type": "user_actor", "email_address": who} if "@" in who else {"type": "api_actor", "api_key_name": who}
    return {
        "date": f"{day}T00:00:00Z",
        "actor": actor,
        "organization_id": "dc9f6c26-b22c-4831-8d01-0446bada88f1",
        "customer_type": "api",
        "terminal_type": "vscode",
        "core_metrics": {"num_sessions": 5, "lines_of_code": {"added": 1543, "removed": 892}},
        "tool_actions": {"edit_tool": {"accepted": 45, "rejected": 5}},
        "model_breakdown": [
            {
                "model": model,
                "tokens": {"input": read, "output": written, "cache_read": from_cache, "cache_creation": to_cache},
                "estimated_cost": {"currency": "USD", "amount": cents},
            }
            for model, (read, written, from_cache, to_cache, cents) in models.items()
        ],
    } | changes


def github_routes(attempts: list[dict[str, Any]], payloads: Mapping[int, Any], sent_again: list[int]) -> list[Route]:
    """The deliveries of a webhook, ``attempts`` the newest first; pages of two."""

    async def listed(request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"message": "Bad credentials"}, 401)
        start = int(request.query_params.get("cursor", "v1_0").removeprefix("v1_"))
        address = request.url.include_query_params(cursor=f"v1_{start + 2}")
        link = {"link": f'<{address}>; rel="next"'} if start + 2 < len(attempts) else None
        return JSONResponse(attempts[start : start + 2], headers=link)

    async def one(request: Request) -> Response:
        number = request.path_params["id"]
        found = next((attempt for attempt in attempts if attempt["id"] == number), None)
        if found is None or number not in payloads:
            return JSONResponse({"message": "Not Found"}, 404)
        asked = {"headers": {"X-GitHub-Event": found["event"]}, "payload": payloads[number]}
        return JSONResponse(found | {"request": asked, "response": {"headers": {}, "payload": CANARY}})

    async def again(request: Request) -> Response:
        sent_again.append(request.path_params["id"])
        return JSONResponse({}, 202)

    hook = "/orgs/acme/hooks/1/deliveries"
    return [
        Route(hook, listed),
        Route(f"{hook}/{{id:int}}", one),
        Route(f"{hook}/{{id:int}}/attempts", again, methods=["POST"]),
    ]


def trouble(status: int, **headers: str) -> Response:
    text = json.dumps({"error": "not now"})
    return Response(text, status, {name.replace("_", "-"): value for name, value in headers.items()})


def _may(request: Request) -> bool:
    return request.headers.get("authorization") == f"Bearer {KEY}"
