"""What people at Juniper & Vale share, review, reuse, learn and get wrong."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.sandbox.company.calendar import Calendar
from bot.sandbox.company.people import DOMAIN, Colleague, colleagues
from scoring.events import Contribution, Event, Policy, Training

LIBRARY = "prompt-library"
ACADEMY = "academy"
GUARDRAILS = "guardrails"


class Asset(msgspec.Struct, frozen=True):
    """Something shared on day ``day``; people by the part of their e-mail before the @."""

    id: str
    author: str
    kind: str
    title: str
    day: int
    reviewers: tuple[str, ...]
    reusers: tuple[str, ...] = ()


# Finance has shared nothing yet, so its team is not ranked: the demo shows what it is told.
ASSETS = (
    Asset(
        "review-checklist",
        "noor.haddad",
        "prompt_template",
        "A checklist for reviewing generated code",
        33,
        ("ines.duarte",),
        ("grace.mensah", "pavel.dvorak", "victor.hugo.reis"),
    ),
    Asset(
        "test-writer",
        "mateo.silva",
        "tool",
        "Draft tests from a bug report",
        37,
        ("yuki.tanaka", "noor.haddad"),
        ("priya.raman", "lukas.vogel", "grace.mensah", "pavel.dvorak"),
    ),
    Asset(
        "refund-runbook",
        "priya.raman",
        "documentation",
        "How we ask for refund queries",
        41,
        ("amara.okafor",),
        ("bram.de.wit", "lucia.moreno"),
    ),
    Asset(
        "tuesday-hour",
        "aisha.bello",
        "office_hours",
        "Tuesday hour: bring your prompt",
        44,
        ("ines.duarte",),
        ("sofie.jensen",),
    ),
    Asset(
        "kind-replies",
        "amara.okafor",
        "prompt_template",
        "Replies that sound like us",
        35,
        ("camille.roux",),
        ("anya.petrova", "sara.holm"),
    ),
    Asset(
        "incident-notes",
        "grace.mensah",
        "prompt_template",
        "From chat log to incident note",
        39,
        ("noor.haddad",),
        ("aisha.bello",),
    ),
    Asset(
        "product-stories",
        "theo.papadakis",
        "onboarding",
        "Your first product story",
        43,
        ("mei.lin.chen",),
        ("farida.nasser",),
    ),
    Asset("theme-helper", "victor.hugo.reis", "tool", "Rename theme variables safely", 46, ("mateo.silva",)),
)

_MODULES = ("safe-use-basics", "prompts-that-work", "checking-answers", "costs-and-caching", "agents-with-care")
_MODULES_TAKEN = {
    "improving": 5,
    "skilled": 4,
    "expert": 3,
    "solid": 2,
    "careless": 1,
    "casual": 2,
    "burner": 1,
    "splitter": 1,
    "newcomer": 1,
}
_WEEK = 7


def contributions(calendar: Calendar) -> Iterator[Event]:
    """Each asset shared, reviewed the day after and reused in the days that follow."""
    for asset in ASSETS:
        shared = Contribution("shared", asset.id, asset.kind, asset.title, f"https://library.{DOMAIN}/{asset.id}")
        yield _event(LIBRARY, f"{asset.id}-shared", asset.author, calendar.moment_us(asset.day, 10.5), shared)
        for place, handle in enumerate(asset.reviewers):
            time_us = calendar.moment_us(asset.day + 1, 11 + place)
            yield _event(LIBRARY, f"{asset.id}-reviewed-{handle}", handle, time_us, Contribution("reviewed", asset.id))
        for place, handle in enumerate(asset.reusers):
            time_us = calendar.moment_us(asset.day + 3 + place, 14)
            yield _event(LIBRARY, f"{asset.id}-reused-{handle}", handle, time_us, Contribution("reused", asset.id))


def training(calendar: Calendar) -> Iterator[Event]:
    """A module a week, as many as someone of this habit takes; the newcomer's first is this week's."""
    for person in colleagues():
        for week, module in enumerate(_MODULES[: _MODULES_TAKEN.get(person.habit, 0)]):
            day = 52 if person.habit == "newcomer" else 2 + week * _WEEK
            fact = Training(module, "completed")
            yield _event(ACADEMY, f"{module}-{person.handle}", person.handle, calendar.moment_us(day, 16), fact)


def policy(calendar: Calendar) -> Iterator[Event]:
    """Milestones of those who took the first module, one serious violation and one small one."""
    for person in colleagues():
        if person.habit not in _MODULES_TAKEN:
            continue
        day = 53 if person.habit == "newcomer" else 5
        milestone = Policy("milestone", "data-handling-read")
        yield _event(GUARDRAILS, f"read-{person.handle}", person.handle, calendar.moment_us(day, 9.5), milestone)
        if violation := _violation(person):
            yield _event(GUARDRAILS, f"seen-{person.handle}", person.handle, calendar.moment_us(45, 15), violation)


def _violation(person: Colleague) -> Policy | None:
    if person.habit == "careless":
        return Policy("violation", "customer-data-in-prompt", "high")
    if person.handle == "elif.demir":
        return Policy("violation", "unapproved-plugin", "low")
    return None


def _event(source: str, id: str, handle: str, time_us: int, fact: Contribution | Training | Policy) -> Event:
    return Event(source, id, f"{handle}@{DOMAIN}", time_us, fact)
