"""A score taken apart: what is said of a place, of none, and of somebody whom the board does not know."""

from __future__ import annotations

import msgspec

from scoring.explanation import Explanation, explain, headline
from scoring.standings import Component, Entry, Standings, Withheld, WithheldReason
from tests.scoring.companies import WINDOW

QUALITY = Component("quality", 0.8, "share", 6, None, 0.6, 150.0, 250.0, "5 of 6 tasks accepted.")
UNFIT = Component("participation", 0.5, "share of members", 4, None, 0.5, -40.25, 0.0, "2 of 4 members have a score.")
ENTRY = Entry(2, 7, None, 150.0, 50.0, False, (QUALITY,), "Review the draft.", 3.5, 2, 2)
REFUSED = Withheld(8, None, WithheldReason.TOO_LITTLE_EVIDENCE, ("3 tasks are needed.", "Work on 3 days is needed."))


def explained(person_id: int | None, team: str | None = None, *, entry: Entry = ENTRY) -> Explanation:
    first = msgspec.structs.replace(ENTRY, rank=1, person_id=1)
    standings = Standings("outcome", WINDOW, "v7", (first, entry), (REFUSED,))
    return explain(standings, person_id, team)


def test_a_place_is_told_with_its_parts_and_what_would_help_most() -> None:
    assert explained(7) == Explanation(
        board="outcome",
        program_version="v7",
        rank=2,
        ranked=2,
        score=150.0,
        percentile=50.0,
        is_provisional=False,
        components=(QUALITY,),
        reason=None,
        missing=(),
        next_step="Review the draft.",
        sentences=(
            "Place 2 of 2 with 150.0 of 1000 points.",
            "quality: 150.0 of 250.0 points. 5 of 6 tasks accepted.",
            "What would help most: Review the draft.",
            "Rules: program version v7.",
        ),
    )


def test_what_is_taken_off_is_told_as_that() -> None:
    parts = (QUALITY, UNFIT)
    entry = msgspec.structs.replace(ENTRY, person_id=None, team="Data", components=parts, next_step="")
    found = explained(None, "Data", entry=entry)
    assert found.sentences[1:] == (
        "quality: 150.0 of 250.0 points. 5 of 6 tasks accepted.",
        "participation: -40.2 points. 2 of 4 members have a score.",
        "Rules: program version v7.",
    )


def test_parts_are_named_in_words_and_little_or_nothing_is_told_of_what_there_was_to_have() -> None:
    parts = tuple(msgspec.structs.replace(QUALITY, name="cycle_time", points=points) for points in (0.0, 0.4))
    found = explained(7, entry=msgspec.structs.replace(ENTRY, components=parts))
    assert found.sentences[1:3] == (
        "cycle time: 0.0 of 250.0 points. 5 of 6 tasks accepted.",
        "cycle time: 0.4 of 250.0 points. 5 of 6 tasks accepted.",
    )


def test_who_has_no_place_is_told_why_and_what_would_bring_one() -> None:
    assert explained(8) == Explanation(
        board="outcome",
        program_version="v7",
        rank=None,
        ranked=2,
        score=None,
        percentile=None,
        is_provisional=False,
        components=(),
        reason=WithheldReason.TOO_LITTLE_EVIDENCE,
        missing=REFUSED.missing,
        next_step="3 tasks are needed.",
        sentences=("No place on this board yet.", *REFUSED.missing),
    )


def test_of_somebody_unknown_to_the_board_it_is_said_that_they_are_not_on_it() -> None:
    found = explained(9)
    assert (found.reason, found.missing, found.next_step) == (WithheldReason.NOT_IN_COHORT, (), "")
    assert found.sentences == ("No place on this board yet.",)
    assert explained(None, "Data").rank is None


def test_a_place_says_how_sure_it_is() -> None:
    unsure = msgspec.structs.replace(ENTRY, is_provisional=True, best_rank=1, worst_rank=4)
    assert headline(unsure, 9) == (
        "Place 2 of 9 with 150.0 of 1000 points (provisional: over half of it is not measured yet). "
        "From the work seen so far it may be anywhere from place 1 to 4."
    )
