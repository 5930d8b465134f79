"""Badges: which habit each recognises, from what level on, over what period, and where to learn it."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from scoring.events import Lane
from scoring.program.section import Patterns, Section


class Level(StrEnum):
    """From the first step to the rarest."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    EMERALD = "emerald"


LEVELS = tuple(Level)


class Period(StrEnum):
    """The ISO week, calendar month or quarter, in the program's zone, over which a badge is judged."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class BadgeMeasure(StrEnum):
    """What can earn a badge. ``scoring.badges.measures`` says how each is taken; tokens and calls are none of them."""

    VALUE_FOR_COST = "value_for_cost"
    CACHE_SHARE = "cache_share"
    SMALL_MODEL_SHARE = "small_model_share"
    FIRST_TRY_SHARE = "first_try_share"
    FAULTLESS_SHARE = "faultless_share"
    QUALITY = "quality"
    PACE_GAIN = "pace_gain"
    WEEKS_WITH_WORK = "weeks_with_work"
    CLEAN_WEEKS = "clean_weeks"
    FIRST_PRODUCTION = "first_production"
    SCORE_GAIN = "score_gain"
    REVIEWED_ASSETS = "reviewed_assets"
    REUSERS = "reusers"
    AUTHORS_REVIEWED = "authors_reviewed"
    MODULES_COMPLETED = "modules_completed"
    MODELS_TRIED = "models_tried"
    MILESTONES = "milestones"


_IN_EITHER_LANE = {BadgeMeasure.CACHE_SHARE, BadgeMeasure.SMALL_MODEL_SHARE, BadgeMeasure.FIRST_TRY_SHARE}
_SMALL_MODELS = ("*haiku*", "*mini*", "*nano*", "*flash*", "*lite*", "*small*", "*-8b*", "*-7b*")
Threshold = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Levels(Section):
    """From which figure on each level is reached; those left out do not exist."""

    bronze: Threshold | None = None
    silver: Threshold | None = None
    gold: Threshold | None = None
    platinum: Threshold | None = None
    emerald: Threshold | None = None

    @model_validator(mode="after")
    def _rise(self) -> Levels:
        steps = [step for step in self.model_dump().values() if step is not None]
        if not steps:
            raise ValueError("a badge needs a level, e.g. bronze = 0.5")
        if any(high <= low for low, high in pairwise(steps)):
            raise ValueError("levels must rise from bronze to emerald")
        return self

    def reached(self, value: float) -> Level | None:
        """The highest level that ``value`` reaches."""
        return next((level for level in reversed(LEVELS) if (step := self.step(level)) and value >= step), None)

    def step(self, level: Level) -> float | None:
        """From where on ``level`` is reached; None where the badge has no such level."""
        found: float | None = getattr(self, level.value)
        return found


class Badge(Section):
    """Recognition for a habit. ``praise`` says in a sentence what was done well, to whoever did it.

    ``min_samples`` is the evidence below which nobody gets it: calls, tasks or whatever the measure counts.
    ``models`` matters to ``small_model_share`` alone.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    title: str = Field(min_length=1, max_length=40)
    praise: str = Field(min_length=1, max_length=200)
    measure: BadgeMeasure
    lane: Lane = Lane.PRODUCTION
    period: Period = Period.MONTH
    min_samples: int = Field(default=1, ge=1)
    levels: Levels
    training: str = Field(pattern=r"^https?://\S+$")
    models: Patterns = _SMALL_MODELS

    @model_validator(mode="after")
    def _fits_its_lane(self) -> Badge:
        sandbox_alone = self.measure is BadgeMeasure.MODELS_TRIED
        if self.measure not in _IN_EITHER_LANE and (self.lane is Lane.EXPLORATION) is not sandbox_alone:
            raise ValueError(
                f"{self.measure} is measured in the {'exploration' if sandbox_alone else 'production'} lane"
            )
        return self
