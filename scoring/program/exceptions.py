"""How exceptions to ceilings are asked for and end."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scoring.program.section import Days, Section


class Exceptions(Section):
    """An exception is asked for ``longest`` at most.

    A request that nobody has answered for ``answer_days`` working days goes to AI ops as well. Whoever has an exception hears
    ``notice`` before it ends.
    """

    longest: Days = 90
    answer_days: Annotated[int, Field(ge=1, le=30)] = 2
    notice: Days = 3
