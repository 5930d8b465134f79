"""What each built-in adversary adds to the ledger: enough to be seen, within the window, and under its own name."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scoring.adversaries import SOURCE, TRICKS, Player, Trick
from scoring.events import Contribution, CostKind, Event, Lane, Outcome, Tokens, Training, Usage
from scoring.window import from_us
from tests.scoring.companies import DAY_US, HOUR_US, WINDOW, happening

ADA, BEN = "ada@acme.test", "ben@acme.test"
WORK = happening(1, "done", WINDOW.start_us + 5 * DAY_US, Outcome("ticket_resolved", task="t", is_accepted=False))
PLAYER = Player(ADA, BEN, WINDOW, ZoneInfo("UTC"), 10, 1000, 2.0, (WORK,))


def played(name: str, player: Player = PLAYER) -> list[Event]:
    (trick,) = (one for one in TRICKS if one.name == name)
    return list(trick.events(player))


def calls(name: str) -> list[Usage]:
    return [one.fact for one in played(name) if isinstance(one.fact, Usage)]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda one: one.name)
def test_every_trick_adds_events_of_its_own_within_the_window(trick: Trick) -> None:
    events = list(trick.events(PLAYER))
    assert events
    assert len({one.id for one in events}) == len(events)
    assert {one.source for one in events} == {SOURCE}
    assert {one.subject for one in events} <= {ADA, BEN}
    assert all(WINDOW.start_us <= one.time_us < WINDOW.end_us for one in events)


def moments(name: str) -> list[datetime]:
    return [from_us(one.time_us) for one in played(name)]


def test_a_call_costs_what_the_players_tokens_do_and_is_split_over_what_went_in_and_came_out() -> None:
    player = msgspec.structs.replace(PLAYER, tokens_a_call=333)
    first = played("burner", player)[0].fact
    tokens = Tokens(input=499, output=500)
    assert first == Usage(
        "gpt-4o", tokens, cost_nanousd=1998, cost_kind=CostKind.BILLED, lane=Lane.PRODUCTION, session="burn 2026-05-05"
    )


def test_calls_are_spread_over_the_working_day() -> None:
    burnt, sprinted, looped = moments("burner"), moments("sprinter"), moments("looper")
    assert [f"{one:%d %H:%M}" for one in (burnt[0], burnt[1], burnt[49])] == ["05 08:00", "05 08:13", "05 18:46"]
    assert [f"{one:%d %H:%M}" for one in (sprinted[0], sprinted[1], sprinted[119])] == [
        "27 08:00",
        "27 08:06",
        "27 19:54",
    ]
    assert [f"{one:%d %H:%M}" for one in (looped[0], looped[1], looped[59])] == ["18 09:00", "18 09:01", "18 09:59"]


def test_the_burner_makes_five_times_the_calls_of_three_times_the_size_in_a_session_a_day() -> None:
    found = calls("burner")
    days = [day for day in WINDOW.whole_days if day.weekday() < 5]
    assert Counter(one.session for one in found) == dict.fromkeys((f"burn {day}" for day in days), 50)
    assert {(one.tokens.input + one.tokens.output, one.cost_nanousd) for one in found} == {(3000, 6000)}


def test_the_sprinter_makes_twelve_times_the_calls_on_the_last_three_working_days() -> None:
    days = [day for day in WINDOW.whole_days if day.weekday() < 5][-3:]
    assert Counter(from_us(one.time_us).date() for one in played("sprinter")) == dict.fromkeys(days, 120)
    assert {one.tokens.total for one in calls("sprinter")} == {1000}


def test_the_looper_sends_one_prompt() -> None:
    assert len(calls("looper")) == 600
    assert {one.tokens.total for one in calls("looper")} == {300}
    assert {one.prompt_hash for one in calls("looper")} == {sha256(ADA.encode()).hexdigest()[:16]}


def test_the_looper_of_many_calls_makes_four_times_as_many() -> None:
    busy = msgspec.structs.replace(PLAYER, calls_a_day=20)
    assert len(played("looper", busy)) == 10 * 80


def test_however_many_calls_a_day_they_are_all_made_on_that_day() -> None:
    very_busy = msgspec.structs.replace(PLAYER, calls_a_day=1_000)
    days = Counter(from_us(one.time_us).date() for one in played("looper", very_busy))
    assert set(days.values()) == {4_000}


def test_somebody_who_hardly_calls_still_makes_twenty_calls_a_day_of_at_least_a_token() -> None:
    idle = msgspec.structs.replace(PLAYER, calls_a_day=0.5, tokens_a_call=0)
    found = [one.fact for one in played("sprinter", idle) if isinstance(one.fact, Usage)]
    assert len(found) == 3 * 20
    assert {one.tokens.total for one in found} == {1}


def test_the_splitter_hands_a_task_in_as_nine_accepted_ones() -> None:
    pieces = [one.fact for one in played("splitter") if isinstance(one.fact, Outcome)]
    assert {one.task for one in pieces} == {f"t/{number}" for number in range(9)}
    assert all(one.is_accepted for one in pieces)


def test_a_piece_reverses_nothing_even_if_the_task_did() -> None:
    revert = happening(1, "revert", WORK.time_us, Outcome("ticket_resolved", task="t", reverses="s"))
    pieces = played("splitter", msgspec.structs.replace(PLAYER, outcomes=(revert,)))
    assert [one.fact.reverses for one in pieces if isinstance(one.fact, Outcome)] == [None] * 9


def test_a_piece_is_done_half_an_hour_before_the_next_and_says_it_took_an_hour_more_than_that() -> None:
    pieces = [(one.time_us, one.fact) for one in played("splitter") if isinstance(one.fact, Outcome)]
    before = [WORK.time_us - time_us for time_us, _ in pieces]
    took = [time_us - (fact.started_us or 0) for time_us, fact in pieces]
    assert before == [number * HOUR_US // 2 for number in range(1, 10)]
    assert took == [number * HOUR_US for number in range(1, 10)]


def test_what_is_no_outcome_is_not_split_and_a_task_without_a_name_gets_one() -> None:
    trained = happening(1, "course", WORK.time_us, Training("prompting", "completed"))
    nameless = happening(1, "nameless", WORK.time_us, Outcome("ticket_resolved"))
    player = msgspec.structs.replace(PLAYER, outcomes=(trained, nameless))
    pieces = [one.fact.task for one in played("splitter", player) if isinstance(one.fact, Outcome)]
    assert pieces == [f"{nameless.key.hex()}/{number}" for number in range(9)]


def test_a_piece_at_the_edge_of_the_window_stays_within() -> None:
    work = tuple(
        happening(1, name, at, WORK.fact) for name, at in (("first", WINDOW.start_us), ("last", WINDOW.end_us))
    )
    moments = [one.time_us for one in played("splitter", msgspec.structs.replace(PLAYER, outcomes=work))]
    assert moments[:9] == [WINDOW.start_us] * 9
    late = (happening(1, "late", WINDOW.end_us + DAY_US, WORK.fact),)
    assert {one.time_us for one in played("splitter", msgspec.structs.replace(PLAYER, outcomes=late))} == {
        WINDOW.end_us - 1
    }


@pytest.mark.parametrize(("name", "friend"), [("colluding_reviewers", BEN), ("self_reviewer", ADA)])
def test_what_is_shared_is_reviewed_and_reused_by_the_friend(name: str, friend: str) -> None:
    seen = Counter(
        (one.subject, one.fact.action)
        for one in played(name)
        if isinstance(one.fact, Contribution) and f" {ADA} " in one.fact.asset
    )
    assert seen == {(ADA, "shared"): 6, (friend, "reviewed"): 6, (friend, "reused"): 6}
    assets = [one for one in played(name) if one.id.startswith(f"{ADA}/") and f" {ADA} 0" in one.id]
    assert [(one.id, one.fact, from_us(one.time_us).hour) for one in assets] == [
        (
            f"{ADA}/{ADA}/shared attack {ADA} 0",
            Contribution("shared", f"attack {ADA} 0", "prompt_template", "A template"),
            10,
        ),
        (f"{ADA}/{friend}/reviewed attack {ADA} 0", Contribution("reviewed", f"attack {ADA} 0"), 11),
        (f"{ADA}/{friend}/reused attack {ADA} 0", Contribution("reused", f"attack {ADA} 0"), 12),
    ]
