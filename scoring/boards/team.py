"""The team board: what a team's members get done, how many of them take part, and what others make of their work."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, pi, sqrt
from statistics import median

import msgspec

from scoring.boards import outcome
from scoring.boards.placing import Candidate, place
from scoring.evidence import Evidence, Person
from scoring.flagged import merit
from scoring.program import Program
from scoring.sharing import Sharing, shared_by_team
from scoring.standings import Component, Entry, Standings, Withheld, WithheldReason
from scoring.wording import counted

_NO_ARTEFACT = (
    "Share something that others can use (a prompt template, a page, a tool) and have it reviewed by a colleague "
    "who does not report to its author."
)


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Every team's place (see docs/scoring.md). The middle member counts: neither one hero nor a free ride carries a team."""
    return standings_by(outcome.standings(evidence, program, program_version), evidence, program)


def standings_by(outcomes: Standings, evidence: Evidence, program: Program) -> Standings:
    """The same, where the members' ``outcomes`` are known already."""
    rules = program.boards.team
    scores = {entry.person_id: entry for entry in outcomes.entries if entry.person_id is not None}
    due = {one.person_id: one.due for one in outcomes.withheld if one.due is not None}
    sharing = shared_by_team(merit(evidence))
    candidates: list[Candidate] = []
    withheld: list[Withheld] = []
    for team, members in sorted(_teams(evidence.people).items()):
        ranked = [scores[member.id] for member in members if member.id in scores]
        given = sharing.get(team, Sharing())
        missing = _missing(len(members), len(ranked), given, rules.smallest_team)
        if missing:
            withheld.append(Withheld(None, team, WithheldReason.TOO_LITTLE_EVIDENCE, missing))
        else:
            waiting = [due[member.id] for member in members if member.id in due]
            candidates.append(_candidate(team, _Results(ranked, waiting, len(members)), given, program))
    return Standings("team", evidence.window, outcomes.program_version, place(candidates), tuple(withheld))


class _Results(msgspec.Struct, frozen=True):
    """What a team's members reach on the outcome board, and what is ``waiting`` for the decision on an open flag.

    Until there is one, that member takes part and stands no higher than the last of the ranked: what is suspected lifts no
    team, and a suspicion that comes to nothing hardly lowers one.
    """

    ranked: Sequence[Entry]
    waiting: Sequence[float]
    members: int

    @property
    def taking_part(self) -> int:
        return len(self.ranked) + len(self.waiting)

    @property
    def share(self) -> float:
        return self.taking_part / self.members

    @property
    def middle(self) -> float:
        scores = [entry.score for entry in self.ranked]
        return median([*scores, *(min(one, *scores) for one in self.waiting)])

    @property
    def standard_error(self) -> float:
        """Of the median of so many scores with errors of their own: 1.253 times that of their mean, for normal errors."""
        mean = sqrt(fsum(entry.standard_error**2 for entry in self.ranked)) / len(self.ranked)
        return mean * sqrt(pi / 2) if len(self.ranked) > 2 else mean


def _teams(people: Sequence[Person]) -> dict[str, list[Person]]:
    teams: dict[str, list[Person]] = {}
    for person in people:
        if person.team and person.is_in_cohort and not person.is_opted_out:
            teams.setdefault(person.team, []).append(person)
    return teams


def _missing(members: int, ranked: int, sharing: Sharing, smallest: int) -> tuple[str, ...]:
    missing = []
    if members < smallest:
        missing.append(f"A team needs {smallest} members who take part; this one has {members}.")
    elif ranked == 0:
        missing.append("No member has enough accepted work for a score yet.")
    if sharing.reviewed == 0:
        missing.append(_NO_ARTEFACT)
    return tuple(missing)


def _candidate(team: str, done: _Results, sharing: Sharing, program: Program) -> Candidate:
    weights = program.boards.team.weights
    most_results = round(1000 * weights.results / (weights.results + weights.collaboration), 3)
    most_collaboration = round(1000 - most_results, 3)
    middle, share, participants = done.middle, done.share, done.taking_part
    results = round(most_results * middle / 1000, 3)
    lost = 0.0 - round(results * (1 - share), 3)  # no "-0.0" where everybody takes part
    reuse = sharing.reusers / done.members
    credit = 1 - 0.25**reuse
    collaboration = round(most_collaboration * credit, 3)
    components = (
        Component(
            name="results",
            value=middle,
            unit="points",
            samples=participants,
            typical=None,
            placement=middle / 1000,
            points=results,
            max_points=most_results,
            text=f"The member in the middle scores {middle:.0f} on the outcome board "
            f"({counted(participants, 'member')} with enough accepted work).",
        ),
        Component(
            name="participation",
            value=share,
            unit="share of members",
            samples=done.members,
            typical=None,
            placement=share,
            points=lost,
            max_points=0.0,
            text=f"{participants} of {counted(done.members, 'member')} have enough accepted work; "
            f"the results count by that share.",
        ),
        Component(
            name="collaboration",
            value=reuse,
            unit="reusers per member",
            samples=sharing.reviewed + sharing.reusers,
            typical=None,
            placement=credit,
            points=collaboration,
            max_points=most_collaboration,
            text=f"{counted(sharing.reviewed, 'asset')} shared and reviewed, "
            f"reused by {counted(sharing.reusers, 'colleague')} of other teams.",
        ),
    )
    return Candidate(
        person_id=None,
        team=team,
        components=components,
        next_step=_next_step(share, credit),
        is_provisional=sum(entry.is_provisional for entry in done.ranked) * 2 > len(done.ranked),
        standard_error=most_results / 1000 * share * done.standard_error,
    )


def _next_step(share: float, credit: float) -> str:
    if share < 0.75:
        return "Help the members who have no score yet to finish a first few tasks with AI; the whole team gains."
    if credit < 0.5:
        return "Show another team what you shared and help them use it."
    return "Share what works in your best tasks within the team, so that the middle moves up."
