"""Use outside one's tier is a violation, found in who used which model in which lane on which day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from scoring.events import Lane, Policy
from scoring.program import Tier
from scoring.tiers import OUTSIDE_TIER, ModelUse, is_outside, outside_tier
from scoring.window import midnight_us

BERLIN = ZoneInfo("Europe/Berlin")
TIERS = (
    Tier(name="standard", lanes=(Lane.EXPLORATION,), models=("gpt-4o*", "Claude-Haiku*"), severity="high"),
    Tier(name="trusted"),
)
TUESDAY = date(2026, 6, 2)


def use(model: str = "gpt-4o", lane: Lane = Lane.EXPLORATION, tier: str = "standard", day: date = TUESDAY) -> ModelUse:
    return ModelUse(7, tier, day, lane, model)


def found(*uses: ModelUse) -> list[tuple[int, Policy]]:
    return [(one.time_us, one.fact) for one in outside_tier(uses, TIERS, BERLIN) if isinstance(one.fact, Policy)]


def test_models_and_lanes_of_the_tier_are_no_violation() -> None:
    assert found(use(), use("anthropic/claude-haiku-4-5"), use("gpt-4o-mini")) == []


def test_another_model_or_lane_is_a_violation_of_the_tiers_severity() -> None:
    expected = [(midnight_us(TUESDAY, BERLIN), Policy("violation", OUTSIDE_TIER, "high"))]
    assert found(use("gpt-5")) == expected
    assert found(use(lane=Lane.PRODUCTION)) == expected


def test_a_violation_is_theirs_whose_use_it_was() -> None:
    assert [one.person_id for one in outside_tier([use("gpt-5")], TIERS, BERLIN)] == [7]


def test_a_day_is_one_violation_however_many_models() -> None:
    assert len(found(use("gpt-5"), use("o9"), use(lane=Lane.PRODUCTION))) == 1
    assert len(found(use("gpt-5"), use("gpt-5", day=date(2026, 6, 3)))) == 2


def test_a_tier_that_the_program_does_not_describe_forbids_nothing() -> None:
    assert not is_outside(TIERS, "", Lane.PRODUCTION, "gpt-5")
    assert found(use("gpt-5", tier="unknown"), use("gpt-5", tier="trusted")) == []


def test_the_same_use_is_the_same_violation_whenever_it_is_looked_at() -> None:
    first, again = (tuple(outside_tier([use("gpt-5")], TIERS, BERLIN)) for _ in range(2))
    assert first == again
    assert len(first[0].key) == 16  # as the keys of the ledger
