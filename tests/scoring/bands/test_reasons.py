"""Every reason in full: what it says, what clears it, what helps, its value, limit, unit and the events behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
import pytest

from scoring.bands.band import Band, Reason, Rule
from scoring.bands.ceilings import ceiling_reasons
from scoring.events import Policy
from scoring.evidence import Happening
from scoring.exceptions import BudgetException
from scoring.flag import Flag, FlagKind, FlagState
from scoring.members import roster_of
from scoring.program import Budget, Program
from scoring.spending import add_up, use_case_meters
from scoring.usage import day_usage
from tests.builders import MONDAY_NOON_US
from tests.scoring.bands.people import CENT, DOLLAR, LATER, TODAY, bands, member, roster, steady, used
from tests.scoring.bands.test_rules import done, few_days

THRIFT = (
    "Give routine steps to a smaller model and reuse cached context, so that the rest goes further; "
    "ask for an exception where the work needs more."
)


def test_a_crossed_ceiling_of_ones_own() -> None:
    program = Program(budgets=(Budget(name="month", dollars=10, lane="production", owner="finance@acme.test"),))
    exception = BudgetException(7, "month", "1", DOLLAR, False, 0, 10**18)
    used_up = used(cost_nanousd=12 * DOLLAR, calls=3, unpriced_tokens=1)
    (reason,) = bands(program, roster(program, 1), [used_up], exceptions=(exception,))[1].reasons
    assert reason == Reason(
        rule=Rule.CEILING,
        band=Band.RED,
        text='You have used $12.00 for production in June, which is over the ceiling of $11.00 ("month", exceptions included; '
        "3 calls). 1 token more has no known price and is not in this sum.",
        clears="It clears when the next month begins, after 30 June, or with an exception (finance@acme.test decides).",
        advice=THRIFT,
        value=12.0,
        limit=11.0,
        unit="USD",
        events=3,
        about="month/",
    )


@pytest.mark.parametrize(
    ("period", "when", "clears"),
    [
        ("day", "on 1 June", "It clears when the next day begins, after 1 June, or with an exception."),
        ("week", "in the week from 1 June", "It clears when the next week begins, after 7 June, or with an exception."),
    ],
)
def test_a_ceiling_of_a_day_or_a_week_names_it(period: str, when: str, clears: str) -> None:
    program = Program(budgets=(Budget(name="own", tokens=1000, period=period),))
    (reason,) = bands(program, roster(program, 1), [used(tokens=1001)])[1].reasons
    assert (
        reason.text == f'You have used 1,001 tokens {when}, which is over the ceiling of 1,000 tokens ("own"; 1 call).'
    )
    assert reason.clears == clears
    assert (reason.value, reason.limit, reason.unit, reason.about) == (1001.0, 1000.0, "tokens", "own/")


def test_a_ceiling_is_crossed_above_it_and_soft_above_its_share_not_at_it() -> None:
    program = Program(budgets=(Budget(name="own", tokens=1000, soft=0.8),))

    def rules(tokens: int) -> list[Rule]:
        return [one.rule for one in bands(program, roster(program, 1), [used(tokens=tokens)])[1].reasons]

    assert [rules(tokens) for tokens in (800, 801, 1000, 1001)] == [
        [],
        [Rule.SOFT_LIMIT],
        [Rule.SOFT_LIMIT],
        [Rule.CEILING],
    ]


@pytest.mark.parametrize(("scope", "whose", "subject"), [("team", "Your team", "red"), ("tier", "The tier", "trusted")])
def test_a_shared_ceiling_that_is_nearly_used_up(scope: str, whose: str, subject: str) -> None:
    program = Program(budgets=(Budget(name="shared", scope=scope, tokens=1000, soft=0.5),))
    usage = [used(1, tokens=500, calls=2), used(2, tokens=100)]
    found = bands(program, roster(program, 3, tier="trusted"), usage)
    assert found[2].reasons == found[3].reasons == ()
    assert found[1].reasons == (
        Reason(
            rule=Rule.SOFT_LIMIT,
            band=Band.YELLOW,
            text=f'{whose} {subject} has nearly used up its ceiling of 1,000 tokens in June ("shared"). '
            "Your own part is 500 tokens; an equal share among the 2 people who used it is 250 tokens.",
            clears="It clears when the next month begins, after 30 June, or with an exception.",
            advice=THRIFT,
            value=500.0,
            limit=250.0,
            unit="tokens",
            events=2,
            about=f"shared/{subject}",
        ),
    )


def test_a_shared_ceiling_says_when_it_will_be_reached_and_of_one_user_that_it_is_one_person() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", dollars=10),))
    usage = [one for one in steady(1, 55 * CENT, until=LATER) if one.day.month == 6]
    (reason,) = bands(program, roster(program, 2), usage, today=LATER)[1].reasons
    assert reason.text == (
        'Your team red has nearly used up its ceiling of $10.00 in June ("team"). Your own part is $9.35; '
        "an equal share among the 1 person who used it is $8.00. At this pace the ceiling is reached on 25 June."
    )


def test_whoever_used_just_an_equal_share_of_a_shared_ceiling_hears_nothing() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", tokens=1000),))
    usage = [used(1, tokens=500), used(2, tokens=501)]
    found = bands(program, roster(program, 2), usage)
    assert (found[1].reasons, len(found[2].reasons)) == ((), 1)


def test_a_use_case_over_its_ceiling_speaks_of_the_part_in_it() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", dollars=10),))
    people = roster(program, 2)
    meters = use_case_meters(program, people, TODAY, ["agent-x"])["agent-x"]
    spent = add_up(
        [day_usage([used(1, cost_nanousd=9 * DOLLAR), used(2, cost_nanousd=2 * DOLLAR)])], people, meters, TODAY
    )
    ((position, reason),) = ceiling_reasons(spent, people, TODAY, {})
    assert (position, reason.about) == (0, "agents/agent-x")
    assert reason.text.startswith("The use case agent-x has crossed its ceiling of $10.00 in June")


def spiking(week: int) -> Reason:
    usage = [*steady(1, 5 * DOLLAR, until=TODAY - timedelta(days=6)), used(cost_nanousd=week * DOLLAR, calls=7)]
    (reason,) = bands(Program(), roster(Program(), 1), usage)[1].reasons
    return reason


def test_a_costly_week() -> None:
    spike = Reason(
        rule=Rule.COST_SPIKE,
        band=Band.YELLOW,
        text="The last seven days cost $120.00 (7 calls); your usual week costs $25.00, and $100.00 is the limit.",
        clears="It clears by itself once seven days together cost $100.00 or less.",
        advice="Look for an agent that was left running; if the work is planned, ask for an exception.",
        value=120.0,
        limit=100.0,
        unit="USD",
        events=7,
    )
    assert spiking(120) == spike
    assert spiking(400) == msgspec.structs.replace(
        spike,
        rule=Rule.EXTREME_COST_SPIKE,
        band=Band.RED,
        text="The last seven days cost $400.00 (7 calls); your usual week costs $25.00, and $300.00 is the limit.",
        value=400.0,
        limit=300.0,
    )


def test_the_usual_week_is_each_persons_own_middle_one_of_those_with_any_cost() -> None:
    past = [
        used(person, TODAY - timedelta(days=7 * weeks), cost_nanousd=cost * person * DOLLAR)
        for person in (1, 2)
        for weeks, cost in ((1, 20), (2, 30), (3, 70), (5, 40))
    ]
    found = bands(Program(), roster(Program(), 2), [*past, *(used(one, cost_nanousd=999 * DOLLAR) for one in (1, 2))])
    assert [found[one].reasons[0].text.split("; ")[1] for one in (1, 2)] == [
        "your usual week costs $35.00, and $420.00 is the limit.",
        "your usual week costs $70.00, and $840.00 is the limit.",
    ]


@pytest.mark.parametrize(("weeks", "is_known"), [((1, 2, 3), False), ((1, 2, 3, 4), True)])
def test_four_weeks_with_any_cost_are_a_past(weeks: Sequence[int], is_known: bool) -> None:
    past = [used(day=TODAY - timedelta(days=7 * ago), cost_nanousd=DOLLAR) for ago in weeks]
    found = bands(Program(), roster(Program(), 1), [*past, used(cost_nanousd=999 * DOLLAR)])[1]
    assert bool(found.reasons) is is_known


def test_a_week_at_the_extreme_limit_is_not_beyond_it() -> None:
    at_the_limit, beyond = spiking(300), spiking(301)
    assert (at_the_limit.rule, at_the_limit.limit) == (Rule.COST_SPIKE, 100.0)
    assert (beyond.rule, beyond.limit) == (Rule.EXTREME_COST_SPIKE, 300.0)


def of_little_value(cost: int, *, unpriced_tokens: int = 0, is_accepted: bool = True) -> tuple[Reason, ...]:
    """What is said of person 1, for whom 20 tasks cost so many dollars; for the five others they cost a dollar each."""
    usage = [one for person_id in range(1, 7) for one in few_days(person_id, 0)]
    usage += [used(person_id, cost_nanousd=20 * DOLLAR) for person_id in range(2, 7)]
    usage += [used(1, cost_nanousd=cost * DOLLAR, unpriced_tokens=unpriced_tokens)]
    work = [one for person_id in range(2, 7) for one in done(person_id, 20)]
    work += done(1, 20, is_accepted=is_accepted)
    return bands(Program(), roster(Program(), 6), usage, happenings=work)[1].reasons


def test_accepted_work_that_costs_too_much() -> None:
    assert of_little_value(200, unpriced_tokens=5) == (
        Reason(
            rule=Rule.LOW_VALUE,
            band=Band.YELLOW,
            text="Each accepted task costs you $10.00, quality counted in ($200.00 for 20 tasks in 28 days, "
            "20 of them accepted). The 5 others in engineering: $1.00 in the middle; with 20 tasks the limit is $5.66. "
            "5 tokens more have no known price and are not in this sum.",
            clears="It clears when that is $5.66 or less.",
            advice="Stop runs that lead nowhere, give routine steps to a smaller model, and have work reviewed early so that "
            "more of it is accepted.",
            value=10.0,
            limit=5.656854249,
            unit="USD per accepted task",
            events=4 + 20,
        ),
    )


def test_whoever_has_too_few_peers_of_their_function_is_held_against_all_and_seen_after_others() -> None:
    program = Program()
    people = roster_of(
        member(person_id, program, function="legal" if person_id == 9 else "engineering") for person_id in range(1, 10)
    )
    usage = [one for person_id in range(1, 10) for one in few_days(person_id, 0)]
    usage += [used(person_id, cost_nanousd=(200 if person_id in (8, 9) else 20) * DOLLAR) for person_id in range(1, 10)]
    work = [one for person_id in range(1, 10) for one in done(person_id, 20)]
    found = bands(program, people, usage, happenings=work)
    assert {person_id: len(one.reasons) for person_id, one in found.items() if one.reasons} == {8: 1, 9: 1}
    assert "The 7 others in engineering: $1.00 in the middle" in found[8].reasons[0].text
    assert "The 8 others in the cohort: $1.00 in the middle" in found[9].reasons[0].text


def test_nothing_accepted_costs_more_than_any_limit() -> None:
    (reason,) = of_little_value(1, is_accepted=False)
    assert reason.text == (
        "Nothing was accepted yet, quality counted in ($1.00 for 20 tasks in 28 days, 0 of them accepted). "
        "The 5 others in engineering: $1.00 in the middle; with 20 tasks the limit is $5.66."
    )
    assert reason.value == 10**9


def test_where_half_of_the_peers_have_nothing_accepted_there_is_no_cost_to_compare_with() -> None:
    for without in (4, 5, 6):
        usage = [one for person_id in range(1, 7) for one in few_days(person_id, DOLLAR)]
        work = [one for person_id in range(1, 7) for one in done(person_id, 20, is_accepted=person_id > without)]
        found = bands(Program(), roster(Program(), 6), usage, happenings=work)
        assert [one.reasons for one in found.values()] == [()] * 6


def of_work_of(qualities: Mapping[int, float | None], *, cost: int) -> Reason:
    """What is said of person 1, whose 20 tasks cost so many dollars; those of each of the others cost 20."""
    usage = [one for person_id in qualities for one in few_days(person_id, 0)]
    usage += [used(person_id, cost_nanousd=(cost if person_id == 1 else 20) * DOLLAR) for person_id in qualities]
    work = [
        msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, quality=quality))
        for person_id, quality in qualities.items()
        for one in done(person_id, 20)
    ]
    (reason,) = bands(Program(), roster(Program(), len(qualities)), usage, happenings=work)[1].reasons
    return reason


def test_unmeasured_quality_is_taken_for_the_peers_middle_one() -> None:
    qualities = {1: None, 2: 0.25, 3: 0.5, 4: 0.5, 5: 0.5, 6: 1.0}
    reason = of_work_of(qualities, cost=200)
    assert reason.text.startswith("Each accepted task costs you $20.00, quality counted in")
    assert "$2.00 in the middle" in reason.text


def test_known_quality_is_ones_own() -> None:
    qualities = {1: 0.25, 2: 0.5, 3: 0.5, 4: 0.5, 5: 0.5, 6: 0.5}
    reason = of_work_of(qualities, cost=100)
    assert reason.value == 20.0  # 100 dollars for 20 tasks of a quarter of their worth


def test_less_than_a_whole_task_accepted_is_still_some() -> None:
    usage = [one for person_id in range(1, 7) for one in few_days(person_id, 0)]
    usage += [used(person_id, cost_nanousd=20 * DOLLAR) for person_id in range(1, 7)]
    hers = [*done(1, 1), *done(1, 20, is_accepted=False)[1:]]
    half = msgspec.structs.replace(hers[0].fact, quality=0.5)
    work = [msgspec.structs.replace(hers[0], fact=half), *hers[1:]]
    work += [one for person_id in range(2, 7) for one in done(person_id, 20)]
    (reason,) = bands(Program(), roster(Program(), 6), usage, happenings=work)[1].reasons
    assert reason.value == 40.0


def test_an_open_flag() -> None:
    decided = Flag(1, FlagKind.IDLE_BURN, 0, 1, {}, "Decided.", state=FlagState.CONFIRMED)
    flag = Flag(1, FlagKind.PROMPT_LOOP, 0, 1, {}, "The same prompt 40 times.", keys=(b"a", b"b"), strength=1.23456)
    found = bands(Program(), roster(Program(), 1), steady(1), flags=(decided, flag))[1].reasons
    assert found == (
        Reason(
            rule=Rule.OPEN_FLAG,
            band=Band.YELLOW,
            text="The same prompt 40 times.",
            clears="It clears when a person has looked at it and found a good reason.",
            advice="Say what it was: a person decides, and until then nothing is.",
            value=1.235,
            limit=1.0,
            unit="times the limit",
            events=2,
            about="prompt_loop",
        ),
    )


def test_a_serious_violation() -> None:
    seen = Happening(1, MONDAY_NOON_US - 5, b"a", Policy("violation", "secrets", "high"))
    assert bands(Program(), roster(Program(), 1), steady(1), happenings=[seen])[1].reasons == (
        Reason(
            rule=Rule.POLICY_VIOLATION,
            band=Band.RED,
            text='A serious violation of "secrets" from 1 June is open; none may be.',
            clears='It clears when AI ops or a milestone named "secrets" settles it.',
            advice="Talk with AI ops about what happened; they settle it with you.",
            value=1.0,
            limit=0.0,
            unit="violations",
            events=1,
            about="secrets",
        ),
    )
