"""Who may be named where others read it."""

from __future__ import annotations

from db.directory import DirectoryPerson
from scoring.program import NamedBoards


def public_name(person: DirectoryPerson, named_boards: NamedBoards) -> str | None:
    """The name under which ``person`` may stand in public; None = not named.

    Nobody is named before being told privately, and nobody who has left.
    """
    if not person.is_active or named_boards is NamedBoards.OFF:
        return None
    if named_boards is NamedBoards.OPT_IN:
        return display_name(person) if person.naming == "named" else None
    return display_name(person) if person.welcomed_us is not None and person.naming != "unnamed" else None


def display_name(person: DirectoryPerson) -> str:
    """What to call a person: the name, or what stands before the @ of their address."""
    return person.name.strip() or person.email.partition("@")[0]
