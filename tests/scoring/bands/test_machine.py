"""The state machine: a warning is shown at once, heard once, and cleared only when it has truly gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.bands.band import Band
from scoring.bands.machine import BandState, News, moved, news, told
from scoring.program import Bands

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
G, Y, R, N = Band.GREEN, Band.YELLOW, Band.RED, Band.NO_DATA


def play(raws: list[tuple[Band, int]], rules: Bands) -> list[tuple[int, Band, Band, News, BandState]]:
    """Each raw band after so many hours: when, raw, shown, what was told, the state."""
    state, at_us, seen = None, 0, []
    for raw, hours in raws:
        at_us += hours * HOUR_US
        state = moved(state, raw, at_us, rules)
        what = news(state, at_us, rules)
        state = told(state, what, at_us)
        seen.append((at_us, raw, state.band, what, state))
    return seen


def days(*raws: Band, rules: Bands | None = None) -> list[tuple[Band, News]]:
    """A raw band a day: what is shown and told."""
    return [(shown, what) for _, _, shown, what, _ in play([(raw, 24) for raw in raws], rules or Bands())]


NOTHING, WORSENED, REMINDER, EASED, CLEARED = News


def test_a_worse_band_is_shown_and_told_at_once() -> None:
    assert days(G, Y, R) == [(G, NOTHING), (Y, WORSENED), (R, WORSENED)]


def test_what_goes_at_once_is_shown_as_gone_after_two_calm_days_and_told() -> None:
    assert days(Y, G, G, G, G) == [(Y, WORSENED), (Y, NOTHING), (Y, NOTHING), (G, CLEARED), (G, NOTHING)]


def test_a_band_is_shown_since_it_began() -> None:
    state = moved(None, Y, 5, Bands())
    assert moved(state, Y, 9, Bands()).since_us == 5
    assert moved(state, R, 9, Bands()).since_us == 9


def test_a_flicker_is_neither_shown_nor_told() -> None:
    assert days(Y, G, Y, G, Y) == [(Y, WORSENED), *[(Y, NOTHING)] * 4]


def test_red_eases_to_yellow_after_two_days_and_clears_two_calm_days_later() -> None:
    seen = days(R, Y, Y, Y, G, G, G)
    assert seen == [
        (R, WORSENED),
        (R, NOTHING),
        (R, NOTHING),
        (Y, EASED),
        (Y, NOTHING),
        (Y, NOTHING),
        (G, CLEARED),
    ]


def test_red_that_turns_green_clears_in_one_step() -> None:
    assert days(R, G, G, G)[-1] == (G, CLEARED)


def test_who_stays_yellow_hears_of_it_again_after_a_week() -> None:
    heard = [what for _, what in days(*[Y] * 16)]
    assert [number for number, what in enumerate(heard) if what is not NOTHING] == [0, 7, 14]
    assert heard[7] is heard[14] is REMINDER


def test_a_warning_that_comes_back_within_a_week_waits_until_the_week_is_over() -> None:
    heard = [what for _, what in days(Y, G, G, G, Y, Y, Y, Y)]
    assert heard == [WORSENED, NOTHING, NOTHING, CLEARED, NOTHING, NOTHING, NOTHING, WORSENED]


def test_what_was_not_heard_of_is_not_cleared() -> None:
    heard = [what for _, what in days(Y, G, G, G, Y, G, G, G)]
    assert heard == [WORSENED, NOTHING, NOTHING, CLEARED, *[NOTHING] * 4]


def test_too_little_data_is_never_told() -> None:
    assert days(N, G, N) == [(N, NOTHING), (G, NOTHING), (N, NOTHING)]


def test_nobody_told_yet_hears_of_it_once_they_can_be_told() -> None:
    rules = Bands()
    state = moved(None, Y, 0, rules)
    assert news(state, 0, rules) is WORSENED
    later = moved(state, Y, 9 * DAY_US, rules)
    assert news(later, 9 * DAY_US, rules) is WORSENED


histories = st.lists(st.tuples(st.sampled_from(list(Band)), st.integers(1, 100)), min_size=1, max_size=60)
rule_books = st.builds(Bands, hold_days=st.integers(0, 5), renotify_days=st.integers(1, 10))


@given(histories, rule_books)
def test_what_is_shown_is_never_better_than_what_is(raws: list[tuple[Band, int]], rules: Bands) -> None:
    for _, raw, shown, _, _ in play(raws, rules):
        assert shown.severity >= raw.severity


@given(histories, rule_books)
def test_nobody_hears_the_same_warning_twice_within_renotify_days(raws: list[tuple[Band, int]], rules: Bands) -> None:
    warnings = [
        (at_us, shown.severity) for at_us, _, shown, what, _ in play(raws, rules) if what in (WORSENED, REMINDER)
    ]
    for place, (at_us, severity) in enumerate(warnings):
        for earlier_us, earlier in warnings[:place]:
            assert earlier < severity or at_us - earlier_us >= rules.renotify_days * DAY_US


@given(histories, rule_books)
def test_a_better_band_is_shown_only_after_the_hold(raws: list[tuple[Band, int]], rules: Bands) -> None:
    seen = play(raws, rules)
    for place in range(1, len(seen)):
        at_us, _, shown, _, _ = seen[place]
        if shown.severity >= seen[place - 1][2].severity:
            continue
        held_since_us = at_us
        for earlier_us, raw, *_ in reversed(seen[: place + 1]):
            if raw.severity > shown.severity:
                break
            held_since_us = earlier_us
        assert at_us - held_since_us >= rules.hold_days * DAY_US


@given(histories, rule_books)
def test_good_news_follows_bad_news_alone(raws: list[tuple[Band, int]], rules: Bands) -> None:
    believed = 0
    for _, _, shown, what, _ in play(raws, rules):
        if what is CLEARED:
            assert believed > 0
            assert shown.severity == 0
        if what is EASED:
            assert believed == 2
            assert shown is Band.YELLOW
        if what is not NOTHING:
            believed = shown.severity


@given(histories, rule_books)
def test_looking_more_often_at_the_same_tells_nothing_more(raws: list[tuple[Band, int]], rules: Bands) -> None:
    """A second look at the same moment changes nothing."""
    for at_us, raw, shown, _, state in play(raws, rules):
        again = moved(state, raw, at_us, rules)
        assert again == state
        assert news(again, at_us, rules) is NOTHING
        assert again.band is shown
