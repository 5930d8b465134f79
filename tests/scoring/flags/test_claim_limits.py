"""Where the limits of claims without usage or review lie: how many, beside how much real work, and what peers show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from scoring.evidence import Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.usage import UsageDay
from tests.scoring.flags.cases import ADA, PEERS, RECENT, facts, found, outcomes, usage
from tests.scoring.flags.test_unsupported_claims import made_up, tasks_of


def real(count: int) -> list[Happening]:
    return outcomes(days=RECENT[::2], a_day=-(-count // 10))[:count]


def claimed(supported: int, unsupported: int, **said: Any) -> Flag | None:
    """Of Ada's claims; her peers have ten outcomes each, for two dollars."""
    done = real(supported)
    case = facts(usage(), [*done, *made_up(unsupported, **said)], tasks_seen=tasks_of(done))
    return found(FlagKind.UNSUPPORTED_CLAIMS, case)


@pytest.mark.parametrize(
    ("supported", "unsupported", "is_flagged"),
    [
        (12, 7, False),  # 37 % of all are without usage
        (12, 8, True),  # 40 %
        (10, 7, False),  # 1.7 times as many as peers have
        (5, 13, True),  # 1.8 times, beside half of what they get done
        (4, 14, False),  # beside less than that
        (4, 20, False),
        (4, 21, True),  # 2.5 times as many say enough
    ],
)
def test_claims_with_a_verdict_are_flagged_where_they_come_on_top(
    supported: int, unsupported: int, is_flagged: bool
) -> None:
    assert (claimed(supported, unsupported) is not None) is is_flagged


@pytest.mark.parametrize(("supported", "is_flagged"), [(5, True), (6, False)])
def test_half_of_all_have_to_be_without_a_verdict(supported: int, is_flagged: bool) -> None:
    assert (claimed(supported, 5, is_accepted=None) is not None) is is_flagged


@pytest.mark.parametrize("judged", [{"quality": 0.9}, {"edit_distance": 0.1}])
def test_a_measured_quality_or_a_revision_is_a_review_too(judged: dict[str, float]) -> None:
    assert claimed(3, 5, is_accepted=None, **judged) is None


def among(
    theirs: Sequence[Happening],
    seen: set[Any],
    mine: Sequence[Happening] = (*real(3), *made_up(5, is_accepted=None)),
    *,
    peers: Sequence[int] = PEERS,
    usd: float = 1.0,
) -> Flag | None:
    """Ada with three real outcomes and five that nobody reviewed, unless said otherwise, among these peers."""
    everyone = [Person(one, function="engineering") for one in (ADA, *peers)]
    used = [row for one in (ADA, *peers) for row in usage(one, usd=usd)]
    case = facts(used, [*mine, *theirs], with_peers=False, people=everyone)
    seen = {*seen, *tasks_of(real(10))}
    case.traces = msgspec.structs.replace(case.traces, tasks_seen=frozenset(seen))
    return found(FlagKind.UNSUPPORTED_CLAIMS, case)


def of_ten(count: int, **said: Any) -> list[Happening]:
    """The first ``count`` of each peer's ten outcomes, with what is ``said`` of them."""
    return [one for peer in PEERS for one in outcomes(peer, days=RECENT[::2], **said)[:count]]


@pytest.mark.parametrize(("count", "is_flagged"), [(6, False), (7, True)])
def test_seven_of_ten_of_peers_outcomes_have_usage_where_its_absence_tells(count: int, is_flagged: bool) -> None:
    assert (among(of_ten(10), tasks_of(of_ten(count))) is not None) is is_flagged


@pytest.mark.parametrize(("count", "is_flagged"), [(6, False), (7, True)])
def test_seven_of_ten_of_peers_outcomes_are_reviewed_where_no_review_tells(count: int, is_flagged: bool) -> None:
    reviewed = of_ten(count)
    rest = [one for one in of_ten(10, is_accepted=None) if one.key not in {other.key for other in reviewed}]
    theirs = [*reviewed, *rest]
    assert (among(theirs, tasks_of(theirs)) is not None) is is_flagged


@pytest.mark.parametrize(("peers", "is_flagged"), [(3, False), (4, True)])
def test_four_peers_with_outcomes_are_enough(peers: int, is_flagged: bool) -> None:
    theirs = [one for peer in PEERS[:peers] for one in outcomes(peer)]
    flag = among(theirs, tasks_of(theirs), peers=PEERS[: peers + 2])  # two more have none
    assert (flag is not None) is is_flagged


