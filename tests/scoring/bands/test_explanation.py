"""A band taken apart: every figure that the rules look at, with its limit, unit and what is behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring.bands.band import Band
from scoring.bands.explanation import BandExplanation, Figure, explain_band
from scoring.bands.raw import raw_bands
from scoring.bands.shown import advance
from scoring.events import Policy
from scoring.evidence import Happening
from scoring.exceptions import BudgetException
from scoring.flag import Flag, FlagKind, FlagState
from scoring.program import Bands, Budget, Links, Program
from scoring.spending import add_up, use_case_meters
from scoring.usage import UsageDay, day_usage
from tests.builders import MONDAY_NOON_US
from tests.scoring.bands.people import CENT, DOLLAR, TODAY, evidence, roster, steady, used
from tests.scoring.bands.test_rules import done, few_days


def explained(program: Program, usage: Any, *, people: int = 2, **changes: Any) -> BandExplanation:
    """Of person 1."""
    found = evidence(program, roster(program, people), usage, **changes)
    shown = next(iter(advance(raw_bands(found, program), {}, found.at_us, program.bands, "v1")))
    return explain_band(shown, found, program)


def figures(program: Program, usage: Any, **changes: Any) -> dict[str, Figure]:
    return {one.name: one for one in explained(program, usage, **changes).figures}


def test_all_of_it_is_said_in_sentences() -> None:
    program = Program(
        budgets=(Budget(name="month", dollars=2),),
        bands=Bands(coaching="https://acme.test/coach"),
        links=Links(training="https://acme.test/courses"),
    )
    found = explained(program, [used(cost_nanousd=3 * DOLLAR)])
    advice = (
        "Give routine steps to a smaller model and reuse cached context, so that the rest goes further; "
        "ask for an exception where the work needs more."
    )
    assert (found.band, found.since_us, found.program_version) == (Band.RED, MONDAY_NOON_US, "v1")
    assert (found.next_step, [one.advice for one in found.reasons]) == (advice, [advice])
    assert found.sentences == (
        "The band is red: something needs a change now. It has been shown since 1 June 2026.",
        'red: You have used $3.00 in June, which is over the ceiling of $2.00 ("month"; 1 call). '
        "It clears when the next month begins, after 30 June, or with an exception.",
        "days of use: use was seen on 1 day of the last 28; 3 are needed to say anything.",
        'ceiling "month": $3.00 of $2.00 used in June.',
        "cost of a week: the last seven days cost $3.00; fewer than four earlier weeks are known to compare with.",
        "cost of an accepted task: not compared: 0 tasks in 28 days; it takes 5 with priced use, and peers with accepted work.",
        "use outside the tier: 0 days of the last 28 with a model or a lane that the tier does not allow.",
        "open flags: 0.",
        "serious violations that are open: 0.",
        f"What would help most: {advice}",
        "To read on: https://acme.test/coach",
        "Rules: program version v1.",
    )


def test_without_coaching_the_training_is_what_to_read_and_without_reasons_there_is_nothing() -> None:
    program = Program(budgets=(Budget(name="month", dollars=2),), links=Links(training="https://acme.test/courses"))
    read_on = "To read on: https://acme.test/courses"
    assert read_on in explained(program, [used(cost_nanousd=3 * DOLLAR)]).sentences
    calm = explained(program, few_days(1, CENT))
    assert calm.next_step == ""
    assert not any(one.startswith(("To read on", "What would help")) for one in calm.sentences)
    nowhere = explained(Program(budgets=program.budgets), [used(cost_nanousd=3 * DOLLAR)])
    assert not any(one.startswith("To read on") for one in nowhere.sentences)


@pytest.mark.parametrize(
    ("spent", "headline"),
    [
        ([used(cost_nanousd=9 * DOLLAR)], "The band is yellow: something deserves a look."),
        (few_days(1, DOLLAR), "The band is green: nothing to change."),
        ([], "There is no band yet: too little was seen. That is no warning."),
    ],
)
def test_the_first_sentence_says_the_band_in_words(spent: list[UsageDay], headline: str) -> None:
    program = Program(budgets=(Budget(name="month", dollars=10),))
    assert explained(program, spent).sentences[0] == f"{headline} It has been shown since 1 June 2026."


def test_days_of_use_are_ones_own() -> None:
    usage = [*few_days(1, DOLLAR), used(2)]
    assert figures(Program(bands=Bands(min_active_days=4)), usage)["days of use"] == Figure(
        "days of use", "use was seen on 3 days of the last 28; 4 are needed to say anything.", 3, 4, "days", 3
    )


def test_what_is_not_counted_is_told_and_what_others_have_of_it_is_not() -> None:
    asserted = used(tokens=500, cost_nanousd=2 * DOLLAR, is_asserted=True)
    unpriced = used(tokens=70, unpriced_tokens=70, cost_nanousd=0)
    of_another = [used(2, tokens=900, is_asserted=True), used(2, tokens=90, unpriced_tokens=90)]
    found = figures(Program(), [*few_days(1, DOLLAR), asserted, unpriced, *of_another])
    assert found["not counted here"] == Figure(
        "not counted here",
        "500 tokens ($2.00) in 28 days, which nothing proves to be yours.",
        500.0,
        None,
        "tokens",
        0,
    )
    assert found["unpriced"] == Figure(
        "unpriced",
        "70 tokens in 28 days without a known price; no sum of dollars holds them.",
        70.0,
        None,
        "tokens",
        0,
    )
    assert not {"not counted here", "unpriced"} & set(figures(Program(), few_days(1, DOLLAR)))
    assert "unpriced" in figures(Program(), [used(tokens=1, unpriced_tokens=1)])
    assert "not counted here" in figures(Program(), [used(tokens=1, is_asserted=True)])


def test_of_use_cases_those_alone_are_told_that_one_has_a_part_in() -> None:
    program = Program(
        budgets=(
            Budget(name="agents", scope="use_case", tokens=900),
            Budget(name="team", scope="team", who=("blue",), tokens=900),
            Budget(name="month", tokens=900),
        )
    )
    people, usage = roster(program, 2), {"a": used(2, tokens=50), "b": used(1, tokens=70, calls=3), "c": used(1)}
    found = evidence(program, people, usage.values())
    of_use_cases = [
        one
        for name, meters in use_case_meters(program, people, TODAY, usage).items()
        for one in add_up([day_usage([usage[name]])], people, meters, TODAY)
    ]
    found = msgspec.structs.replace(found, spending=(*of_use_cases, *found.spending))
    shown = next(iter(advance(raw_bands(found, program), {}, found.at_us, program.bands, "v1")))
    told = {one.name: one for one in explain_band(shown, found, program).figures if one.name.startswith("ceiling")}
    assert list(told) == ['ceiling "agents" of b', 'ceiling "agents" of c', 'ceiling "month"']
    assert told['ceiling "agents" of b'] == Figure(
        'ceiling "agents" of b',
        "your part in June is 70 tokens; an equal share of 900 tokens is 900 tokens.",
        70.0,
        900.0,
        "tokens",
        3,
    )


def test_whoever_left_since_has_a_band_without_figures() -> None:
    program = Program()
    before = evidence(program, roster(program, 2), few_days(2, DOLLAR))
    (_, shown) = advance(raw_bands(before, program), {}, before.at_us, program.bands, "v1")
    after = evidence(program, roster(program, 1), few_days(1, DOLLAR))
    assert explain_band(shown, after, program).figures == ()


def test_the_cost_of_an_accepted_task_is_ones_own_and_may_be_of_nothing() -> None:
    usage = [used(person_id, cost_nanousd=20 * person_id * DOLLAR) for person_id in range(1, 7)]
    work = [one for person_id in range(1, 7) for one in done(person_id, 20, is_accepted=person_id > 1)]
    figure = figures(Program(), usage, people=6, happenings=work)["cost of an accepted task"]
    assert figure.text == (
        "nothing accepted yet; the 5 others in engineering: $4.00 in the middle, $22.63 is the limit."
    )
    assert figure.value == 10**9


def test_an_accepted_task_costs_at_least_a_nano_dollar() -> None:
    usage = [used(person_id, cost_nanousd=20 if person_id == 1 else 20 * DOLLAR) for person_id in range(1, 7)]
    work = [one for person_id in range(1, 7) for one in done(person_id, 20)]
    assert figures(Program(), usage, people=6, happenings=work)["cost of an accepted task"].value == 1e-9
    cheaper = [used(1, cost_nanousd=1), *usage[1:]]
    assert figures(Program(), cheaper, people=6, happenings=work)["cost of an accepted task"].value == 1e-9


def told_of_cost(*, tasks: int = 5, people: int = 6, others_usd: int = 20) -> str:
    """What an accepted task costs person 1, who has so many, beside others who have five each."""
    usage = [
        used(1, cost_nanousd=20 * DOLLAR),
        *(used(n, cost_nanousd=others_usd * DOLLAR) for n in range(2, people + 1)),
    ]
    work = [*done(1, tasks), *(one for n in range(2, people + 1) for one in done(n, 5))]
    return figures(Program(), usage, people=people, happenings=work)["cost of an accepted task"].text


def test_it_takes_five_tasks_and_as_many_peers_with_priced_use_to_compare() -> None:
    assert told_of_cost().startswith("$4.00; the 5 others in engineering")
    least = Program().boards.outcome.smallest_peer_group
    assert told_of_cost(people=least).startswith("$4.00; ")
    for too_little in (told_of_cost(tasks=4), told_of_cost(people=least - 1), told_of_cost(others_usd=0)):
        assert too_little.startswith("not compared: ")


def test_an_exception_shows_in_a_ceilings_figures() -> None:
    program = Program(
        budgets=(Budget(name="month", dollars=10), Budget(name="team", scope="team", dollars=20)),
    )
    more = (
        BudgetException(1, "month", "1", 5 * DOLLAR, False, 0, 10**18),
        BudgetException(2, "team", "red", 4 * DOLLAR, False, 0, 10**18),
    )
    found = figures(program, [used(cost_nanousd=3 * DOLLAR, unpriced_tokens=2), used(2)], exceptions=more)
    assert found['ceiling "month"'].text == (
        "$3.00 of $15.00 used in June, exceptions included. 2 tokens more have no known price and are not in this sum."
    )
    assert found['ceiling "team" of red'].text == (
        "your part in June is $3.00; an equal share of $24.00, exceptions included is $12.00."
    )


def test_a_ceiling_of_ones_own_is_told_in_full() -> None:
    program = Program(budgets=(Budget(name="month", dollars=10),))
    found = figures(program, [used(cost_nanousd=3 * DOLLAR, calls=7), used(2)])['ceiling "month"']
    assert (found.value, found.limit, found.unit, found.events) == (3.0, 10.0, "USD", 7)
    assert found.text.startswith("$3.00 of $10.00 used in June.")


def test_of_a_shared_ceiling_ones_own_part_alone_is_told() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", tokens=10_000),))
    usage = [used(tokens=3000, calls=7), used(2, tokens=5000, calls=9)]
    found = figures(program, usage)['ceiling "team" of red']
    assert (found.value, found.limit, found.unit, found.events) == (3000.0, 5000.0, "tokens", 7)
    assert found.text == ("your part in June is 3,000 tokens; an equal share of 10,000 tokens is 5,000 tokens.")


def test_a_week_has_a_limit_once_four_earlier_weeks_are_known() -> None:
    long_ago = TODAY - timedelta(days=6)
    known = figures(Program(), [*steady(1, 5 * DOLLAR, until=long_ago), used(cost_nanousd=30 * DOLLAR, calls=7)])
    week = known["cost of a week"]
    assert (week.value, week.limit, week.unit, week.events) == (30.0, 100.0, "USD", 7)
    assert week.text == "the last seven days cost $30.00; a usual week costs $25.00, $100.00 is the limit."
    a_nano_dollar = [used(day=TODAY - timedelta(days=7 * ago), cost_nanousd=1) for ago in range(1, 5)]
    tiny = figures(Program(), [*a_nano_dollar, used(cost_nanousd=30 * DOLLAR)])["cost of a week"]
    assert tiny.text.startswith("the last seven days cost $30.00; a usual week costs $0.0")
    new = figures(Program(), [used(cost_nanousd=30 * DOLLAR, calls=7)])["cost of a week"]
    assert (new.value, new.limit, new.unit, new.events) == (30.0, None, "USD", 7)
    assert new.text == "the last seven days cost $30.00; fewer than four earlier weeks are known to compare with."


def test_the_cost_of_an_accepted_task_is_told_where_there_is_something_to_compare_with() -> None:
    alone = figures(Program(), few_days(1, DOLLAR), happenings=done(1, 4))["cost of an accepted task"]
    assert alone == Figure(
        "cost of an accepted task",
        "not compared: 4 tasks in 28 days; it takes 5 with priced use, and peers with accepted work.",
        0.0,
        None,
        "USD per accepted task",
        4,
    )
    usage = [used(person_id, cost_nanousd=20 * DOLLAR) for person_id in range(1, 7)]
    work = [one for person_id in range(1, 7) for one in done(person_id, 20)]
    among = figures(Program(), usage, people=6, happenings=work)["cost of an accepted task"]
    assert (among.value, among.limit, among.unit, among.events) == (1.0, 5.656854249, "USD per accepted task", 20)
    assert among.text == "$1.00; the 5 others in engineering: $1.00 in the middle, $5.66 is the limit."


def test_flags_and_violations_that_are_open_are_counted_and_those_of_others_are_not() -> None:
    flags = tuple(
        Flag(person_id, FlagKind.PROMPT_LOOP, 0, 1, {}, "", state=state)
        for person_id, state in ((1, FlagState.OPEN), *[(1, FlagState.DISMISSED), (2, FlagState.OPEN)] * 2)
    )
    serious = Happening(1, MONDAY_NOON_US - 5, b"a", Policy("violation", "secrets", "high"))
    outside = Happening(1, MONDAY_NOON_US - 5, b"b", Policy("violation", "outside-tier", "low"))
    found = figures(Program(), steady(1), flags=flags, happenings=[serious, outside])
    assert found["open flags"] == Figure("open flags", "1.", 1, 0, "flags", 1)
    name = "serious violations that are open"
    assert found[name] == Figure(name, "1.", 1, 0, "violations", 1)
    tier = found["use outside the tier"]
    assert (tier.value, tier.limit, tier.unit, tier.events) == (1, 0, "days", 1)
    assert tier.text == "1 day of the last 28 with a model or a lane that the tier does not allow."
