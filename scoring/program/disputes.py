"""How soon a person answers a dispute."""

from __future__ import annotations

from pydantic import Field

from scoring.program.section import Section


class Disputes(Section):
    """``answer_days``: how many working days after it was opened a dispute is answered at the latest."""

    answer_days: int = Field(default=5, ge=1, le=60)
