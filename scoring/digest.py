"""What a weekly digest says, before anything is rendered: the top of each board, never the bottom, tokens or cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from scoring.boards import board_named
from scoring.improvement import most_improved
from scoring.program import NamedBoards, Program
from scoring.standings import Entry, Standings
from scoring.window import Window

_RISERS = 3


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
    """One board in the digest. ``measures`` is one plain sentence; ``unnamed`` counts top places without a name.

    ``note`` is a sentence that stands where the places would, when there are none to show; else "".
    """

    board: str
    title: str
    measures: str
    places: tuple[Place, ...]
    ranked: int
    unnamed: int
    most_improved: tuple[Riser, ...] = ()
    note: str = ""


class OfficeHours(msgspec.Struct, frozen=True):
    """Somebody who teaches, and agreed to stand here: their name, what about and when, in their own words."""

    name: str
    topic: str
    times: str


class Digest(msgspec.Struct, frozen=True):
    """A week's post. ``first_day`` to ``last_day`` (inclusive) is the longest window that a section looks at.

    A section with another one says so in ``measures``.
    """

    program_name: str
    program_version: str
    first_day: date
    last_day: date
    sections: tuple[BoardSection, ...]
    rules_url: str = ""
    training_url: str = ""
    office_hours: tuple[OfficeHours, ...] = ()


class BoardWeek(msgspec.Struct, frozen=True):
    """A board as it stands (``now``), and as it stood at the end of the window before."""

    now: Standings
    before: Standings


NameOf = Callable[[int], str | None]
"""The name under which a person may stand in public; None = not named."""


def boards_shown(weeks: Sequence[BoardWeek], program: Program) -> tuple[BoardWeek, ...]:
    """Those that a public post may speak of: with ``named_boards = "off"`` the boards of teams alone."""
    if program.privacy.named_boards is NamedBoards.OFF:
        return tuple(week for week in weeks if _is_of_teams(week))
    return tuple(weeks)


def compose(
    program: Program,
    program_version: str,
    weeks: Sequence[BoardWeek],
    name_of: NameOf,
    office_hours: Sequence[OfficeHours] = (),
) -> Digest:
    """The digest of ``weeks`` (one at least), in their order. ``name_of`` decides who may be named at all.

    No more than ``digest.top`` places of a board are shown, and never one of its lower half. Where fewer people than
    ``privacy.smallest_group`` are ranked, a board of people shows none. A board on which nobody has a place yet is left out
    where another has news.
    """
    weeks = [week for week in weeks if week.now.entries] or weeks[:1]
    days = [_days(week.now.window) for week in weeks]
    whole = min(first for first, _ in days), max(last for _, last in days)
    return Digest(
        program_name=program.name,
        program_version=program_version,
        first_day=whole[0],
        last_day=whole[1],
        sections=tuple(_section(week, program, name_of, whole) for week in weeks),
        rules_url=program.links.rules,
        training_url=program.links.training,
        office_hours=tuple(office_hours),
    )


def _shown(week: BoardWeek, program: Program) -> tuple[Entry, ...]:
    """The first places, as many as a public post may show."""
    entries = week.now.entries
    if not _is_of_teams(week) and len(entries) < program.privacy.smallest_group:
        return ()
    return entries[: min(program.digest.top, max(1, len(entries) // 2))]


def _section(week: BoardWeek, program: Program, name_of: NameOf, whole: tuple[date, date]) -> BoardSection:
    def label(person_id: int | None, team: str | None) -> str | None:
        return team if person_id is None else name_of(person_id)

    shown = _shown(week, program)
    places = tuple(Place(entry.rank, label(entry.person_id, entry.team), entry.score) for entry in shown)
    risers = most_improved(week.now, week.before, _RISERS) if shown else ()
    board = board_named(week.now.board)
    own_window = "" if _days(week.now.window) == whole else f" This board looks at {week.now.window.day_count} days."
    return BoardSection(
        board=board.name,
        title=board.title,
        measures=board.measures + own_window,
        places=places,
        ranked=len(week.now.entries),
        unnamed=sum(place.label is None for place in places),
        most_improved=tuple(Riser(label(one.person_id, one.team), one.gain) for one in risers),
        note="" if places else _note(week, program),
    )


def _note(week: BoardWeek, program: Program) -> str:
    if week.now.entries:
        return f"Fewer than {program.privacy.smallest_group} people have a place so far, so nobody is named."
    who = "team" if _is_of_teams(week) else "person"
    return f"No {who} has enough work behind them for a place yet; places appear as it comes in."


def _is_of_teams(week: BoardWeek) -> bool:
    return board_named(week.now.board).ranks == "teams"


def _days(window: Window) -> tuple[date, date]:
    """First and last local day of ``window``, both inclusive."""
    return window.days[0], window.days[-1]
