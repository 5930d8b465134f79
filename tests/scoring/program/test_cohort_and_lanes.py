"""Who plays, and which lane a call belongs to whose producer does not say."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.events import Lane
from scoring.program.charter import Cohort
from scoring.program.lanes import LaneRule, Lanes

CALL: dict[str, Any] = {
    "source": "litellm",
    "subject": "ada@acme.test",
    "model": "gpt-4o-mini",
    "use_case": "notes",
    "tags": ("team:red", "sandbox"),
}


def includes(rules: Cohort, **changes: str) -> bool:
    person = {"email": "ada@acme.test", "team": "red", "function": "engineering", "cohort": "pilot"}
    return rules.includes(**{**person, **changes})


def test_without_a_list_everybody_plays() -> None:
    assert includes(Cohort())


@pytest.mark.parametrize(
    ("cohort", "others"),
    [
        (Cohort(teams=("red",)), {"team": "blue"}),
        (Cohort(functions=("engineering",)), {"function": "legal"}),
        (Cohort(cohorts=("pilot",)), {"cohort": "control"}),
        (Cohort(people=("Ada@Acme.test",)), {"email": "ben@acme.test"}),
    ],
)
def test_whoever_any_list_names_plays_and_nobody_else(cohort: Cohort, others: dict[str, str]) -> None:
    assert includes(cohort)
    assert not includes(cohort, **others)
    beside = cohort.model_copy(update={name: (*getattr(cohort, name), "x") for name in Cohort.model_fields})
    assert includes(beside)


def test_an_address_is_the_same_in_capitals() -> None:
    assert includes(Cohort(people=("ada@acme.test",)), email="ADA@acme.test")


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ({"source": "lite*"}, {"source": "claude-code"}),
        ({"subject": "*@acme.test"}, {"subject": "ada@other.test"}),
        ({"model": "gpt-4o*"}, {"model": "gpt-5"}),
        ({"use_case": "note*"}, {"use_case": "tests"}),
        ({"use_case": "*"}, {"use_case": None}),
        ({"tag": "sand*"}, {"tags": ("team:red",)}),
        ({"tag": "*"}, {"tags": ()}),
    ],
)
def test_a_pattern_fits_what_it_describes_alone(pattern: dict[str, str], other: dict[str, Any]) -> None:
    rule = LaneRule(lane=Lane.EXPLORATION, **pattern)
    assert rule.fits(**CALL)
    assert not rule.fits(**{**CALL, **other})


def test_every_pattern_of_a_rule_must_fit() -> None:
    rule = LaneRule(lane=Lane.EXPLORATION, source="litellm", model="gpt-4o*", tag="sandbox")
    assert rule.fits(**CALL)
    for other in ({"source": "x"}, {"model": "x"}, {"tags": ("x",)}):
        assert not rule.fits(**{**CALL, **other})


def test_a_rule_without_a_pattern_says_nothing() -> None:
    with pytest.raises(ValueError, match="a lane rule needs a pattern"):
        LaneRule(lane=Lane.EXPLORATION)


@pytest.mark.parametrize("name", ["source", "subject", "model", "use_case"])
def test_each_thing_that_is_known_of_a_call_can_decide(name: str) -> None:
    rule = LaneRule(lane=Lane.EXPLORATION, **{name: CALL[name]})
    assert Lanes(rules=(rule,)).lane_of(**CALL) is Lane.EXPLORATION


def test_the_first_rule_that_fits_decides_and_else_the_default() -> None:
    first, second = LaneRule(lane=Lane.EXPLORATION, tag="sandbox"), LaneRule(lane=Lane.PRODUCTION, source="*")
    assert Lanes(rules=(first, second)).lane_of(**CALL) is Lane.EXPLORATION
    assert Lanes(rules=(second, first)).lane_of(**CALL) is Lane.PRODUCTION
    assert Lanes().lane_of(**CALL) is Lane.PRODUCTION
    assert Lanes(default=Lane.EXPLORATION).lane_of(**CALL) is Lane.EXPLORATION
