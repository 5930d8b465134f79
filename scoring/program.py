"""The program: a company's whole rule book, as ``program.toml`` says it."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scoring.events import Lane


class _Section(BaseModel):
    """A table of the file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is not a time zone; write one like "Europe/Berlin"') from error
    return name


def _length_in_days(text: object) -> object:
    match = re.fullmatch(r"(\d+)([dw])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'"{text}" is not a length; write "28d" or "4w"')
    return int(match[1]) * (7 if match[2] == "w" else 1)


def _clock(text: object) -> object:
    try:
        return time.fromisoformat(text) if isinstance(text, str) else text
    except ValueError as error:
        raise ValueError(f'"{text}" is not a time of day; write "09:00"') from error


Days = Annotated[int, BeforeValidator(_length_in_days), Field(ge=1, le=366)]
ClockTime = Annotated[time, BeforeValidator(_clock)]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Charter(_Section):
    """Why the program exists, who answers for it, when it is looked at again and when it ends."""

    purpose: Literal["adoption", "skills", "cost", "process"] = "skills"
    owner: str = Field(default="AI operations", min_length=1)
    start: date = date(2026, 1, 1)
    review: Literal["monthly", "quarterly"] = "monthly"
    sunset: str = Field(
        default="Two reviews in a row in which no component changed a decision, or the people who take part ask for it.",
        min_length=1,
    )


class Cohort(_Section):
    """Who plays. Empty lists name nobody; no list at all means everybody in the directory."""

    teams: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def includes(self, *, email: str, team: str, function: str, cohort: str) -> bool:
        if not (self.teams or self.functions or self.cohorts or self.people):
            return True
        return (
            team in self.teams
            or function in self.functions
            or cohort in self.cohorts
            or email.casefold() in {person.casefold() for person in self.people}
        )


class AiOps(_Section):
    """The people who run the program (by e-mail) and the channel that gets their reports."""

    people: tuple[str, ...] = ()
    channel: str = ""


class LaneRule(_Section):
    """Usage that fits every pattern given (``*`` stands for anything) belongs to ``lane``."""

    lane: Lane
    source: str | None = None
    subject: str | None = None
    model: str | None = None
    use_case: str | None = None
    tag: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> LaneRule:
        if not (self.source or self.subject or self.model or self.use_case or self.tag):
            raise ValueError("a lane rule needs a pattern: source, subject, model, use_case or tag")
        return self

    def fits(self, *, source: str, subject: str, model: str, use_case: str | None, tags: tuple[str, ...]) -> bool:
        return (
            (self.source is None or fnmatchcase(source, self.source))
            and (self.subject is None or fnmatchcase(subject, self.subject))
            and (self.model is None or fnmatchcase(model, self.model))
            and (self.use_case is None or (use_case is not None and fnmatchcase(use_case, self.use_case)))
            and (self.tag is None or any(fnmatchcase(tag, self.tag) for tag in tags))
        )


class Lanes(_Section):
    """Which lane a call belongs to when its producer does not say: the first rule that fits, else ``default``."""

    default: Lane = Lane.PRODUCTION
    rules: tuple[LaneRule, ...] = ()

    def lane_of(self, *, source: str, subject: str, model: str, use_case: str | None, tags: tuple[str, ...]) -> Lane:
        for rule in self.rules:
            if rule.fits(source=source, subject=subject, model=model, use_case=use_case, tags=tags):
                return rule.lane
        return self.default


class NamedBoards(StrEnum):
    """Whose names a public board may show: all but those who said no, only those who said yes, or nobody's."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    OFF = "off"


class Privacy(_Section):
    """Who may be named, and the smallest group about which anything is said."""

    named_boards: NamedBoards = NamedBoards.OPT_OUT
    smallest_group: int = Field(default=5, ge=3, le=100)


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Digest(_Section):
    """The weekly post: where, when (the program's local time) and how many places of each board it names."""

    channels: tuple[str, ...] = ()
    weekday: Weekday = Weekday.MONDAY
    time: ClockTime = time(9, 0)
    top: int = Field(default=5, ge=1, le=10)


class Links(_Section):
    """Pages of the company's own that messages may point to."""

    rules: str = Field(default="", pattern=r"^(https?://\S+)?$")
    training: str = Field(default="", pattern=r"^(https?://\S+)?$")


class OutcomeWeights(_Section):
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


class OutcomeBoard(_Section):
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


class TeamWeights(_Section):
    """How the team score divides between results and collaboration; only the proportions matter."""

    results: Weight = 80
    collaboration: Weight = 20

    @model_validator(mode="after")
    def _weighs_something(self) -> TeamWeights:
        if self.results + self.collaboration <= 0:
            raise ValueError("at least one weight must be above 0")
        return self


class TeamBoard(_Section):
    """Teams, by their members' outcome results, how many take part, and what they share with others."""

    on: bool = True
    window: Days = 28
    smallest_team: int = Field(default=3, ge=2, le=1000)
    weights: TeamWeights = TeamWeights()


class Boards(_Section):
    """The boards and whether they are on. Scores of the team board build on the outcome board's rules."""

    team: TeamBoard = TeamBoard()
    outcome: OutcomeBoard = OutcomeBoard()


Rate = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Price(_Section):
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


Patterns = Annotated[tuple[str, ...], Field(min_length=1)]


class GitHubSource(_Section):
    """Which pull requests and issues are outcomes, of which kind ("" = of none), in which repositories."""

    repositories: Patterns = ("*",)
    pull_request_merged: str = "pull_request_merged"
    issue_completed: str = "ticket_resolved"
    review_approved: str = ""


class TicketSource(_Section):
    """Which tickets are outcomes, of which kind ("" = of none); ``projects`` by their keys."""

    projects: Patterns = ("*",)
    completed: str = "ticket_resolved"


class Sources(_Section):
    """What producers that know nothing of programs tell."""

    github: GitHubSource = GitHubSource()
    jira: TicketSource = TicketSource()
    linear: TicketSource = TicketSource()


class Program(_Section):
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
    boards: Boards = Boards()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def boards_on(self) -> tuple[str, ...]:
        """Names of the boards that are on, team first."""
        return tuple(name for name, board in self.boards if board.on)
