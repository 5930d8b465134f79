"""The program.toml of Juniper & Vale, with a digest that is due this very minute."""

from __future__ import annotations

from bot.sandbox.company.calendar import ZONE, Calendar
from bot.sandbox.company.calls import SANDBOX_TAG
from bot.sandbox.company.people import AI_OPS_LEAD, COMPANY, DOMAIN
from scoring.program import Weekday
from scoring.window import from_us

DIGEST_CHANNEL = "#ai-guild"
AI_OPS_CHANNEL = "#ai-ops"


def program_toml(digest_us: int) -> str:
    """The rule book; its weekly digest has a slot at ``digest_us``, to the minute."""
    slot = from_us(digest_us).astimezone(ZONE)
    return f"""\
name = "{COMPANY} AI guild"
timezone = "{ZONE.key}"

[charter]
purpose = "skills"
owner = "Rosa Lindqvist"
start = {Calendar(digest_us).first_day.isoformat()}
review = "monthly"

[cohort]
cohorts = ["pilot"]

[ai_ops]
people = ["{AI_OPS_LEAD}"]
channel = "{AI_OPS_CHANNEL}"

# Calls that carry the gateway's tag "{SANDBOX_TAG}" are learning, all others are work.
[lanes]
default = "production"

[[lanes.rules]]
lane = "exploration"
tag = "{SANDBOX_TAG}"

[digest]
channels = ["{DIGEST_CHANNEL}"]
weekday = "{list(Weekday)[slot.weekday()]}"
time = "{slot.strftime("%H:%M")}"

# A usual month costs a person five dollars or so; these ceilings leave room for curiosity and none for idle agents.
[[tiers]]
name = "standard"
models = ["claude-sonnet-*", "claude-haiku-*", "gpt-4o*"]
dollars = 25

[[tiers]]
name = "trusted"
dollars = 50

[[budgets]]
name = "A team's month"
scope = "team"
dollars = 60
owner = "{AI_OPS_LEAD}"

[[budgets]]
name = "Agents"
scope = "use_case"
who = ["agent*"]
period = "week"
dollars = 20
owner = "{AI_OPS_LEAD}"

[bands]
coaching = "https://academy.{DOMAIN}/costs-and-caching"

# Eight weeks are a short history to judge by.
[teachers]
windows = 2

[links]
rules = "https://intranet.{DOMAIN}/ai-guild"
training = "https://academy.{DOMAIN}/"
"""
