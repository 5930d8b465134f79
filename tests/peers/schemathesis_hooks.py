"""Schemathesis makes times of every millennium; ours are those that senders may name."""

from __future__ import annotations

from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies as st

_moments = st.datetimes(datetime(2000, 1, 2), datetime(2025, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- as hypothesis wants its bounds

schemathesis.openapi.format("date-time", _moments.map(datetime.isoformat))
