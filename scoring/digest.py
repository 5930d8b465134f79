"""What a weekly digest says, before anything is rendered: the top of each board, never the bottom, tokens or cost."""

from __future__ import annotations

from datetime import date

import msgspec


class Place(msgspec.Struct, frozen=True):
    """One of the first places. ``label`` is a team's or person's name; None = this person is not named in public."""

    rank: int
    label: str | None
    score: float


class Riser(msgspec.Struct, frozen=True):
    """Someone who improved against their own earlier window, and by how many points."""

    label: str | None
    gain: float


class BoardSection(msgspec.Struct, frozen=True):
    """One board in the digest. ``measures`` is one plain sentence; ``unnamed`` counts top places without a name."""

    board: str
    title: str
    measures: str
    places: tuple[Place, ...]
    ranked: int
    unnamed: int
    most_improved: tuple[Riser, ...] = ()


class Digest(msgspec.Struct, frozen=True):
    """A week's post. ``first_day`` to ``last_day`` (inclusive) is the window that all sections look at."""

    program_name: str
    program_version: str
    first_day: date
    last_day: date
    sections: tuple[BoardSection, ...]
    rules_url: str = ""
    training_url: str = ""
