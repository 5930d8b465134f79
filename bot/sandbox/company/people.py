"""Who works at Juniper & Vale, and the people CSV that says so (docs: people file)."""

from __future__ import annotations

import csv
import io
import unicodedata
from functools import cache
from importlib import resources

import msgspec

COMPANY = "Juniper & Vale"
DOMAIN = "juniper-vale.example"
MANAGING_DIRECTOR = "henrik.aalto@" + DOMAIN
AI_OPS_LEAD = "rosa.lindqvist@" + DOMAIN
NEWCOMER = "leo.martin@" + DOMAIN
STAYS_UNNAMED = "theo.papadakis@" + DOMAIN
HAS_ANOTHER_SLACK_EMAIL = "bram.de.wit@" + DOMAIN
SERVICE_ACCOUNT = "svc-nightly-summaries"


class Colleague(msgspec.Struct, frozen=True):
    """One row of ``roster.csv``. ``habit`` names how this person works with AI (habits.py); "" = no alias there."""

    name: str
    team: str
    function: str
    region: str
    seniority: str
    maturity: str
    tier: str
    cohort: str
    habit: str
    github: str
    litellm: str

    @property
    def email(self) -> str:
        return f"{self.handle}@{DOMAIN}"

    @property
    def handle(self) -> str:
        """The name in plain lower-case letters: ``Bram de Wit`` is ``bram.de.wit``."""
        letters = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return letters.lower().replace(" ", ".")

    @property
    def leads(self) -> bool:
        return self.seniority == "lead" and bool(self.cohort)


@cache
def colleagues() -> tuple[Colleague, ...]:
    """Everybody, in the order of the roster."""
    text = resources.files(__package__).joinpath("roster.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Colleague) for row in csv.DictReader(io.StringIO(text)))


def colleague(email: str) -> Colleague:
    """The one with this e-mail. Raises ``KeyError``."""
    found = {person.email: person for person in colleagues()}
    return found[email]


def slack_id(person: Colleague) -> str:
    """What the demo's Slack calls this person."""
    return f"U{colleagues().index(person) + 1:09d}"


def slack_email(person: Colleague) -> str:
    """The e-mail in Slack: the company's, but for one person who signed up with a private one."""
    return "bram@dewit.example" if person.email == HAS_ANOTHER_SLACK_EMAIL else person.email


def people_csv() -> str:
    """The directory as ``bandstand import people`` reads it."""
    out = io.StringIO()
    columns = "email,name,slack_id,manager_email,team,function,region,seniority,maturity,tier,cohort"
    writer = csv.DictWriter(out, [*columns.split(","), "alias:github", "alias:litellm"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(person) for person in colleagues())
    return out.getvalue()


def _row(person: Colleague) -> dict[str, str]:
    return {
        "email": person.email,
        "name": person.name,
        "slack_id": slack_id(person) if person.email == HAS_ANOTHER_SLACK_EMAIL else "",
        "manager_email": _manager(person),
        "team": person.team,
        "function": person.function,
        "region": person.region,
        "seniority": person.seniority,
        "maturity": person.maturity,
        "tier": person.tier,
        "cohort": person.cohort,
        "alias:github": person.github,
        "alias:litellm": person.litellm,
    }


def _manager(person: Colleague) -> str:
    if person.email == MANAGING_DIRECTOR:
        return ""
    if person.leads or not person.cohort:
        return MANAGING_DIRECTOR
    return next(other.email for other in colleagues() if other.team == person.team and other.leads)
