"""What boards of people on an absolute scale have in common: who is ranked, and who is told why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scoring.boards.placing import person_candidates, place
from scoring.eligibility import policy_holds, withheld
from scoring.evidence import Evidence
from scoring.flagged import quarantined
from scoring.standings import Component, Standings, Withheld


def rank_people(
    evidence: Evidence,
    board: str,
    program_version: str,
    *,
    missing: Callable[[int], tuple[str, ...]],
    components: Callable[[int], tuple[Component, ...]],
    advice: Mapping[str, str],
) -> Standings:
    """The standings of ``board``. By person id, ``missing`` says what evidence lacks and ``components`` what is earned."""
    holds, waiting = policy_holds(evidence), quarantined(evidence.flags)
    refused: list[Withheld] = []
    ranked: dict[int, tuple[Component, ...]] = {}
    for person in sorted(evidence.people, key=lambda one: one.id):
        why_not = withheld(
            person, missing(person.id), is_on_hold=person.id in holds, is_quarantined=person.id in waiting
        )
        if why_not is None:
            ranked[person.id] = components(person.id)
        else:
            refused.append(why_not)
    return Standings(
        board=board,
        window=evidence.window,
        program_version=program_version,
        entries=place(person_candidates(tuple(ranked), ranked, advice, best={})),
        withheld=tuple(refused),
    )
