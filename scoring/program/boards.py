"""The boards: windows, evidence and weights."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from scoring.program.section import Days, Section, Weight


class OutcomeWeights(Section):
    """How much each part of the outcome score weighs; only the proportions matter."""

    efficiency: Weight = 30
    quality: Weight = 25
    cycle_time: Weight = 15
    reliability: Weight = 15
    adoption: Weight = 10
    compliance: Weight = 5

    @model_validator(mode="after")
    def _weighs_something(self) -> OutcomeWeights:
        if sum(self.model_dump().values()) <= 0:
            raise ValueError("at least one weight must be above 0")
        return self


class OutcomeBoard(Section):
    """People in the production lane, by what they get done for what it costs."""

    on: bool = True
    window: Days = 28
    baseline: Days = 84
    peer_group: Literal["function", "cohort"] = "function"
    smallest_peer_group: int = Field(default=5, ge=2, le=1000)
    prior_samples: float = Field(default=5, ge=0, le=1000)
    min_accepted_tasks: int = Field(default=3, ge=1, le=1000)
    min_active_days: int = Field(default=3, ge=1, le=366)
    weights: OutcomeWeights = OutcomeWeights()

    @model_validator(mode="after")
    def _fits_its_window(self) -> OutcomeBoard:
        if self.min_active_days > self.window:
            raise ValueError(f"min_active_days ({self.min_active_days}) does not fit into a window of {self.window}d")
        return self


class TeamWeights(Section):
    """How the team score divides between results and collaboration; only the proportions matter."""

    results: Weight = 80
    collaboration: Weight = 20

    @model_validator(mode="after")
    def _weighs_something(self) -> TeamWeights:
        if self.results + self.collaboration <= 0:
            raise ValueError("at least one weight must be above 0")
        return self


class TeamBoard(Section):
    """Teams, by their members' outcome results, how many take part, and what they share with others."""

    on: bool = True
    window: Days = 28
    smallest_team: int = Field(default=3, ge=2, le=1000)
    weights: TeamWeights = TeamWeights()


class Boards(Section):
    """The boards and whether they are on. Scores of the team board build on the outcome board's rules."""

    team: TeamBoard = TeamBoard()
    outcome: OutcomeBoard = OutcomeBoard()
