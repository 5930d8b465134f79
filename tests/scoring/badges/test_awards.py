"""Who earns a badge: enough evidence, nothing open; and what was withheld comes when it is settled."""

from __future__ import annotations

import msgspec
import pytest

from scoring.badges.awards import Progress, progress
from scoring.events import Lane
from scoring.flag import Flag, FlagKind, FlagState
from scoring.program import Program
from scoring.program.badges import Badge, BadgeMeasure, Level, Levels
from scoring.program.starter_badges import STARTER_BADGES
from scoring.program_file import ProgramError, parse_program
from scoring.usage import ModelUsage
from tests.scoring.badges.test_measures import ADA, BEN, badge, facts
from tests.scoring.companies import WINDOW

USED = (ModelUsage(ADA, Lane.PRODUCTION, "a", calls=40, input=400, cache_read=600),)
CACHE = badge(BadgeMeasure.CACHE_SHARE, min_samples=30, levels=Levels(bronze=0.3, gold=0.5, emerald=0.9))


def of_ada(*, flags: tuple[Flag, ...] = (), on_hold: frozenset[int] = frozenset(), judged: Badge = CACHE) -> Progress:
    (found,) = progress(judged, facts(models=USED, flags=flags, on_hold=on_hold))
    return found


def flag(state: FlagState, at_us: int = WINDOW.start_us, person_id: int = ADA) -> Flag:
    return Flag(person_id, FlagKind.USAGE_SPIKE, at_us, at_us, {}, "", state=state)


def test_the_highest_level_reached_is_earned_and_the_next_one_named() -> None:
    found = of_ada()
    assert (found.level, found.is_earned, found.next_level, found.next_step) == (Level.GOLD, True, Level.EMERALD, 0.9)
    assert (found.period, found.value, found.samples, found.program_version) == ("2026-05", 0.6, 40, "v1")


def test_at_the_highest_level_there_is_none_to_come_and_below_the_lowest_it_comes_first() -> None:
    highest = of_ada(judged=badge(BadgeMeasure.CACHE_SHARE, levels=Levels(bronze=0.3, gold=0.6)))
    assert (highest.level, highest.next_level, highest.next_step) == (Level.GOLD, None, None)
    none = of_ada(judged=badge(BadgeMeasure.CACHE_SHARE, levels=Levels(silver=0.7, gold=0.9)))
    assert (none.level, none.next_level, none.next_step, none.is_earned) == (None, Level.SILVER, 0.7, False)


def test_the_next_level_is_the_first_above_the_one_reached() -> None:
    found = of_ada(judged=badge(BadgeMeasure.CACHE_SHARE, levels=Levels(bronze=0.3, silver=0.7, gold=0.9)))
    assert (found.level, found.next_level, found.next_step) == (Level.BRONZE, Level.SILVER, 0.7)


@pytest.mark.parametrize("changes", [{"is_in_cohort": False}, {"is_opted_out": True}])
def test_only_who_takes_part_makes_progress(changes: dict[str, bool]) -> None:
    found = facts(models=USED)
    people = tuple(msgspec.structs.replace(one, **changes) for one in found.evidence.people)
    found.evidence = msgspec.structs.replace(found.evidence, people=people)
    assert progress(CACHE, found) == ()


def test_progress_says_whose_it_is_of_what_and_by_which_figure() -> None:
    used = (ModelUsage(ADA, Lane.PRODUCTION, "a", calls=40, input=2, cache_read=1),)
    (found,) = progress(badge(BadgeMeasure.CACHE_SHARE, min_samples=40), facts(models=used))
    assert (found.person_id, found.badge, found.value, found.withheld) == (ADA, "it", 0.3333, "")
    assert found.text == "33 % of what went into your calls came from the cache."


