"""Who may be named where others read it."""

from __future__ import annotations

from db.directory import DirectoryPerson
from scoring.program import NamedBoards


def public_name(person: DirectoryPerson, named_boards: NamedBoards) -> str | None:
    """The name under which ``person`` may stand in public; None = not named.

    Nobody is named before being told privately, and nobody who has left.
    """
    if not person.is_active or not agrees_to_be_named(person, named_boards):
        return None
    if named_boards is NamedBoards.OPT_OUT and not _knows_that_silence_is_consent(person):
        return None
    return display_name(person)


def _knows_that_silence_is_consent(person: DirectoryPerson) -> bool:
    """Whether they were told privately that posts name whoever does not say no."""
    return person.welcomed_us is not None and person.told_naming in (None, NamedBoards.OPT_OUT)


def agrees_to_be_named(person: DirectoryPerson, named_boards: NamedBoards) -> bool:
    """The person's own choice; as long as they have made none, what the program's rule takes it for."""
    if named_boards is NamedBoards.OFF:
        return False
    if named_boards is NamedBoards.OPT_IN:
        return person.naming == "named"
    return person.naming != "unnamed"


def display_name(person: DirectoryPerson) -> str:
    """What to call a person: the name, or what stands before the @ of their address."""
    return person.name.strip() or person.email.partition("@")[0]