@pytest.mark.parametrize(
    ("hours", "days_before", "is_flagged"),
    [(24 * 5, 4, False), (24 * 5, 6, False), (24 * 5, 8, True), (24, 4, True), (None, 1, False), (None, 4, True)],
)
def test_usage_from_the_day_before_work_began_until_it_was_done_is_support(
    hours: int | None, days_before: int, is_flagged: bool
) -> None:
    end = date(2026, 5, 20)
    said: dict[str, Any] = {"started_us": None} if hours is None else {"hours": hours}
    done = outcomes(days=[end], a_day=6, is_accepted=None, **said)
    used = usage(days=[date(2026, 5, 20 - days_before)])
    assert (found(FlagKind.UNSUPPORTED_CLAIMS, facts(used, done)) is not None) is is_flagged


def spread_thin(count: int, usd: float, *, is_tied: bool = False) -> Flag | None:
    """So many outcomes for so many dollars in all; of peers ten take twenty."""
    done = outcomes(days=RECENT, a_day=2)[:count]
    used: list[UsageDay] = usage(days=RECENT, usd=usd / len(RECENT))
    return found(FlagKind.UNSUPPORTED_CLAIMS, facts(used, done, tasks_seen=tasks_of(done) if is_tied else set()))


@pytest.mark.parametrize(("count", "is_flagged"), [(24, False), (25, True)])
def test_two_and_a_half_times_as_many_as_peers_have_are_very_many(count: int, is_flagged: bool) -> None:
    assert (spread_thin(count, 5.0) is not None) is is_flagged


@pytest.mark.parametrize(("usd", "is_flagged"), [(12.4, True), (12.5, False)])
def test_a_quarter_of_the_cost_of_peers_outcomes_is_not_very_little(usd: float, is_flagged: bool) -> None:
    assert (spread_thin(25, usd) is not None) is is_flagged


def test_what_usage_names_is_no_claim_however_little_it_took() -> None:
    assert spread_thin(30, 1.0, is_tied=True) is None


def test_all_is_rounded_to_what_one_reads() -> None:
    flag = among(of_ten(7), tasks_of(of_ten(6)), (*real(8), *made_up(8)), usd=1.00003)
    assert flag is not None
    assert flag.evidence == {
        "outcomes": 16,
        "without_usage": 8,
        "without_usage_or_review": 0,
        "usd_each": 1.25,  # 20 × 1.00003 / 16
        "peers_usd_each": 2.8572,  # 20 × 1.00003 / 7
        "peers_with_usage_share": 0.86,
        "times_as_many_as_peers": 2.3,
        "limit_outcomes": 5,
    }


def explored(
    mine: int, of: int = 10, *, theirs: int = 0, of_theirs: int = 10, peers: Sequence[int] = PEERS
) -> Flag | None:
    """So many of Ada's outcomes have usage in the exploration lane; of each peer's ``of_theirs``, ``theirs``."""
    done = real(of)
    of_peers = [one for peer in peers for one in outcomes(peer, RECENT[::2][:of_theirs])]
    tried = [one for peer in peers for one in outcomes(peer, RECENT[::2])[:theirs]]
    everyone = [Person(one, function="engineering") for one in (ADA, *peers)]
    case = facts(usage(), [*done, *of_peers], with_peers=False, people=everyone)
    case.traces = msgspec.structs.replace(
        case.traces, tasks_seen=tasks_of([*done, *of_peers]), tasks_explored=tasks_of([*done[:mine], *tried])
    )
    return found(FlagKind.UNSUPPORTED_CLAIMS, case)


@pytest.mark.parametrize(
    ("mine", "of", "is_flagged"), [(4, 4, False), (5, 5, True), (5, 12, True), (5, 13, False), (6, 15, True)]
)
def test_five_in_the_exploration_lane_are_many_where_they_are_two_in_five(mine: int, of: int, is_flagged: bool) -> None:
    assert (explored(mine, of) is not None) is is_flagged


@pytest.mark.parametrize(("theirs", "is_flagged"), [(2, True), (3, False)])
def test_where_peers_work_so_too_it_is_no_wonder(theirs: int, is_flagged: bool) -> None:
    assert (explored(9, theirs=theirs) is not None) is is_flagged


def test_what_peers_have_in_the_exploration_lane_is_rounded() -> None:
    flag = explored(9, theirs=1, of_theirs=7)
    assert flag is not None
    assert flag.evidence["peers_in_exploration_share"] == 0.14


@pytest.mark.parametrize(("peers", "is_flagged"), [(3, False), (4, True)])
def test_four_peers_tell_what_is_usual_in_the_exploration_lane(peers: int, is_flagged: bool) -> None:
    assert (explored(9, peers=PEERS[:peers]) is not None) is is_flagged


def test_who_claims_without_usage_and_in_the_wrong_lane_is_flagged_once() -> None:
    done = [*real(12), *made_up(8)]
    case = facts(usage(), done, tasks_seen=tasks_of(real(12)))
    case.traces = msgspec.structs.replace(case.traces, tasks_explored=tasks_of(real(12)))
    flag = found(FlagKind.UNSUPPORTED_CLAIMS, case)
    assert flag is not None
    assert "without_usage" in flag.evidence
