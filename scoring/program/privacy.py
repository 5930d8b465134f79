"""Who may be named in public."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from scoring.program.section import Section


class NamedBoards(StrEnum):
    """Whose names a public board may show: all but those who said no, only those who said yes, or nobody's."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    OFF = "off"


class Privacy(Section):
    """Who may be named, and the smallest group about which anything is said."""

    named_boards: NamedBoards = NamedBoards.OPT_OUT
    smallest_group: int = Field(default=5, ge=3, le=100)
