"""Tiers, ceilings and bands in plain language."""

from __future__ import annotations

from scoring.bands.sentences import band_sentences, tier_sentences
from scoring.events import Lane
from scoring.program import Bands, Budget, Program, Tier


def test_a_tier_says_what_is_allowed_and_what_follows() -> None:
    program = Program(
        tiers=(Tier(name="standard", lanes=(Lane.EXPLORATION,), models=("gpt-4o*",), dollars=25), Tier(name="trusted"))
    )
    assert tier_sentences(program) == (
        "standard: exploration, the models gpt-4o*, up to $25.00 a month for each person. "
        "Other use is a policy violation of medium severity.",
        "trusted: exploration and production, any model.",
    )


def test_each_ceiling_is_a_sentence_before_the_bands() -> None:
    program = Program(
        budgets=(
            Budget(name="Agents", scope="use_case", who=("agent*",), period="week", tokens=5000, lane="exploration"),
        ),
        bands=Bands(hold_days=1),
    )
    first, *rest = band_sentences(program)
    assert first == "Agents: 5,000 tokens a week for each use case (agent*) for exploration."
    assert "Better news is shown after 1 calm day, and no warning comes twice within 7 days." in rest
