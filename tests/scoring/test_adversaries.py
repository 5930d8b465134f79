"""What each built-in adversary adds to the ledger: enough to be seen, within the window, and under its own name."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from scoring.adversaries import SOURCE, TRICKS, Player, Trick
from scoring.events import Contribution, Event, Outcome, Usage
from scoring.window import from_us
from tests.scoring.companies import DAY_US, WINDOW, happening

ADA, BEN = "ada@acme.test", "ben@acme.test"
WORK = happening(1, "done", WINDOW.start_us + 5 * DAY_US, Outcome("ticket_resolved", task="t", is_accepted=False))
PLAYER = Player(ADA, BEN, WINDOW, ZoneInfo("UTC"), 10, 1000, 2.0, (WORK,))


def played(name: str) -> list[Event]:
    (trick,) = (one for one in TRICKS if one.name == name)
    return list(trick.events(PLAYER))


def calls(name: str) -> list[Usage]:
    return [one.fact for one in played(name) if isinstance(one.fact, Usage)]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda one: one.name)
def test_every_trick_adds_events_of_its_own_within_the_window(trick: Trick) -> None:
    events = list(trick.events(PLAYER))
    assert events
    assert len({one.id for one in events}) == len(events)
    assert {one.source for one in events} == {SOURCE}
    assert all(WINDOW.start_us <= one.time_us < WINDOW.end_us for one in events)


def test_the_burner_makes_five_times_the_calls_of_three_times_the_size_in_a_session_a_day() -> None:
    found = calls("burner")
    days = [day for day in WINDOW.whole_days if day.weekday() < 5]
    assert Counter(one.session for one in found) == dict.fromkeys((f"burn {day}" for day in days), 50)
    assert {(one.tokens.input + one.tokens.output, one.cost_nanousd) for one in found} == {(3000, 6000)}


def test_the_sprinter_makes_twelve_times_the_calls_on_the_last_three_working_days() -> None:
    days = [day for day in WINDOW.whole_days if day.weekday() < 5][-3:]
    assert Counter(from_us(one.time_us).date() for one in played("sprinter")) == dict.fromkeys(days, 120)


def test_the_looper_sends_one_prompt() -> None:
    assert len(calls("looper")) == 600
    assert len({one.prompt_hash for one in calls("looper")}) == 1


def test_the_splitter_hands_a_task_in_as_nine_accepted_ones() -> None:
    pieces = [one.fact for one in played("splitter") if isinstance(one.fact, Outcome)]
    assert {one.task for one in pieces} == {f"t/{number}" for number in range(9)}
    assert all(one.is_accepted for one in pieces)


@pytest.mark.parametrize(("name", "friend"), [("colluding_reviewers", BEN), ("self_reviewer", ADA)])
def test_what_is_shared_is_reviewed_and_reused_by_the_friend(name: str, friend: str) -> None:
    seen = Counter(
        (one.subject, one.fact.action)
        for one in played(name)
        if isinstance(one.fact, Contribution) and f" {ADA} " in one.fact.asset
    )
    assert seen == {(ADA, "shared"): 6, (friend, "reviewed"): 6, (friend, "reused"): 6}
