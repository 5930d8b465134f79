"""The program in plain language: the default one word for word, and what other rules change in it."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest

from scoring.flag import FlagKind
from scoring.program import (
    Boards,
    Cohort,
    Digest,
    Disputes,
    Flags,
    OutcomeBoard,
    OutcomeWeights,
    Price,
    Privacy,
    Program,
    RawBoard,
    TeamBoard,
    TeamWeights,
    Tier,
    Weekday,
)
from scoring.rules import rules_of

DEFAULT = Path(__file__).parents[1] / "fixtures" / "rules" / "default.txt"


def sections(**rules: Any) -> dict[str, tuple[str, ...]]:
    return {one.title: one.sentences for one in rules_of(Program(**rules))}


def test_the_default_program_word_for_word() -> None:
    said = "\n\n".join("\n".join((f"# {title}", *sentences)) for title, sentences in sections().items())
    assert said + "\n" == DEFAULT.read_text(encoding="utf-8")


def test_what_is_off_or_not_there_is_not_told() -> None:
    off = {"on": False}
    found = sections(
        boards=Boards(team=off, outcome=off, exploration=off, compliance=off), badges=(), flags=Flags(kinds=())
    )
    assert list(found) == [
        "AI program",
        "Who takes part",
        "Who sees what",
        "Bands: a private word about how your use stands",
        "If something is wrong",
        "What makes it fair",
        "The weekly digest",
    ]


def test_tokens_are_ranked_with_their_cap_where_that_board_is_on() -> None:
    assert sections(boards=Boards(raw=RawBoard(on=True, daily_cap_tokens=1_000)))["The raw board"] == (
        "It ranks people by tokens of the production lane and does not measure whether anything good came of them.",
        "Of a day 1,000 tokens count at the most, and days under a flag do not count.",
        "It starts anew each month.",
    )


def test_tiers_and_negotiated_prices_are_told_where_there_are_any() -> None:
    found = sections(tiers=(Tier(name="trusted"),), prices=(Price(model="gpt-4o", input=1, output=2),))
    assert found["Safety tiers"] == ("trusted: exploration and production, any model.",)
    assert found["The outcome board"][-1] == (
        "A call that nobody bills costs what the program's negotiated prices say, else the list price."
    )


@pytest.mark.parametrize(
    ("cohort", "who"),
    [
        ({"teams": ("Data", "Design")}, "the teams Data, Design"),
        ({"functions": ("Legal",), "cohorts": ("pilot",)}, "the functions Legal; the cohorts pilot"),
        ({"people": ("ada@acme.test",)}, "1 person by name"),
        ({"teams": ("Data",), "people": ("ada@acme.test", "b@acme.test")}, "the teams Data; 2 people by name"),
    ],
)
def test_who_takes_part_is_said_group_by_group(cohort: dict[str, Any], who: str) -> None:
    (said, days) = sections(cohort=Cohort(**cohort), timezone="Europe/Berlin")["Who takes part"]
    assert (said, days) == (f"Who takes part: {who}.", "Days begin at midnight in Europe/Berlin.")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("opt_in", "The first places of a board are posted by name only of those who said yes."),
        ("off", "Posts name teams, never people."),
    ],
)
def test_names_go_by_the_programs_rule(named: str, said: str) -> None:
    found = sections(privacy=Privacy(named_boards=named, smallest_group=7))["Who sees what"]
    assert said in found
    assert "A board with fewer than 7 ranked people names nobody." in found


def test_a_part_without_weight_is_not_told_and_the_others_shares_make_a_whole() -> None:
    weights = OutcomeWeights(efficiency=1, quality=3, cycle_time=0, reliability=0, adoption=0, compliance=0)
    board = OutcomeBoard(weights=weights, peer_group="cohort")
    found = sections(boards=Boards(outcome=board, team=TeamBoard(weights=TeamWeights(results=1, collaboration=1))))
    assert found["The outcome board"][1:3] == (
        "A score of up to 1000 points is made of: 25% cost for each accepted task, quality counted in; "
        "75% acceptance, little rewriting and measured quality.",
        "You are compared with the others in the cohort; with fewer than 5 people it is the whole cohort.",
    )
    assert [one[:3] for one in found["The team board"][1:3]] == ["50%", "50%"]


def test_of_flags_those_looked_for_are_told_and_how_many_confirm() -> None:
    (looked_for, _, confirmed, _) = sections(flags=Flags(kinds=(FlagKind.PROMPT_LOOP,), reviewers=2))[
        "Flags: what is looked at twice"
    ]
    assert looked_for == "Over the last 28 days these are looked for: the same prompt over and over."
    assert "It counts once two people of AI ops confirmed it" in confirmed


def test_when_and_where_the_digest_comes_and_a_dispute_is_answered() -> None:
    found = sections(
        digest=Digest(channels=("#ai", "#all"), weekday=Weekday.FRIDAY, time=time(16, 30), top=3),
        disputes=Disputes(answer_days=1),
    )
    assert found["The weekly digest"] == (
        "Every Friday at 16:30 (UTC) in #ai, #all: the first 3 of each board and who improved most.",
    )
    assert "A person of AI ops answers within 1 working day" in found["If something is wrong"][0]
