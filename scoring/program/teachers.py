"""Who is asked to teach."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scoring.program.section import Days, Section


class Teachers(Section):
    """Whoever stood in the first ``top_percent`` of the outcome board in each of the last ``windows`` windows is asked.

    No more than ``most_asked`` people in four weeks, and nobody again within ``ask_again``. 0 asks nobody.
    """

    windows: Annotated[int, Field(ge=2, le=12)] = 3
    top_percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 25
    most_asked: Annotated[int, Field(ge=0, le=100)] = 3
    ask_again: Days = 90
