"""What people read about a badge that they have, or do not have yet."""

from __future__ import annotations

from scoring.badges.explanation import explain_badge
from scoring.flag import FlagState
from scoring.program.badges import BadgeMeasure, Levels
from tests.scoring.badges.test_awards import CACHE, flag, of_ada
from tests.scoring.badges.test_measures import badge, facts


def test_the_figure_the_level_and_what_the_next_one_takes() -> None:
    assert explain_badge(CACHE, facts().stretch, of_ada()) == (
        "It, 2026-05: 60 % of what went into your calls came from the cache. That is gold.",
        "Emerald begins at 90 %.",
        "Learn how: https://a.test",
        "Rules: program version v1.",
    )


def test_a_badge_of_which_nothing_was_measured_says_where_it_begins() -> None:
    reuse = badge(BadgeMeasure.REUSERS, levels=Levels(silver=3))
    assert explain_badge(reuse, facts().stretch, None) == (
        "It, 2026-05: nothing measured yet. Silver begins at 3.",
        "Learn how: https://a.test",
    )
    assert explain_badge(CACHE, facts().stretch, None)[0] == "It, 2026-05: nothing measured yet. Bronze begins at 30 %."


def test_below_the_lowest_level_there_is_none_yet() -> None:
    higher = badge(BadgeMeasure.CACHE_SHARE, levels=Levels(gold=0.7))
    assert explain_badge(higher, facts().stretch, of_ada(judged=higher))[:2] == (
        "It, 2026-05: 60 % of what went into your calls came from the cache. No level yet.",
        "Gold begins at 70 %.",
    )


def test_after_the_highest_level_none_is_named() -> None:
    top = badge(BadgeMeasure.CACHE_SHARE, levels=Levels(bronze=0.3))
    assert explain_badge(top, facts().stretch, of_ada(judged=top)) == (
        "It, 2026-05: 60 % of what went into your calls came from the cache. That is bronze.",
        "Learn how: https://a.test",
        "Rules: program version v1.",
    )


def test_what_holds_a_badge_back_is_said() -> None:
    said = explain_badge(CACHE, facts().stretch, of_ada(flags=(flag(FlagState.OPEN),)))
    assert said[1] == "An open flag is being looked at; once it is settled you get what was due."
