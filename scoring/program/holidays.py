"""Whose public holidays hold in which region of the directory."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from scoring.days_off import is_calendar
from scoring.program.section import Section


def _calendar(code: str) -> str:
    if not is_calendar(code):
        raise ValueError(
            f'the public holidays of "{code}" are not known; write a country ("DE") or a part of one ("US-CA")'
        )
    return code


class Holidays(Section):
    """``regions``: the calendar of each region that is not itself the code of a country or a part of one."""

    regions: dict[str, Annotated[str, AfterValidator(_calendar)]] = Field(default_factory=dict)

    def calendar_of(self, region: str) -> str | None:
        """The code of the calendar that holds in ``region``; None where none is known."""
        if region in self.regions:
            return self.regions[region]
        return region if is_calendar(region) else None
