"""Every kind of flag, in every state, says what it rests on and what would help."""

from __future__ import annotations

import pytest

from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags.explanation import explain_flag
from tests.scoring.companies import WINDOW


def test_a_flag_says_its_figures_what_follows_and_what_helps() -> None:
    flag = Flag(
        1,
        FlagKind.PROMPT_LOOP,
        0,
        1,
        {"limit_repeats_a_day": 20, "calls_on_these_days": 758, "repeats": 497, "old_figure": 1},
        "The same prompts went out.",
        days=WINDOW.days[:2],
    )
    assert explain_flag(flag, "v1") == (
        "Prompt loop (open): The same prompts went out.",
        "The figures (2 days behind them): calls that repeat a prompt: 497; all calls on "
        "these days: 758; the limit on one day: 20; old figure: 1.",
        "A person of AI ops looks at it; until then recognition waits, and comes in full if it is dismissed.",
        "What would help most: Stop the loop, or tell AI ops what the job is for.",
        "Rules: program version v1.",
    )


@pytest.mark.parametrize(
    ("figure", "count", "helps"),
    [
        ("without_usage_or_review", 0, "Connect the tool that you used"),
        ("without_usage_or_review", 1, "Have the outcomes reviewed by a colleague, or connect"),
        ("in_exploration", 9, "Use the production lane for work that ships"),
    ],
)
def test_claims_are_helped_by_what_is_missing(figure: str, count: int, helps: str) -> None:
    flag = Flag(1, FlagKind.UNSUPPORTED_CLAIMS, 0, 1, {figure: count}, "Odd.", keys=(b"k",))
    assert explain_flag(flag, "v1")[3].startswith(f"What would help most: {helps}")


@pytest.mark.parametrize("kind", FlagKind)
@pytest.mark.parametrize("state", FlagState)
def test_no_kind_and_no_state_is_without_words(kind: FlagKind, state: FlagState) -> None:
    said = explain_flag(Flag(1, kind, 0, 1, {"x": 1}, "Odd.", keys=(b"k",), state=state), "v")
    assert len(said) == 5
    assert all(one.endswith(".") for one in said)
