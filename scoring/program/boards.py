"""The boards: windows, evidence and weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scoring.events import Lane
from scoring.program.section import Days, Section, Weight


def _require_room(min_active_days: int, window: int) -> None:
    if min_active_days > window:
        raise ValueError(f"min_active_days ({min_active_days}) does not fit into a window of {window}d")


class Weights(Section):
    """How much each part of a score weighs; only the proportions matter."""

    @model_validator(mode="after")
    def _weighs_something(self) -> Weights:
        if sum(self.model_dump().values()) <= 0:
            raise ValueError("at least one weight must be above 0")
        return self


class OutcomeWeights(Weights):
    """The parts of the outcome score."""

    efficiency: Weight = 30
    quality: Weight = 25
    cycle_time: Weight = 15
    reliability: Weight = 15
    adoption: Weight = 10
    compliance: Weight = 5


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
        _require_room(self.min_active_days, self.window)
        return self


class TeamWeights(Weights):
    """How the team score divides between results and collaboration."""

    results: Weight = 80
    collaboration: Weight = 20


class TeamBoard(Section):
    """Teams, by their members' outcome results, how many take part, and what they share with others."""

    on: bool = True
    window: Days = 28
    smallest_team: int = Field(default=3, ge=2, le=1000)
    weights: TeamWeights = TeamWeights()


class ExplorationWeights(Weights):
    """The parts of the exploration score; tokens are none."""

    use_cases: Weight = 30
    models: Weight = 15
    active_days: Weight = 20
    training: Weight = 20
    sharing: Weight = 15


class ExplorationBoard(Section):
    """People in the exploration lane, by how fast they learn. ``sandbox_budget_usd`` is for a person and day."""

    on: bool = True
    window: Days = 28
    min_active_days: int = Field(default=2, ge=1, le=366)
    sandbox_budget_usd: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = 20
    weights: ExplorationWeights = ExplorationWeights()

    @model_validator(mode="after")
    def _fits_its_window(self) -> ExplorationBoard:
        _require_room(self.min_active_days, self.window)
        return self


class ComplianceWeights(Weights):
    """The parts of the compliance score."""

    clean_streak: Weight = 60
    milestones: Weight = 40


class ComplianceBoard(Section):
    """People, by safe use: days without a violation, and milestones reached."""

    on: bool = True
    window: Days = 28
    min_active_days: int = Field(default=5, ge=1, le=366)
    weights: ComplianceWeights = ComplianceWeights()

    @model_validator(mode="after")
    def _fits_its_window(self) -> ComplianceBoard:
        _require_room(self.min_active_days, self.window)
        return self


class RawBoard(Section):
    """People by tokens of one lane in the calendar month, up to ``daily_cap_tokens`` a day. It measures use, not worth."""

    on: bool = False
    lane: Lane = Lane.PRODUCTION
    daily_cap_tokens: int = Field(default=2_000_000, ge=1, le=10**15)


class Boards(Section):
    """The boards and whether they are on. Scores of the team board build on the outcome board's rules."""

    team: TeamBoard = TeamBoard()
    outcome: OutcomeBoard = OutcomeBoard()
    exploration: ExplorationBoard = ExplorationBoard()
    compliance: ComplianceBoard = ComplianceBoard()
    raw: RawBoard = RawBoard()
