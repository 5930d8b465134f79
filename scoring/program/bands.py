"""When a band turns yellow or red, and how long it stays so."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from scoring.program.budgets import Dollars
from scoring.program.section import Section

Factor = Annotated[float, Field(gt=1, le=1000, allow_inf_nan=False)]


class Bands(Section):
    """The limits behind green, yellow and red.

    A spike is seven days' cost of ``spike_factor`` times one's own usual week and above ``spike_dollars``; an extreme
    one likewise. Low value is a cost for each accepted task of ``low_value_factor`` times the peers' median, with
    ``min_tasks`` finished. With fewer than ``min_active_days`` days of use nothing is said. ``hold_days`` of calm come
    before a better band is shown; nothing is told twice within ``renotify_days``.
    """

    hold_days: int = Field(default=2, ge=0, le=60)
    renotify_days: int = Field(default=7, ge=1, le=366)
    spike_factor: Factor = 4
    spike_dollars: Dollars = Decimal(25)
    extreme_factor: Factor = 12
    extreme_dollars: Dollars = Decimal(250)
    low_value_factor: Factor = 4
    min_tasks: int = Field(default=5, ge=1, le=1000)
    min_active_days: int = Field(default=3, ge=1, le=28)
    coaching: str = Field(default="", pattern=r"^(https?://\S+)?$")

    @model_validator(mode="after")
    def _grows(self) -> Bands:
        if self.extreme_factor < self.spike_factor:
            raise ValueError(f"extreme_factor ({self.extreme_factor:g}) is below spike_factor ({self.spike_factor:g})")
        if self.extreme_dollars < self.spike_dollars:
            raise ValueError(f"extreme_dollars ({self.extreme_dollars}) is below spike_dollars ({self.spike_dollars})")
        return self
