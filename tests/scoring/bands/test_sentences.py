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


def test_a_tier_with_any_model_in_one_lane_and_one_with_few_models_in_both_allow_not_everything() -> None:
    program = Program(
        tiers=(
            Tier(name="sandbox", lanes=(Lane.EXPLORATION,), severity="low"),
            Tier(name="careful", models=("gpt-4o", "claude-*"), tokens=9000, period="week"),
        )
    )
    assert tier_sentences(program) == (
        "sandbox: exploration, any model. Other use is a policy violation of low severity.",
        "careful: exploration and production, the models gpt-4o, claude-*, up to 9,000 tokens a week for each person. "
        "Other use is a policy violation of medium severity.",
    )


def test_each_ceiling_is_a_sentence_before_the_bands() -> None:
    program = Program(
        budgets=(
            Budget(name="Agents", scope="use_case", who=("agent*",), period="week", tokens=5000, lane="exploration"),
            Budget(name="All", dollars=20),
            Budget(name="Two", scope="team", who=("Data", "Law"), period="day", dollars=5),
            Budget(name="Trusted", scope="tier", who=("trusted",), dollars=7),
        ),
        bands=Bands(hold_days=1, spike_dollars=60, extreme_dollars=90),
    )
    assert band_sentences(program) == (
        "Agents: 5,000 tokens a week for each use case (agent*) for exploration.",
        "All: $20.00 a month for each person.",
        "Two: $5.00 a day for each team (Data, Law).",
        "Trusted: $7.00 a month for each tier (trusted).",
        "Yellow: a ceiling's soft share is crossed, a week costs more than 4 of your usual ones (and more than $60), "
        "an accepted task costs many times what it costs peers, or a flag is open.",
        "Red: a ceiling is crossed without an exception, a week costs more than 12 usual ones (also more than 4 of the "
        "heaviest before, and more than $90), or a serious policy violation is open.",
        "Better news is shown after 1 calm day, and no warning comes twice within 7 days.",
        "Only use that is proved to be yours counts. Too little seen is no band, and no warning.",
    )
