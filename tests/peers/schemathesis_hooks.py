"""What Schemathesis cannot know: the times that senders may name, and how the doors that want it are signed to."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

import requests
import schemathesis
from hypothesis import strategies as st

from tests.service.processes import TOKEN

_SIGNED = {
    "/hooks/github": ("X-Hub-Signature-256", "sha256="),
    "/hooks/jira": ("X-Hub-Signature", "sha256="),
    "/hooks/linear": ("Linear-Signature", ""),
}
_FIRST, _LAST = datetime(2000, 1, 2), datetime(2025, 12, 31)  # noqa: DTZ001 -- hypothesis adds the zone

schemathesis.openapi.format("date-time", st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)).map(datetime.isoformat))


class _Signature(requests.auth.AuthBase):
    """Signs the body as it goes out."""

    def __init__(self, header: str, prefix: str) -> None:
        self._header = header
        self._prefix = prefix

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        request.headers[self._header] = self._prefix + hmac.digest(TOKEN.encode(), body, "sha256").hex()
        return request


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    if case.path in _SIGNED:
        kwargs["auth"] = _Signature(*_SIGNED[case.path])
