"""What the demo proves at its end: Slack says what ``bandstand standings`` says, and no content was kept."""

from __future__ import annotations

import re
from pathlib import Path

from bot.commands.standings import board_at
from bot.faults import Fault
from bot.sandbox.company.gateway import CANARY
from bot.sandbox.company.people import Colleague
from bot.slack.message import Message
from bot.slack.naming import display_name
from bot.slack.text import escape
from bot.world import World
from db.directory import people_by_id, person_by_email
from db.standings import run_of
from scoring.explanation import headline
from scoring.standings import Entry, Standings

_PLACE = re.compile(r"^\d+\. .+: \d+ points$", re.MULTILINE)


def agree_with_standings(world: World, digest_us: int, digest: Message, answer: Message, asker: Colleague) -> str:
    """A line that says how much was compared, the digest with the standings at ``digest_us``.

    Raises ``Fault`` where Slack was told something else.
    """
    places = _PLACE.findall(digest.text)
    boards = [board_at(world, name, digest_us) for name in world.program.boards_on]
    right = {line for board in boards for line in _places(world, board)}
    if not places or not right.issuperset(places):
        raise Fault(f"the digest says other than the standings: {sorted(set(places) - right)}")
    outcome = board_at(world, "outcome", _published_us(world, "outcome"))
    sentence = headline(_entry_of(world, outcome, asker), len(outcome.entries))
    if sentence not in answer.text:
        raise Fault(f"/rank says other than the standings, where it is: {sentence}")
    return f"`bandstand standings` says the same: the digest's {len(places)} places, and {asker.name}'s. {sentence}"


def keep_no_content(folder: Path) -> str:
    """A line that says where prompts and answers were looked for. Raises ``Fault`` where one was found."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if CANARY.encode() in path.read_bytes():
            raise Fault(f"{path.name} holds content of a prompt or an answer")
    names = ", ".join(path.name for path in files)
    return f"Every record held a prompt and an answer; none of it is in what was kept ({names})."


def _places(world: World, board: Standings) -> list[str]:
    """The board's places, written as the digest writes them."""
    ids = [entry.person_id for entry in board.entries if entry.person_id is not None]
    with world.store.read() as conn:
        people = people_by_id(conn, ids)
    labels = [
        entry.team if entry.person_id is None else display_name(people[entry.person_id]) for entry in board.entries
    ]
    return [
        f"{entry.rank}. {escape(label or '')}: {entry.score:.0f} points"
        for entry, label in zip(board.entries, labels, strict=True)
    ]


def _published_us(world: World, board: str) -> int:
    """At which moment the places that /rank reads were computed."""
    with world.store.read() as conn:
        run = run_of(conn, board)
    if run is None:
        raise Fault(f"the {board} board was never published")
    return run.at_us


def _entry_of(world: World, board: Standings, colleague: Colleague) -> Entry:
    with world.store.read() as conn:
        person = person_by_email(conn, colleague.email)
    found = next((one for one in board.entries if person is not None and one.person_id == person.id), None)
    if found is None:
        raise Fault(f"{colleague.name} is not on the {board.board} board")
    return found
