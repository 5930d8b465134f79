"""Juniper & Vale's Slack: its members and channels, for whichever stand-in plays it."""

from __future__ import annotations

import msgspec

from bot.sandbox.company.calendar import ZONE
from bot.sandbox.company.people import (
    AI_OPS_LEAD,
    COMPANY,
    DOMAIN,
    MANAGING_DIRECTOR,
    colleagues,
    slack_email,
    slack_id,
)
from bot.sandbox.company.rules import AI_OPS_CHANNEL, DIGEST_CHANNEL


class Member(msgspec.Struct, frozen=True):
    """Someone in Slack; ``name`` is the short one, ``tz`` the time zone, by which nobody is told of a band at night."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str = ZONE.key


class Channel(msgspec.Struct, frozen=True):
    """A public channel, without ``#``, and the ids of those in it."""

    id: str
    name: str
    members: tuple[str, ...]


class Workspace(msgspec.Struct, frozen=True):
    """A whole Slack workspace; the app is in every channel."""

    name: str
    domain: str
    team_id: str
    members: tuple[Member, ...]
    channels: tuple[Channel, ...]


def workspace() -> Workspace:
    """Those who play come first, so that whoever acts starts as one of them."""
    members = tuple(
        Member(slack_id(person), person.handle, person.name, slack_email(person))
        for person in sorted(colleagues(), key=lambda person: not person.cohort)
    )
    everybody = tuple(member.id for member in members)
    ai_ops = tuple(slack_id(person) for person in colleagues() if person.email in (AI_OPS_LEAD, MANAGING_DIRECTOR))
    return Workspace(
        name=COMPANY,
        domain=DOMAIN.partition(".")[0],
        team_id="T0JUNIPER",
        members=members,
        channels=(
            Channel("C000000001", DIGEST_CHANNEL.removeprefix("#"), everybody),
            Channel("C000000002", AI_OPS_CHANNEL.removeprefix("#"), ai_ops),
            Channel("C000000003", "general", everybody),
        ),
    )
