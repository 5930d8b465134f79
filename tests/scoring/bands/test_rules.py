"""Each rule at its limit, what its reason says, and what must stay true of all of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.bands.band import Band, RawBand, Reason, Rule, banded
from scoring.bands.ceilings import ceiling_reasons
from scoring.events import Lane, Outcome, Policy
from scoring.evidence import Happening
from scoring.exceptions import BudgetException
from scoring.flag import Flag, FlagKind, FlagState
from scoring.program import Bands, Budget, Program
from scoring.spending import add_up, use_case_meters
from scoring.usage import UsageDay, day_usage
from tests.builders import MONDAY_NOON_US
from tests.scoring.bands.people import CENT, DOLLAR, LATER, TODAY, bands, email, roster, steady, used

HOUR_US = 3_600_000_000
MONTH = Program(budgets=(Budget(name="month", dollars=10, owner="finance@acme.test"),))


def rules_of(band: RawBand) -> list[Rule]:
    return [one.rule for one in band.reasons]


def few_days(person_id: int, cost_nanousd: int, day: date = TODAY) -> list[UsageDay]:
    return [used(person_id, day - timedelta(days=ago), cost_nanousd=cost_nanousd) for ago in range(3)]


def test_without_budgets_a_steady_person_is_green_and_a_stranger_has_no_data() -> None:
    found = bands(Program(), roster(Program(), 2), steady(1))
    assert (found[1].band, found[2].band) == (Band.GREEN, Band.NO_DATA)
    assert found[1].reasons == found[2].reasons == ()


def test_two_days_of_use_are_too_little_to_say_anything() -> None:
    found = bands(Program(), roster(Program(), 1), [used(), used(day=TODAY - timedelta(days=1))])
    assert found[1].band is Band.NO_DATA


def test_whoever_does_not_take_part_has_no_band() -> None:
    assert bands(MONTH, roster(MONTH, 1, is_in_cohort=False), [used(cost_nanousd=99 * DOLLAR)]) == {}


def test_a_crossed_ceiling_is_red_and_says_what_clears_it() -> None:
    (reason,) = bands(MONTH, roster(MONTH, 1), [used(cost_nanousd=11 * DOLLAR)])[1].reasons
    assert (reason.rule, reason.band, reason.value, reason.limit) == (Rule.CEILING, Band.RED, 11.0, 10.0)
    assert reason.text == ('You have used $11.00 in June, which is over the ceiling of $10.00 ("month"; 1 call).')
    assert reason.clears == (
        "It clears when the next month begins, after 30 June, or with an exception (finance@acme.test decides)."
    )


def test_the_soft_share_is_yellow_with_the_day_on_which_the_ceiling_is_reached() -> None:
    usage = [one for one in steady(1, 55 * CENT, until=LATER) if one.day.month == 6]
    (reason,) = bands(MONTH, roster(MONTH, 1), usage, today=LATER)[1].reasons
    assert (reason.rule, reason.band, reason.value, reason.limit) == (Rule.SOFT_LIMIT, Band.YELLOW, 9.35, 8.0)
    assert reason.text == (
        'You have used $9.35 in June, 93 % of the ceiling of $10.00 ("month"; 17 calls). '
        "At this pace the ceiling is reached on 25 June."
    )


def test_a_sum_of_dollars_says_what_has_no_price() -> None:
    usage = [used(cost_nanousd=9 * DOLLAR, unpriced_tokens=5000)]
    (reason,) = bands(MONTH, roster(MONTH, 1), usage)[1].reasons
    assert reason.text.endswith("5,000 tokens more have no known price and are not in this sum.")


def test_an_exception_keeps_green_while_it_holds() -> None:
    usage = [*few_days(1, DOLLAR), used(cost_nanousd=11 * DOLLAR)]
    noon = MONDAY_NOON_US
    for until_us, band in ((noon + 1, Band.GREEN), (noon, Band.RED)):
        exception = BudgetException(1, "month", "1", 10 * DOLLAR, False, 0, until_us)
        assert bands(MONTH, roster(MONTH, 1), usage, exceptions=(exception,))[1].band is band


def test_a_shared_ceiling_speaks_of_those_alone_who_used_more_than_an_equal_share_and_tells_no_total() -> None:
    program = Program(budgets=(Budget(name="team", scope="team", dollars=10),))
    usage = [used(1, cost_nanousd=9 * DOLLAR), used(2, cost_nanousd=2 * DOLLAR), *steady(3, CENT)]
    found = bands(program, roster(program, 4), usage)
    assert [found[one].band for one in (1, 2, 3, 4)] == [Band.RED, Band.NO_DATA, Band.GREEN, Band.NO_DATA]
    (reason,) = found[1].reasons
    assert (reason.value, reason.limit, reason.events) == (9.0, 5.0, 1)
    assert reason.text == (
        'Your team red has crossed its ceiling of $10.00 in June ("team"). '
        "Your own part is $9.00; an equal share among the 2 people who used it is $5.00."
    )


def test_what_a_machine_used_up_is_no_persons_reason() -> None:
    program = Program(budgets=(Budget(name="agents", scope="use_case", dollars=10),))
    people = roster(program, 1)
    meters = use_case_meters(program, people, TODAY, ["agents"])["agents"]
    spending = add_up([day_usage([used(0, cost_nanousd=50 * DOLLAR), *few_days(1, DOLLAR)])], people, meters, TODAY)
    assert list(ceiling_reasons(spending, people, TODAY, {})) == []


@pytest.mark.parametrize(("week", "band"), [(100, Band.GREEN), (101, Band.YELLOW), (300, Band.YELLOW), (301, Band.RED)])
def test_a_week_of_many_times_the_usual_one_is_a_spike(week: int, band: Band) -> None:
    usage = [*steady(1, 5 * DOLLAR, until=TODAY - timedelta(days=6)), used(cost_nanousd=week * DOLLAR)]
    found = bands(Program(), roster(Program(), 1), usage)[1]
    assert found.band is band
    if found.reasons:
        assert found.reasons[0].text.startswith(
            f"The last seven days cost ${week}.00 (1 call); your usual week costs $25.00"
        )


@pytest.mark.parametrize(("week", "band"), [(390, Band.YELLOW), (410, Band.RED)])
def test_whose_work_comes_in_lumps_is_held_against_the_heaviest_week_too(week: int, band: Band) -> None:
    lump = used(day=TODAY - timedelta(days=20), cost_nanousd=75 * DOLLAR)  # a week of $100, four times the usual
    usage = [*steady(1, 5 * DOLLAR, until=TODAY - timedelta(days=6)), lump, used(cost_nanousd=week * DOLLAR)]
    assert bands(Program(), roster(Program(), 1), usage)[1].band is band


def test_a_spike_below_the_floor_or_without_a_past_is_none() -> None:
    cheap = [*steady(1, CENT, until=TODAY - timedelta(days=6)), used(cost_nanousd=20 * DOLLAR)]
    new = [*steady(2, DOLLAR, weeks=3), used(2, cost_nanousd=900 * DOLLAR)]
    found = bands(Program(), roster(Program(), 2), [*cheap, *new])
    assert (found[1].band, found[2].band) == (Band.GREEN, Band.GREEN)


def test_a_spike_that_an_own_exception_foresees_is_none() -> None:
    usage = [*steady(1, 5 * DOLLAR, until=TODAY - timedelta(days=6)), used(cost_nanousd=900 * DOLLAR)]
    exception = BudgetException(1, "month", "1", 10**15, True, 0, 10**18)
    assert bands(Program(), roster(Program(), 1), usage, exceptions=(exception,))[1].band is Band.GREEN


def done(person_id: int, count: int, *, is_accepted: bool = True) -> list[Happening]:
    outcome = Outcome("pull_request_merged", is_accepted=is_accepted)
    return [
        Happening(
            person_id,
            MONDAY_NOON_US - (number + 1) * 5 * HOUR_US,
            f"{person_id}-{number}".encode(),
            msgspec.structs.replace(outcome, task=f"{person_id}-{number}"),
        )
        for number in range(count)
    ]


def low_value(cost: int, *, people: int = 6, tasks: int = 20, is_accepted: bool = True) -> RawBand:
    """The band of the first of so many peers with as many tasks, of whom the others pay a dollar for each."""
    usage = [one for person_id in range(1, people + 1) for one in few_days(person_id, 0)]
    usage += [used(person_id, cost_nanousd=tasks * DOLLAR) for person_id in range(2, people + 1)]
    usage += [used(1, cost_nanousd=cost)]
    work = [one for person_id in range(2, people + 1) for one in done(person_id, tasks)]
    work += done(1, tasks, is_accepted=is_accepted)
    return bands(Program(), roster(Program(), people), usage, happenings=work)[1]


def test_accepted_work_at_many_times_the_peers_cost_is_yellow() -> None:
    # n / (n + k) with 20 tasks and a prior of 5 puts the limit at 4 to the power of 1.25 times the median.
    limit = 4**1.25
    assert low_value(int(20 * limit * DOLLAR * 0.99)).band is Band.GREEN
    (reason,) = low_value(int(20 * limit * DOLLAR * 1.01)).reasons
    assert (reason.rule, reason.band) == (Rule.LOW_VALUE, Band.YELLOW)
    assert reason.limit == pytest.approx(limit)
    assert reason.events == 4 + 20  # calls and tasks
    assert "The 5 others in engineering: $1.00 in the middle; with 20 tasks the limit is $5.66." in reason.text


def test_few_tasks_few_peers_or_no_cost_say_nothing_of_value() -> None:
    assert low_value(900 * DOLLAR, tasks=4).band is Band.GREEN
    assert low_value(900 * DOLLAR, people=4).band is Band.GREEN
    assert low_value(0).band is Band.GREEN


def test_nothing_accepted_is_the_lowest_value() -> None:
    (reason,) = low_value(DOLLAR, is_accepted=False).reasons
    assert reason.rule is Rule.LOW_VALUE
    assert reason.text.startswith("Nothing was accepted yet, quality counted in ($1.00 for 20 tasks in 28 days, 0 of")


def test_an_open_flag_is_yellow_and_a_decided_one_is_not() -> None:
    for state, band in zip(FlagState, (Band.YELLOW, Band.GREEN, Band.GREEN), strict=True):
        flag = Flag(1, FlagKind.PROMPT_LOOP, 0, 1, {}, "The same prompt 40 times.", state=state)
        assert bands(Program(), roster(Program(), 1), steady(1), flags=(flag,))[1].band is band


def test_a_serious_violation_is_red_until_a_milestone_of_its_name_settles_it() -> None:
    seen = Happening(1, MONDAY_NOON_US - 5, b"a", Policy("violation", "secrets", "high"))
    settled = Happening(1, MONDAY_NOON_US - 4, b"b", Policy("milestone", "secrets"))
    small = Happening(1, MONDAY_NOON_US - 5, b"a", Policy("violation", "secrets", "medium"))
    people = roster(Program(), 1)
    red = bands(Program(), people, steady(1), happenings=[seen])[1]
    assert red.band is Band.RED
    assert [(one.about, one.value, one.limit, one.events) for one in red.reasons] == [("secrets", 1, 0, 1)]
    assert bands(Program(), people, steady(1), happenings=[seen, settled])[1].band is Band.GREEN
    assert bands(Program(), people, steady(1), happenings=[small])[1].band is Band.GREEN


def test_what_is_merely_asserted_never_warns() -> None:
    usage = [msgspec.structs.replace(used(cost_nanousd=10**15), is_asserted=True), *steady(1, DOLLAR)]
    program = Program(budgets=(Budget(name="month", dollars=100),))
    assert bands(program, roster(program, 1), usage)[1].band is Band.GREEN


def test_the_worst_reason_comes_first() -> None:
    flag = Flag(1, FlagKind.IDLE_BURN, 0, 1, {}, "A long session without an outcome.")
    band = bands(MONTH, roster(MONTH, 1), [used(cost_nanousd=11 * DOLLAR)], flags=(flag,))[1]
    assert rules_of(band) == [Rule.CEILING, Rule.OPEN_FLAG]


def test_of_two_that_are_as_grave_the_one_further_beyond_its_limit_comes_first() -> None:
    program = Program(
        budgets=(
            Budget(name="much in dollars", dollars=20),
            Budget(name="more", tokens=1000),
            Budget(name="a cent", dollars=Decimal("0.5"), period="week"),
        )
    )
    band = bands(program, roster(program, 1), [used(cost_nanousd=40 * DOLLAR, tokens=3000)])[1]
    assert [one.about for one in band.reasons] == ["a cent/", "more/", "much in dollars/"]


def test_of_two_that_are_as_grave_with_limits_below_one_too() -> None:
    def beyond(about: str, value: float, limit: float) -> Reason:
        return Reason(Rule.COST_SPIKE, Band.YELLOW, "", "", "", value, limit, "USD", 1, about)

    found = banded(1, (beyond("five times", 10.0, 2.0), beyond("six times", 3.0, 0.5)), is_enough_seen=True)
    assert [one.about for one in found.reasons] == ["six times", "five times"]


def test_every_crossed_ceiling_speaks_also_after_one_with_room_left() -> None:
    room = BudgetException(1, "month", "1", 90 * DOLLAR, False, 0, 10**18)
    usage = [used(person_id, cost_nanousd=11 * DOLLAR) for person_id in (1, 2, 3)]
    found = bands(MONTH, roster(MONTH, 3), usage, exceptions=(room,))
    assert [rules_of(found[one]) for one in (1, 2, 3)] == [[], [Rule.CEILING], [Rule.CEILING]]


PROGRAM = Program(
    budgets=(
        Budget(name="own", dollars=20),
        Budget(name="a day", period="day", tokens=50_000),
        Budget(name="team", scope="team", period="week", dollars=30),
        Budget(name="sandbox", lane="exploration", dollars=5),
    ),
    bands=Bands(spike_dollars=10, extreme_dollars=40),
)
people_usage = st.lists(
    st.builds(
        UsageDay,
        st.integers(1, 8),
        st.dates(TODAY - timedelta(days=62), TODAY),
        st.sampled_from(list(Lane)),
        st.sampled_from([False, False, True]),
        calls=st.integers(1, 5),
        tokens=st.integers(0, 30_000),
        output_tokens=st.integers(0, 10),
        cost_nanousd=st.integers(0, 8 * DOLLAR),
    ),
    max_size=80,
)


@given(people_usage, st.integers(1, 8), st.integers(1, 60 * DOLLAR), st.sampled_from(list(Lane)), st.integers(0, 6))
def test_more_use_now_never_gives_a_better_band(
    usage: list[UsageDay], person_id: int, more: int, lane: Lane, days_ago: int
) -> None:
    people = roster(PROGRAM, 8)
    work = [one for number in range(1, 9) for one in done(number, 6)]
    before = bands(PROGRAM, people, usage, happenings=work)[person_id]
    extra = used(person_id, TODAY - timedelta(days=days_ago), cost_nanousd=more, tokens=more // CENT, lane=lane)
    after = bands(PROGRAM, people, [*usage, extra], happenings=work)[person_id]
    assert after.band.severity >= before.band.severity
    if before.band is not Band.NO_DATA:
        assert after.band is not Band.NO_DATA


@given(people_usage, st.integers(1, 8))
def test_asserted_use_changes_nobodys_band(usage: list[UsageDay], person_id: int) -> None:
    people = roster(PROGRAM, 8)
    extra = used(person_id, cost_nanousd=10**15, tokens=10**9, is_asserted=True)
    assert bands(PROGRAM, people, [*usage, extra]) == bands(PROGRAM, people, usage)


@given(people_usage, st.integers(1, 8), st.booleans())
def test_an_exception_never_gives_a_worse_band(usage: list[UsageDay], person_id: int, is_total: bool) -> None:
    people = roster(PROGRAM, 8)
    exception = BudgetException(1, "own", str(person_id), 10 * DOLLAR, is_total, 0, 10**18)
    before, after = bands(PROGRAM, people, usage), bands(PROGRAM, people, usage, exceptions=(exception,))
    assert after[person_id].band.severity <= before[person_id].band.severity
    others = set(before) - {person_id}
    assert [before[one] for one in others] == [after[one] for one in others]


@given(people_usage)
def test_every_reason_has_a_value_beyond_its_limit_and_a_way_out(usage: list[UsageDay]) -> None:
    people = roster(PROGRAM, 8)
    for band in bands(PROGRAM, people, usage, happenings=done(1, 9)).values():
        assert band.band.severity == max((one.band.severity for one in band.reasons), default=0)
        for reason in band.reasons:
            assert reason.value > reason.limit
            assert reason.text
            assert reason.clears
            assert reason.events > 0
            assert email(band.person_id) not in reason.text
