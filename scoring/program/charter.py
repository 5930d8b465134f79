"""Why the program exists, who plays, who runs it and where to read more."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from scoring.program.section import Section


class Charter(Section):
    """Why the program exists, who answers for it, when it is looked at again and when it ends."""

    purpose: Literal["adoption", "skills", "cost", "process"] = "skills"
    owner: str = Field(default="AI operations", min_length=1)
    start: date = date(2026, 1, 1)
    review: Literal["monthly", "quarterly"] = "monthly"
    sunset: str = Field(
        default="Two reviews in a row in which no component changed a decision, or the people who take part ask for it.",
        min_length=1,
    )


class Cohort(Section):
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


class AiOps(Section):
    """The people who run the program (by e-mail) and the channel that gets their reports."""

    people: tuple[str, ...] = ()
    channel: str = ""


class Links(Section):
    """Pages of the company's own that messages may point to."""

    rules: str = Field(default="", pattern=r"^(https?://\S+)?$")
    training: str = Field(default="", pattern=r"^(https?://\S+)?$")
