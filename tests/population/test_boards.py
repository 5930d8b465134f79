"""The outcome board against the truth of a made-up company: skill shows, opportunity does not, functions are alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log

import numpy as np
import pytest
from scipy.stats import spearmanr

from bot.banding import band_evidence_at
from bot.scoreboard import evidence_at, standings_at, standings_of_all
from db.directory import everyone
from db.engine import Store
from scoring.bands.band import Band
from scoring.bands.raw import raw_bands
from scoring.measures import Measures, measure
from scoring.program import Program
from scoring.standings import Entry
from tests.builders import record, undone
from tests.population.company import Company, make_company
from tests.population.members import Member
from tests.population.test_flags import settled

PROGRAM = Program()
BOARDS = ("outcome", "exploration", "compliance")
TRICKS = ("burner", "looper", "sprinter", "splitter", "ring", "self_reviewer", "sharer")


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(5, people=400, cheats=0)


@pytest.fixture(scope="module")
def honest(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = settled(company, tmp_path_factory.mktemp("honest"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def ranked(honest: Store, company: Company) -> Sequence[tuple[Entry, Member, Measures]]:
    """Everybody on the outcome board, with who they are and what was measured."""
    with honest.read() as conn:
        emails = {person.id: person.email for person in everyone(conn)}
        entries = standings_at(conn, "outcome", company.end_us, PROGRAM, "v").entries
        measures = measure(evidence_at(conn, "outcome", company.end_us, PROGRAM))
    return [(one, company.truth[emails[one.person_id or 0]], measures[one.person_id or 0]) for one in entries]


def skill(who: Member) -> float:
    """What makes work worth its cost: acceptance and quality in units of their spread among people, and thrift."""
    return (who.accepted - 0.87) / 0.08 + (who.quality - 0.75) / 0.1 - log(_thirst(who)) / 0.4


def _thirst(who: Member) -> float:
    return who.thirst * (1 + who.casual)


def _rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    return float(spearmanr(one, other).statistic)


def test_the_order_follows_skill_nearly_as_well_as_the_best_linear_guess_from_the_same_measures(
    ranked: Sequence[tuple[Entry, Member, Measures]],
) -> None:
    truth = [skill(who) for _, who, _ in ranked]
    figures = np.array([_figures(measures) for _, _, measures in ranked])
    for function in {who.function for _, who, _ in ranked}:
        rows = np.array([who.function == function for _, who, _ in ranked])
        figures[rows] -= figures[rows].mean(axis=0)
    design = np.column_stack([figures, np.ones(len(ranked))])
    guess = design @ np.linalg.lstsq(design, np.array(truth), rcond=None)[0]
    reached = _rank_correlation([entry.score for entry, _, _ in ranked], truth)
    assert reached >= 0.8 * _rank_correlation(list(guess), truth)
    assert reached > 0.5


def _figures(measures: Measures) -> list[float]:
    cost = log(max(1, measures.cost_nanousd) / max(0.5, measures.accepted))
    pace = log((measures.baseline_cycle_hours or 1) / (measures.cycle_hours or 1))
    return [
        cost,
        measures.accepted / max(1, measures.deliveries),
        measures.mean_quality or 0.75,
        measures.faults / max(1, measures.fault_samples),
        pace,
        measures.weeks_with_delivery / measures.weeks,
    ]


def test_being_given_more_work_is_no_merit(ranked: Sequence[tuple[Entry, Member, Measures]]) -> None:
    opportunity = [who.pace for _, who, _ in ranked]
    scores = [entry.score for entry, _, _ in ranked]
    assert abs(_rank_correlation(scores, opportunity)) <= 0.1


def test_no_function_stands_above_another(ranked: Sequence[tuple[Entry, Member, Measures]]) -> None:
    for function in {who.function for _, who, _ in ranked}:
        percentiles = [entry.percentile for entry, who, _ in ranked if who.function == function]
        assert 45 <= float(np.mean(percentiles)) <= 55, function


def test_no_honest_person_is_red(honest: Store, company: Company) -> None:
    with honest.read() as conn:
        bands = raw_bands(band_evidence_at(conn, company.end_us, PROGRAM), PROGRAM)
    assert [one for one in bands if one.band is Band.RED] == []


@pytest.fixture(scope="module")
def players() -> tuple[Company, Company]:
    """120 people, 24 of them with a trick; and the same people doing the same without it."""
    return make_company(9, people=120, cheats=24), make_company(9, people=120, cheats=24, honest_twins=True)


def test_no_adversary_gains_a_place_by_its_trick_against_its_own_honest_twin(
    players: tuple[Company, Company], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One plays at a time, plainly or grossly, those of a ring together; all others are honest."""
    with_tricks, twins = players
    cheats = [one for one in with_tricks.members if one.trick in TRICKS and one.intensity > 0]
    groups = [[one.email] for one in cheats if one.trick != "ring"]
    groups.append([one.email for one in cheats if one.trick == "ring"])
    everybody = {one.email for one in with_tricks.members if one.trick}
    rest = Company(twins.members, tuple(one for one in twins.events if one.subject not in everybody), twins.end_us)
    store = settled(rest, tmp_path_factory.mktemp("twins"))
    gained = []
    for group in groups:
        honest_places = _places(store, twins, group)
        for (board, email), place in _places(store, with_tricks, group).items():
            if place < honest_places.get((board, email), 10**6):
                gained.append((with_tricks.truth[email].trick, with_tricks.truth[email].intensity, board))
    store.close()
    assert gained == []


def _places(store: Store, company: Company, group: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """The places of ``group`` by board and e-mail, with their own events beside everybody else's."""
    with undone(store) as conn:
        record(conn, *(one for one in company.events if one.subject in group))
        emails = {person.id: person.email for person in everyone(conn)}
        return {
            (board.board, emails[entry.person_id or 0]): entry.rank
            for board in standings_of_all(conn, BOARDS, company.end_us, PROGRAM, "v")
            for entry in board.entries
            if emails[entry.person_id or 0] in group
        }
