"""The outcome board: people in the production lane, by what they get done, how well, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isnan

import numpy as np

from scoring.comparison import leave_one_out, percentiles, placement, ranks, shrinkage
from scoring.dimensions import DIMENSIONS, Costs, Dimension
from scoring.eligibility import missing_evidence, policy_holds, withheld
from scoring.evidence import Evidence, Person
from scoring.measures import Measures, measure
from scoring.peers import Group, peer_groups
from scoring.program import OutcomeBoard, Program
from scoring.standings import Component, Entry, Standings, Withheld

_FALLBACK_NANOUSD_PER_TOKEN = 1_000  # a dollar a million: only where no peer has a price to go by
_FEWEST_PEERS_TO_TELL = 4  # the middle of fewer people would tell what one of them does


def standings(evidence: Evidence, program: Program, program_version: str) -> Standings:
    """Everybody's place by outcome score (see docs/scoring.md)."""
    rules = program.boards.outcome
    measures = measure(evidence)
    holds = policy_holds(evidence)
    refused: list[Withheld] = []
    scored: list[Person] = []
    for person in sorted(evidence.people, key=lambda one: one.id):
        missing = missing_evidence(measures[person.id], rules)
        why_not = withheld(person, missing, is_on_hold=person.id in holds)
        if why_not is not None:
            refused.append(why_not)
        # Someone on hold has worked like everybody else and stays a peer to compare with; only the rank waits.
        if person.is_in_cohort and not person.is_opted_out and not missing:
            scored.append(person)
    components = score(scored, measures, rules)
    ranked = [person for person in scored if person.id not in holds]
    return Standings(
        board="outcome",
        window=evidence.window,
        program_version=program_version,
        entries=_entries(ranked, components),
        withheld=tuple(refused),
    )


def score(
    people: Sequence[Person], measures: Mapping[int, Measures], rules: OutcomeBoard
) -> dict[int, tuple[Component, ...]]:
    """The components of everybody's score, by person id; their points add up to it."""
    costs = _costs(people, measures)
    scores: dict[int, tuple[Component, ...]] = {}
    for group in peer_groups(people, rules):
        scores |= _score_group(group, measures, costs, rules)
    return scores


def _score_group(
    group: Group, measures: Mapping[int, Measures], costs: Mapping[int, Costs], rules: OutcomeBoard
) -> dict[int, tuple[Component, ...]]:
    peers = group.peers
    weights = rules.weights.model_dump()
    figures = {
        one.name: [one.figure(measures[peer], costs[peer]) for peer in peers]
        for one in DIMENSIONS
        if weights[one.name] > 0
    }
    used = [
        one
        for one in DIMENSIONS
        if one.name in figures
        and sum(figure is not None for figure in figures[one.name]) > 1
        and any(one.events(measures[peer]) for peer in peers)
    ]
    total = fsum(weights[one.name] for one in used)
    placed = {one.name: _place(one, figures[one.name], peers, measures, rules.prior_samples) for one in used}
    result = {}
    for position, peer in enumerate(peers):
        if peer not in group.members:
            continue
        result[peer] = tuple(
            _component(
                one,
                figures[one.name][position],
                *placed[one.name][position],
                max_points=1000 * weights[one.name] / total,
                measures=measures[peer],
                costs=costs[peer],
                group=group,
            )
            for one in used
        )
    return result


def _place(
    dimension: Dimension,
    figures: Sequence[float | None],
    peers: Sequence[int],
    measures: Mapping[int, Measures],
    prior_samples: float,
) -> list[tuple[float, float | None]]:
    """For each peer the placement from 0 to 1 and the others' median in the dimension's unit."""
    measured = [position for position, figure in enumerate(figures) if figure is not None]
    scaled = np.array([dimension.scale(figures[position] or 0.0) for position in measured])
    yardsticks = leave_one_out(scaled)
    spreads = np.maximum(yardsticks.spreads, dimension.least_spread)
    samples = np.array([float(dimension.samples(measures[peers[position]])) for position in measured])
    distances = shrinkage(samples, prior_samples) * (scaled - yardsticks.medians) / spreads
    everyone = float(np.median(scaled))
    places: list[tuple[float, float | None]] = [(0.5, dimension.unscale(everyone))] * len(figures)
    for position, distance, median in zip(measured, distances, yardsticks.medians, strict=True):
        places[position] = (placement(float(distance)), dimension.unscale(float(median)))
    return places


