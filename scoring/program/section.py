"""What every table of the program file is made of."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A table of the file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _length_in_days(text: object) -> object:
    match = re.fullmatch(r"(\d+)([dw])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'"{text}" is not a length; write "28d" or "4w"')
    return int(match[1]) * (7 if match[2] == "w" else 1)


Days = Annotated[int, BeforeValidator(_length_in_days), Field(ge=1, le=366)]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
"""Only the proportions of weights matter."""
Patterns = Annotated[tuple[str, ...], Field(min_length=1)]
"""``*`` stands for anything."""
