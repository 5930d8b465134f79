"""What accepted work costs, at its edges."""

from __future__ import annotations

from math import inf

import pytest

from scoring.costs import group_costs
from scoring.measures import Measures


def peer(
    person_id: int,
    *,
    accepted: float = 1,
    dollars: float = 1,
    quality: float | None = None,
    tokens: int = 1000,
    unpriced_tokens: int = 0,
) -> Measures:
    return Measures(
        person_id=person_id,
        deliveries=10,
        accepted=accepted,
        active_days=5,
        calls=1,
        tokens=tokens,
        unpriced_tokens=unpriced_tokens,
        cost_nanousd=int(dollars * 1e9),
        mean_quality=quality,
        quality_samples=0 if quality is None else 1,
        fault_samples=0,
        faults=0,
        cycle_samples=0,
        cycle_hours=None,
        baseline_cycle_hours=None,
        weeks=4,
        weeks_with_delivery=1,
        policy_events=0,
        clean_share=1,
    )


def test_twice_as_much_work_of_the_worst_quality_costs_the_same_each() -> None:
    once, twice, _ = group_costs(
        [
            peer(0, accepted=3, dollars=1),
            peer(1, accepted=6, dollars=2),
            peer(2, accepted=1, dollars=1, quality=0),
        ]
    )
    assert once.per_task == pytest.approx(twice.per_task)


def test_nothing_accepted_is_the_worst_whatever_it_cost() -> None:
    for dollars in (0.001, 1000):
        (costs,) = group_costs([peer(0, accepted=0, dollars=dollars)])
        assert costs.per_task == inf


def test_a_reference_is_in_dollars_even_where_its_own_comparison_is_in_tokens() -> None:
    partly, wholly = group_costs([peer(0, accepted=3, dollars=1, unpriced_tokens=100), peer(1, accepted=3, dollars=1)])
    assert (partly.is_reference, partly.is_priced) == (False, True)
    assert partly.per_task == pytest.approx((1 + 100 * 1 / 1000) / 3)
    assert (wholly.is_reference, wholly.is_priced) == (True, False)
    assert (wholly.dollars, wholly.spent) == (1, 1000)


def test_few_peers_with_a_price_throughout_are_no_yardstick_for_the_many() -> None:
    few, many = (
        group_costs([peer(n, accepted=3, dollars=1, unpriced_tokens=0 if n < priced else 100) for n in range(9)])
        for priced in (3, 6)
    )
    assert not any(one.is_priced for one in few)
    assert all(one.is_priced for one in many)


@pytest.mark.parametrize(
    ("priced", "unpriced", "is_priced"), [(2, (100,), True), (2, (100,) * 5, False), (2, (1,) * 5, False)]
)
def test_half_of_the_others_with_usage_have_a_price_throughout(
    priced: int, unpriced: tuple[int, ...], is_priced: bool
) -> None:
    used = [*(peer(n) for n in range(priced)), *(peer(9, tokens=one, unpriced_tokens=one) for one in unpriced)]
    idle = [peer(9, tokens=0, dollars=0) for _ in range(9)]
    assert group_costs([*used, *idle])[priced].is_priced is is_priced


def test_of_the_others_with_usage_oneself_is_none() -> None:
    priced, one_token, _, idle = group_costs(
        [
            peer(0),
            peer(1, tokens=1, unpriced_tokens=1),
            peer(2, unpriced_tokens=100),
            peer(3, tokens=0, dollars=0),
        ]
    )
    assert one_token.is_priced  # one of the two others
    assert not idle.is_priced  # one of the three
    assert not priced.is_priced


def test_without_others_to_compare_with_nobody_is_compared_in_dollars() -> None:
    assert [one.is_priced for one in group_costs([peer(0), peer(1, tokens=0, dollars=0)])] == [False, True]


def test_whoever_has_a_token_and_a_price_is_a_reference_and_nobody_without_any() -> None:
    single, idle = group_costs([peer(0, tokens=1), peer(1, tokens=0, dollars=0)])
    assert (single.is_reference, idle.is_reference) == (True, False)


def test_where_nobody_has_a_price_tokens_without_one_cost_nothing_known() -> None:
    assert [one.dollars for one in group_costs([peer(0, unpriced_tokens=10**9)])] == [1.0]


def test_known_quality_counts_and_unknown_quality_is_that_of_the_other_in_the_middle() -> None:
    qualities = (0.9, None, 0.4, 0.6)
    peers = [peer(n, accepted=2, dollars=1, quality=quality) for n, quality in enumerate(qualities)]
    assert [one.worth for one in group_costs(peers)] == pytest.approx([1.8, 1.2, 0.8, 1.2])


def test_tokens_without_a_price_cost_what_they_do_the_others_in_the_middle() -> None:
    dollars = (1, 2, 4, 8)
    peers = [peer(n, accepted=1, dollars=one) for n, one in enumerate(dollars)]
    peers.append(peer(9, accepted=1, dollars=0, unpriced_tokens=1000))
    assert [one.dollars for one in group_costs(peers)] == pytest.approx([1, 2, 4, 8, 3])
