"""When and where the weekly post appears."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from scoring.program.section import Section


def _clock(text: object) -> object:
    try:
        return time.fromisoformat(text) if isinstance(text, str) else text
    except ValueError as error:
        raise ValueError(f'"{text}" is not a time of day; write "09:00"') from error


ClockTime = Annotated[time, BeforeValidator(_clock)]


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Digest(Section):
    """The weekly post: where, when (the program's local time) and how many places of each board it names."""

    channels: tuple[str, ...] = ()
    weekday: Weekday = Weekday.MONDAY
    time: ClockTime = time(9, 0)
    top: int = Field(default=5, ge=1, le=10)
