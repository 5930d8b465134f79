"""The time zone of whoever reads."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from db.directory import DirectoryPerson
from scoring.program import Program


def zone_of(person: DirectoryPerson, program: Program) -> ZoneInfo:
    """Where Slack says that the person is; the program's zone where it does not, or names one that is unknown here."""
    try:
        return ZoneInfo(person.slack_timezone) if person.slack_timezone else program.zone
    except (KeyError, ValueError, OSError):  # Slack may know a zone that this machine does not
        return program.zone
