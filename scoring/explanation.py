"""A score taken apart: every figure, the events behind it, and what would help most."""

from __future__ import annotations

import msgspec

from scoring.standings import Component, Entry, Standings, WithheldReason


class Explanation(msgspec.Struct, frozen=True):
    """Why someone stands where they stand. The points of ``components`` add up to ``score``.

    ``sentences`` say the same for people. Without a rank, ``reason`` and ``missing`` say why and what would bring one.
    """

    board: str
    program_version: str
    rank: int | None
    ranked: int
    score: float | None
    percentile: float | None
    is_provisional: bool
    components: tuple[Component, ...]
    reason: WithheldReason | None
    missing: tuple[str, ...]
    next_step: str
    sentences: tuple[str, ...]


def explain(standings: Standings, person_id: int | None = None, team: str | None = None) -> Explanation:
    """The explanation of a person's or a team's place; of someone unknown to the board, that they are not on it."""
    entry = next((one for one in standings.entries if (one.person_id, one.team) == (person_id, team)), None)
    if entry is not None:
        return _of_entry(standings, entry)
    refusal = next((one for one in standings.withheld if (one.person_id, one.team) == (person_id, team)), None)
    if refusal is None:
        return _unranked(standings, WithheldReason.NOT_IN_COHORT, ())
    return _unranked(standings, refusal.reason, refusal.missing)


def headline(entry: Entry, ranked: int) -> str:
    """One or two sentences with place and score, and how sure the place is."""
    shared = " (provisional: over half of it is not measured yet)" if entry.is_provisional else ""
    said = f"Place {entry.rank} of {ranked} with {entry.score:.1f} of 1000 points{shared}."
    if entry.best_rank == entry.worst_rank:
        return said
    return f"{said} From the work seen so far it may be anywhere from place {entry.best_rank} to {entry.worst_rank}."


def _of_entry(standings: Standings, entry: Entry) -> Explanation:
    ranked = len(standings.entries)
    parts = [f"{part.name.replace('_', ' ')}: {_points(part)}. {part.text}" for part in entry.components]
    step = [f"What would help most: {entry.next_step}"] if entry.next_step else []
    return Explanation(
        board=standings.board,
        program_version=standings.program_version,
        rank=entry.rank,
        ranked=ranked,
        score=entry.score,
        percentile=entry.percentile,
        is_provisional=entry.is_provisional,
        components=entry.components,
        reason=None,
        missing=(),
        next_step=entry.next_step,
        sentences=(headline(entry, ranked), *parts, *step, f"Rules: program version {standings.program_version}."),
    )


def _points(part: Component) -> str:
    if part.points < 0:
        return f"{part.points:.1f} points"
    return f"{part.points:.1f} of {part.max_points:.1f} points"


def _unranked(standings: Standings, reason: WithheldReason, missing: tuple[str, ...]) -> Explanation:
    return Explanation(
        board=standings.board,
        program_version=standings.program_version,
        rank=None,
        ranked=len(standings.entries),
        score=None,
        percentile=None,
        is_provisional=False,
        components=(),
        reason=reason,
        missing=missing,
        next_step=missing[0] if missing else "",
        sentences=("No place on this board yet.", *missing),
    )
