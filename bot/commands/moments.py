"""Moments and lengths as people type them on the command line."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.faults import Fault
from scoring.window import to_us


def moment_us(text: str, zone: ZoneInfo, option: str = "--at") -> int:
    """Microseconds since 1970 UTC of ``text``: RFC 3339, or without an offset in the program's ``zone``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Fault(f'{option}: "{text}" is not a time; write 2026-11-02 or 2026-11-02T09:00:00Z') from error
    return to_us(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def length_days(text: str) -> int:
    """Days in ``text``, e.g. 28 for ``28d``."""
    match = re.fullmatch(r"([1-9]\d{0,2})([dw])", text)
    if match is None:
        raise Fault(f'--window: "{text}" is not a length; write 28d or 4w')
    return int(match[1]) * (7 if match[2] == "w" else 1)
