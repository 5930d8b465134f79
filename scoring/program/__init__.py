"""The program: a company's whole rule book, as ``program.toml`` says it. One file a section."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from scoring.program.badges import Badge
from scoring.program.bands import Bands
from scoring.program.boards import (
    Boards,
    ComplianceBoard,
    ExplorationBoard,
    OutcomeBoard,
    OutcomeWeights,
    RawBoard,
    TeamBoard,
    TeamWeights,
)
from scoring.program.budgets import Budget, BudgetPeriod, Budgets, Scope
from scoring.program.charter import AiOps, Charter, Cohort, Links
from scoring.program.digest import Digest, Weekday
from scoring.program.disputes import Disputes
from scoring.program.exceptions import Exceptions
from scoring.program.flags import Flags
from scoring.program.holidays import Holidays
from scoring.program.lanes import LaneRule, Lanes
from scoring.program.prices import Price
from scoring.program.privacy import NamedBoards, Privacy
from scoring.program.section import Section
from scoring.program.sources import GitHubSource, Sources, TicketSource
from scoring.program.starter_badges import STARTER_BADGES
from scoring.program.teachers import Teachers
from scoring.program.tiers import Tier, Tiers

__all__ = [
    "AiOps",
    "Badge",
    "Bands",
    "Boards",
    "Budget",
    "BudgetPeriod",
    "Charter",
    "Cohort",
    "ComplianceBoard",
    "Digest",
    "Disputes",
    "Exceptions",
    "ExplorationBoard",
    "Flags",
    "GitHubSource",
    "Holidays",
    "LaneRule",
    "Lanes",
    "Links",
    "NamedBoards",
    "OutcomeBoard",
    "OutcomeWeights",
    "Price",
    "Privacy",
    "Program",
    "RawBoard",
    "Scope",
    "Sources",
    "Teachers",
    "TeamBoard",
    "TeamWeights",
    "TicketSource",
    "Tier",
    "Weekday",
]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is not a time zone; write one like "Europe/Berlin"') from error
    return name


class Program(Section):
    """The rule book. ``timezone`` decides where days begin."""

    name: str = Field(default="AI program", min_length=1, max_length=80)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    charter: Charter = Charter()
    cohort: Cohort = Cohort()
    ai_ops: AiOps = AiOps()
    lanes: Lanes = Lanes()
    privacy: Privacy = Privacy()
    digest: Digest = Digest()
    links: Links = Links()
    prices: tuple[Price, ...] = ()
    sources: Sources = Sources()
    holidays: Holidays = Holidays()
    budgets: Budgets = ()
    tiers: Tiers = ()
    bands: Bands = Bands()
    exceptions: Exceptions = Exceptions()
    boards: Boards = Boards()
    badges: tuple[Badge, ...] = STARTER_BADGES
    flags: Flags = Flags()
    disputes: Disputes = Disputes()
    teachers: Teachers = Teachers()

    @field_validator("badges")
    @classmethod
    def _badges_have_names_of_their_own(cls, badges: tuple[Badge, ...]) -> tuple[Badge, ...]:
        names = [badge.name for badge in badges]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f'there are two badges named "{twice}"')
        return badges

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def boards_on(self) -> tuple[str, ...]:
        """Names of the boards that are on, team first."""
        return tuple(name for name, board in self.boards if board.on)
