"""Negotiated prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from scoring.program.section import Section

Rate = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Price(Section):
    """A negotiated price for the models that ``model`` fits (``*`` stands for anything), on the days that it holds.

    Either dollars per million tokens of each class, where cache tokens cost what input does unless said otherwise, or
    ``percent_off`` the list price. Days are UTC days; ``until`` is the last one.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    model: str = Field(min_length=1)
    begins: date | None = Field(default=None, alias="from")
    until: date | None = None
    input: Rate | None = None
    output: Rate | None = None
    cache_read: Rate | None = None
    cache_write: Rate | None = None
    percent_off: Annotated[Decimal, Field(gt=0, le=100)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Price:
        rates = (self.input, self.output, self.cache_read, self.cache_write)
        if self.percent_off is not None and any(rate is not None for rate in rates):
            raise ValueError("percent_off stands alone; leave out input, output, cache_read and cache_write")
        if self.percent_off is None and (self.input is None or self.output is None):
            raise ValueError("a price needs input and output (dollars per million tokens), or percent_off")
        if self.begins and self.until and self.until < self.begins:
            raise ValueError(f"it ends on {self.until}, before it begins")
        return self

    def fits(self, model: str, day: date) -> bool:
        """Does it hold on ``day`` for ``model`` (a normalised name)?"""
        begins, until = self.begins or date.min, self.until or date.max
        return begins <= day <= until and fnmatchcase(model, self.model)
