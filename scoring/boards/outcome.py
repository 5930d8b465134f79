"""The outcome board: people in the production lane, by what they get done, how well, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isinf, isnan, sqrt

import msgspec
import numpy as np

from scoring.boards.placing import person_candidates, place
from scoring.boards.points import most_points
from scoring.comparison import places, shrinkage, yardsticks
from scoring.costs import Costs, group_costs
from scoring.dimensions import DIMENSIONS, Dimension
from scoring.eligibility import missing_evidence, policy_holds, withheld
from scoring.evidence import Evidence, Person
from scoring.flagged import merit, quarantined
from scoring.measures import Measures, measure
from scoring.peers import Group, peer_groups
from scoring.program import OutcomeBoard, Program
from scoring.standings import Component, Standings, Withheld

_ADVICE = {dimension.name: dimension.advice for dimension in DIMENSIONS}
_BEST = {dimension.name: dimension.best for dimension in DIMENSIONS if dimension.best is not None}
_REACH = 1.0  # times the spread of the others: who is nearer than that counts in part
_FEWEST_PEERS_TO_TELL = 4  # the middle of fewer people would tell what one of them does


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Everybody's place by outcome score (see docs/scoring.md)."""
    rules = program.boards.outcome
    evidence = merit(evidence)
    measures = measure(evidence)
    holds, waiting = policy_holds(evidence), quarantined(evidence.flags)
    refused: list[Withheld] = []
    scored: list[Person] = []
    for person in sorted(evidence.people, key=lambda one: one.id):
        missing = missing_evidence(measures[person.id], rules)
        why_not = withheld(person, missing, is_on_hold=person.id in holds, is_quarantined=person.id in waiting)
        if why_not is not None:
            refused.append(why_not)
        # Whose rank waits has worked like everybody else and stays a peer to compare with.
        if person.is_in_cohort and not person.is_opted_out and not missing:
            scored.append(person)
    components = score(scored, measures, rules)
    free = [person.id for person in scored if person.id not in holds]
    candidates = person_candidates(free, components, _ADVICE, _BEST)
    due: dict[int | None, float] = {one.person_id: one.score for one in candidates if one.person_id in waiting}
    return Standings(
        board="outcome",
        window=evidence.window,
        program_version=program_version,
        entries=place([one for one in candidates if one.person_id not in waiting]),
        withheld=tuple(msgspec.structs.replace(one, due=due.get(one.person_id)) for one in refused),
    )


def score(
    people: Sequence[Person], measures: Mapping[int, Measures], rules: OutcomeBoard
) -> dict[int, tuple[Component, ...]]:
    """The components of everybody's score, by person id; their points add up to it."""
    scores: dict[int, tuple[Component, ...]] = {}
    for group in peer_groups(people, rules):
        scores |= _score_group(group, [measures[peer] for peer in group.peers], rules)
    return scores


def _score_group(group: Group, peers: Sequence[Measures], rules: OutcomeBoard) -> dict[int, tuple[Component, ...]]:
    weights = rules.weights.model_dump()
    used = [one for one in DIMENSIONS if weights[one.name] > 0 and any(map(one.events, peers))]
    total = fsum(weights[one.name] for one in used)
    costs = group_costs(peers)
    placed = {one.name: _place(one, peers, costs, rules.prior_samples) for one in used}
    return {
        peer.person_id: tuple(
            _component(
                one,
                placed[one.name][position],
                max_points=most_points(weights[one.name], total),
                measures=peer,
                costs=costs[position],
                group=group,
            )
            for one in used
        )
        for position, peer in enumerate(peers)
        if peer.person_id in group.members
    }


class _Placed(msgspec.Struct, frozen=True, gc=False):
    """A value, where it stands among the peers (0 to 1) with its standard error, and the others' median.

    The values are in the dimension's unit.
    """

    value: float | None
    placement: float
    standard_error: float
    typical: float | None


_UNMEASURED = _Placed(None, 0.5, 1 / sqrt(12), None)  # anywhere from 0 to 1, each place as likely as any other


def _place(
    dimension: Dimension, peers: Sequence[Measures], costs: Sequence[Costs], prior_samples: float
) -> list[_Placed]:
    if dimension.name != "efficiency":
        return _compared(dimension, peers, costs, [True] * len(peers), prior_samples)
    in_dollars = _compared(
        dimension,
        peers,
        [msgspec.structs.replace(one, is_priced=True) for one in costs],
        [one.is_reference for one in costs],
        prior_samples,
    )
    if all(one.is_priced for one in costs):
        return in_dollars
    tokens = [msgspec.structs.replace(one, is_priced=False) for one in costs]
    in_tokens = _compared(dimension, peers, tokens, [True] * len(peers), prior_samples)
    return [
        dollars if one.is_priced else token for one, dollars, token in zip(costs, in_dollars, in_tokens, strict=True)
    ]


def _compared(
    dimension: Dimension,
    peers: Sequence[Measures],
    costs: Sequence[Costs],
    is_reference: Sequence[bool],
    prior_samples: float,
) -> list[_Placed]:
    values = [dimension.figure(peer, cost) for peer, cost in zip(peers, costs, strict=True)]
    measured = [position for position, value in enumerate(values) if value is not None]
    scaled = np.array([dimension.scale(values[position] or 0.0) for position in measured])
    references = np.array([is_reference[position] for position in measured], dtype=bool)
    compare = yardsticks(scaled, references)
    spreads = np.maximum(compare.spreads, dimension.least_spread)
    samples = np.array([float(dimension.samples(peers[position])) for position in measured])
    shrunk = shrinkage(samples, prior_samples)
    stands = compare.medians + shrunk * (scaled - compare.medians)
    doubts = np.sqrt(1 - shrunk) * spreads
    low, place, high = (
        places(point, scaled, references, _REACH * spreads) for point in (stands - doubts, stands, stands + doubts)
    )
    placed = [_UNMEASURED] * len(values)
    for number, position in enumerate(measured):
        median = float(compare.medians[number])
        if isnan(median):
            placed[position] = msgspec.structs.replace(_UNMEASURED, value=values[position])
            continue
        doubt = float(high[number] - low[number]) / 2
        placed[position] = _Placed(values[position], float(place[number]), doubt, dimension.unscale(median))
    return placed


def _component(
    dimension: Dimension, placed: _Placed, *, max_points: float, measures: Measures, costs: Costs, group: Group
) -> Component:
    value, typical = placed.value, placed.typical
    if len(group.peers) <= _FEWEST_PEERS_TO_TELL:
        typical = None
    is_in_tokens = dimension.name == "efficiency" and not costs.is_priced
    said = "not measured yet, so it counts as average" if value is None else dimension.sentence(measures, costs)
    middle = "" if typical is None else f"{typical:,.0f} tokens" if is_in_tokens else dimension.say(typical)
    compared = f" {group.label}: {middle} in the middle." if middle else ""
    text = f"{said}.{compared}"
    return Component(
        name=dimension.name,
        value=None if value is None or isinf(value) else value,
        unit="tokens per accepted task" if is_in_tokens else dimension.unit,
        samples=0 if value is None else dimension.events(measures),
        typical=typical,
        placement=placed.placement,
        points=round(max_points * placed.placement, 3),
        max_points=max_points,
        text=text[0].upper() + text[1:],
        standard_error=round(max_points * placed.standard_error, 3),
    )