def test_why_it_is_withheld_is_said() -> None:
    assert of_ada(flags=(flag(FlagState.OPEN),)).withheld == (
        "An open flag is being looked at; once it is settled you get what was due."
    )
    assert of_ada(flags=(flag(FlagState.CONFIRMED), flag(FlagState.OPEN))).withheld == (
        "A flag on this period was confirmed, so it earns no badge."
    )
    assert of_ada(on_hold=frozenset({ADA})).withheld == (
        "A serious policy violation is open; once it is settled you get what was due."
    )


def test_too_little_to_judge_by_earns_nothing_and_says_so() -> None:
    found = of_ada(judged=badge(BadgeMeasure.CACHE_SHARE, min_samples=41))
    assert not found.is_earned
    assert found.withheld == "It takes 41 to judge by, and there are 40 so far."


def test_a_flagged_person_gains_no_badge_until_cleared() -> None:
    assert not of_ada(flags=(flag(FlagState.OPEN),)).is_earned
    assert of_ada(flags=(flag(FlagState.DISMISSED),)).is_earned
    assert of_ada(flags=(flag(FlagState.OPEN, person_id=BEN),)).is_earned


def test_a_confirmed_flag_costs_the_badges_of_its_own_period_alone() -> None:
    assert not of_ada(flags=(flag(FlagState.CONFIRMED),)).is_earned
    assert not of_ada(flags=(flag(FlagState.CONFIRMED, at_us=WINDOW.end_us - 1),)).is_earned
    assert of_ada(flags=(flag(FlagState.CONFIRMED, at_us=WINDOW.end_us),)).is_earned
    assert of_ada(flags=(flag(FlagState.CONFIRMED, at_us=WINDOW.start_us - 1),)).is_earned


def test_a_policy_hold_withholds_until_it_is_settled() -> None:
    assert not of_ada(on_hold=frozenset({ADA})).is_earned


@pytest.mark.parametrize("one", STARTER_BADGES, ids=lambda one: one.name)
def test_every_starter_badge_teaches_and_no_bottom_level_is_out_of_reach(one: Badge) -> None:
    assert one.training.startswith("https://")
    assert one.levels.bronze is not None


def test_the_starter_set_is_the_default_and_can_be_replaced() -> None:
    assert Program().badges == STARTER_BADGES
    assert parse_program("badges = []").badges == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ('training = ""', "badges.0.training: "),
        ('training = "https://a.test"\nmeasure = "tokens"', "badges.0.measure: "),
        ('training = "https://a.test"\nlane = "exploration"\nmeasure = "quality"', "badges.0: quality is measured in"),
        ('training = "https://a.test"\nlevels = {}', "badges.0.levels: a badge needs a level"),
        ('training = "https://a.test"\nlevels = {bronze = 2, gold = 1}', "badges.0.levels: levels must rise"),
    ],
)
def test_a_badge_that_makes_no_sense_stops_the_program_with_its_place(changes: str, complaint: str) -> None:
    lines = {"name": '"it"', "title": '"It"', "praise": '"Good."', "measure": '"quality"', "levels": "{bronze = 0.5}"}
    lines |= dict(line.split(" = ", 1) for line in changes.splitlines())
    text = "[[badges]]\n" + "\n".join(f"{name} = {value}" for name, value in lines.items())
    with pytest.raises(ProgramError, match="^" + complaint.replace(".", r"\.")):
        parse_program(text)


def test_a_badge_without_training_link_does_not_load() -> None:
    with pytest.raises(ProgramError, match=r"^badges\.0\.training: field required"):
        parse_program('[[badges]]\nname="it"\ntitle="It"\npraise="Good."\nmeasure="quality"\nlevels={bronze=0.5}')


def test_two_badges_of_one_name_do_not_load() -> None:
    one = '[[badges]]\nname="it"\ntitle="It"\npraise="Good."\nmeasure="quality"\nlevels={bronze=0.5}\ntraining="https://a.test"\n'
    with pytest.raises(ProgramError, match="two badges named"):
        parse_program(one + one)