def _component(
    dimension: Dimension,
    value: float | None,
    place: float,
    typical: float | None,
    *,
    max_points: float,
    measures: Measures,
    costs: Costs,
    group: Group,
) -> Component:
    if len(group.peers) <= _FEWEST_PEERS_TO_TELL:
        typical = None
    say = dimension.say if dimension.name != "efficiency" or costs.is_priced else lambda cost: f"{cost:,.0f} tokens"
    said = "not measured yet, so it counts as average" if value is None else dimension.sentence(measures, costs)
    compared = f" {group.label}: {say(typical)} in the middle." if typical is not None else ""
    text = f"{said}.{compared}"
    return Component(
        name=dimension.name,
        value=value,
        unit=dimension.unit if costs.is_priced or dimension.name != "efficiency" else "tokens per accepted task",
        samples=0 if value is None else dimension.events(measures),
        typical=typical,
        placement=place,
        points=round(max_points * place, 3),
        max_points=round(max_points, 3),
        text=text[0].upper() + text[1:],
    )


def _entries(people: Sequence[Person], components: Mapping[int, tuple[Component, ...]]) -> tuple[Entry, ...]:
    scores = [round(fsum(part.points for part in components[person.id]), 3) for person in people]
    rows = zip(people, scores, ranks(scores), percentiles(scores), strict=True)
    entries = [
        Entry(
            rank=rank,
            person_id=person.id,
            team=None,
            score=score,
            percentile=percentile,
            is_provisional=_is_provisional(components[person.id]),
            components=components[person.id],
            next_step=_next_step(components[person.id]),
        )
        for person, score, rank, percentile in rows
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.rank, entry.person_id)))


def _is_provisional(parts: Sequence[Component]) -> bool:
    unmeasured = fsum(part.max_points for part in parts if part.value is None)
    return unmeasured > fsum(part.max_points for part in parts) / 2


def _next_step(parts: Sequence[Component]) -> str:
    measured = [part for part in parts if part.value is not None]
    if not measured:
        return ""
    most = max(measured, key=lambda part: (part.max_points - part.points, part.name))
    return next(one.advice for one in DIMENSIONS if one.name == most.name)


def _costs(people: Sequence[Person], measures: Mapping[int, Measures]) -> dict[int, Costs]:
    """What everybody spent and what it was worth.

    Tokens without a price count at the others' median price, so that an unpriced model is no way to look cheap; work of
    unknown quality counts as of the others' median quality.
    """
    qualities = _others_medians(people, {p.id: measures[p.id].mean_quality for p in people})
    prices = _others_medians(people, {p.id: _price(measures[p.id]) for p in people})
    is_priced = any(measures[person.id].priced_tokens for person in people)
    costs = {}
    for person in people:
        one = measures[person.id]
        quality = one.mean_quality if one.mean_quality is not None else qualities.get(person.id, 1.0)
        if is_priced:
            price = prices.get(person.id, _FALLBACK_NANOUSD_PER_TOKEN)
            spent = (one.cost_nanousd + one.unpriced_tokens * price) / 1e9
        else:
            spent = float(one.unpriced_tokens)
        costs[person.id] = Costs(spent=spent, worth=one.accepted * quality, is_priced=is_priced)
    return costs


def _price(measures: Measures) -> float | None:
    return measures.cost_nanousd / measures.priced_tokens if measures.priced_tokens else None


def _others_medians(people: Sequence[Person], figures: Mapping[int, float | None]) -> dict[int, float]:
    """The others' median for each person; people without others that have one are left out."""
    known = [(person.id, figure) for person in people if (figure := figures[person.id]) is not None]
    if not known:
        return {}
    values = np.array([figure for _, figure in known])
    medians = dict(zip([person_id for person_id, _ in known], leave_one_out(values).medians, strict=True))
    everyone = float(np.median(values))
    found = {person.id: float(medians.get(person.id, everyone)) for person in people}
    return {person_id: median for person_id, median in found.items() if not isnan(median)}
