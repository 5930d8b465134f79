"""What each part of an outcome score says: its value, what it is compared with, its points, and how sure they are."""

from __future__ import annotations

import msgspec
import pytest

from scoring.boards.outcome import score
from scoring.dimensions import DIMENSIONS
from scoring.events import Outcome
from scoring.evidence import Evidence, Happening, LaneUsage, Person
from scoring.measures import measure
from scoring.program import OutcomeBoard, Program
from scoring.standings import Component
from scoring.window import window_before
from tests.scoring.boards.test_outcome import company, standings
from tests.scoring.companies import HOUR_US, WINDOW, happening, with_happenings


def parts(evidence: Evidence, rules: OutcomeBoard | None = None) -> dict[int, dict[str, Component]]:
    found = score(evidence.people, measure(evidence), rules or OutcomeBoard())
    return {person_id: {one.name: one for one in components} for person_id, components in found.items()}


def test_each_part_says_all_its_figures() -> None:
    """The four others stand a half and one and a half doublings to either side of their median."""
    found = parts(company(1, 2, 4, 8, 16))[0]
    assert found == {
        "efficiency": Component(
            name="efficiency",
            value=pytest.approx(0.1),
            unit="USD per accepted task",
            samples=10,
            typical=pytest.approx(0.2 * 2**1.5),
            placement=pytest.approx(0.86242, abs=0.00001),
            points=398.037,
            max_points=461.538,
            text="$0.10 for each accepted task, quality counted in ($1.00 over 10 calls, 10 tasks). "
            "The 4 others in the cohort: $0.57 in the middle.",
            standard_error=59.455,
        ),
        "quality": Component(
            name="quality",
            value=1,
            unit="share",
            samples=10,
            typical=1,
            placement=0.5,
            points=192.308,
            max_points=384.615,
            text="10 of 10 tasks accepted. The 4 others in the cohort: 100 % in the middle.",
            standard_error=111.029,
        ),
        "adoption": Component(
            name="adoption",
            value=1.0,
            unit="share of steady weeks",
            samples=10,
            typical=1.0,
            placement=0.5,
            points=76.923,
            max_points=153.846,
            text="Accepted work in 3 of 4 weeks; 3 are steady. The 4 others in the cohort: 100 % in the middle.",
            standard_error=44.412,
        ),
    }


def test_whose_others_have_too_few_prices_are_compared_in_tokens_and_the_rest_in_dollars() -> None:
    """Of five, the first two have prices: each of them sees one priced other of four, and the rest two."""
    evidence = company(1, 2, 4, 8, 16)

    def used(one: LaneUsage) -> LaneUsage:
        if one.person_id < 2:
            return one
        tokens = 1000 * 2**one.person_id
        return msgspec.structs.replace(one, cost_nanousd=0, unpriced_calls=10, tokens=tokens, unpriced_tokens=tokens)

    found = parts(msgspec.structs.replace(evidence, usage=tuple(map(used, evidence.usage))))
    assert [(one["efficiency"].value, one["efficiency"].unit) for one in found.values()] == [
        (100, "tokens per accepted task"),
        (100, "tokens per accepted task"),
        (pytest.approx(0.6), "USD per accepted task"),
        (pytest.approx(1.2), "USD per accepted task"),
        (pytest.approx(2.4), "USD per accepted task"),
    ]
    assert [one["efficiency"].typical for one in found.values()] == [
        pytest.approx(100 * 2**2.5),
        pytest.approx(100 * 2**2.5),
        *[pytest.approx(0.1 * 2**0.5)] * 3,
    ]
    assert "tasks; tokens without a price at what peers pay)" in found[2]["efficiency"].text
    assert found[0]["efficiency"].text == (
        "100 tokens for each accepted task, quality counted in (1,000 tokens over 10 calls, 10 tasks). "
        "The 4 others in the cohort: 566 tokens in the middle."
    )
    assert found[0]["quality"].unit == "share"
    assert found[0]["quality"].text == "10 of 10 tasks accepted. The 4 others in the cohort: 100 % in the middle."
    assert found[2]["efficiency"].text.endswith("The 4 others in the cohort: $0.14 in the middle.")


def with_errors(evidence: Evidence, *errors: tuple[int, int]) -> Evidence:
    """A further task of a person for each of ``errors``, which holds so many."""
    tasks = (
        happening(
            person_id,
            f"e{number}",
            WINDOW.start_us + (number + 1) * HOUR_US,
            Outcome("ticket_resolved", task=f"e{number}", errors=count),
        )
        for number, (person_id, count) in enumerate(errors)
    )
    return with_happenings(evidence, *tasks)


def test_what_was_measured_of_others_alone_counts_as_average() -> None:
    found = parts(with_errors(company(1, 1, 1, 1, 1), (1, 0), (2, 1), (2, 1)))
    assert found[0]["reliability"] == Component(
        name="reliability",
        value=None,
        unit="faults per task",
        samples=0,
        typical=None,
        placement=0.5,
        points=93.75,
        max_points=187.5,
        text="Not measured yet, so it counts as average.",
        standard_error=54.127,
    )
    faultless, faulty = found[1]["reliability"], found[2]["reliability"]
    assert (faultless.value, faultless.samples, faultless.typical) == (0, 1, 1)
    assert (faulty.value, faulty.samples, faulty.typical) == (1, 2, 0)
    assert faulty.placement < 0.5 < faultless.placement
    assert faultless.text == (
        "0 faults in 1 task (errors, escalations, incidents). "
        "The 4 others in the cohort: 1.00 faults per task in the middle."
    )


def test_what_nobody_else_has_been_measured_in_is_said_and_counts_as_average() -> None:
    found = parts(with_errors(company(1, 1, 1, 1, 1), (1, 1)))
    assert found[1]["reliability"] == Component(
        name="reliability",
        value=1,
        unit="faults per task",
        samples=1,
        typical=None,
        placement=0.5,
        points=93.75,
        max_points=187.5,
        text="1 fault in 1 task (errors, escalations, incidents).",
        standard_error=54.127,
    )


def test_where_no_use_was_seen_of_anybody_the_cost_of_all_counts_as_average() -> None:
    found = parts(msgspec.structs.replace(company(1, 2), usage=()))
    told = [(one["efficiency"].value, one["efficiency"].placement, one["efficiency"].samples) for one in found.values()]
    assert told == [(None, 0.5, 0)] * 2


def test_the_only_one_with_prices_is_compared_in_tokens_and_the_other_in_dollars() -> None:
    evidence = company(1, 2)
    priced, other = evidence.usage
    other = msgspec.structs.replace(other, cost_nanousd=0, unpriced_calls=10, unpriced_tokens=1000)
    found = parts(msgspec.structs.replace(evidence, usage=(priced, other)))
    assert (found[0]["efficiency"].value, found[0]["efficiency"].unit) == (100, "tokens per accepted task")
    assert found[1]["efficiency"].value == pytest.approx(0.1)
    assert found[1]["efficiency"].standard_error > 0


@pytest.mark.parametrize(("tasks", "quality"), [(0, None), (1, 1.0)])
def test_quality_is_known_from_the_first_task_on(tasks: int, quality: float | None) -> None:
    evidence = company(1, 1, tasks=1)
    one_of_two = [one for one in evidence.happenings if one.person_id == 1 or tasks]
    found = parts(msgspec.structs.replace(evidence, happenings=tuple(one_of_two)))
    assert found[0]["quality"].value == quality


def test_who_got_nothing_accepted_has_no_cost_of_a_task_and_stands_last() -> None:
    evidence = company(1, 2, 3)
    refused = tuple(
        msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, is_accepted=False))
        if one.person_id == 1
        else one
        for one in evidence.happenings
    )
    found = parts(msgspec.structs.replace(evidence, happenings=refused))[1]["efficiency"]
    assert (found.value, found.samples, found.placement) == (None, 10, 0)
    assert found.text == "Nothing accepted yet for $2.00 over 10 calls."


def test_a_part_weighs_what_it_weighs_among_those_that_anybody_has_events_of() -> None:
    boards = OutcomeBoard.model_validate({"weights": {"efficiency": 0.5, "quality": 1.5, "adoption": 0}})
    found = parts(company(1, 2), boards)
    assert [{name: one.max_points for name, one in part.items()} for part in found.values()] == [
        {"efficiency": 250, "quality": 750},
        {"efficiency": 250, "quality": 750},
    ]


def test_parts_are_never_worth_more_than_a_thousand_together() -> None:
    boards = OutcomeBoard.model_validate(
        {"weights": {"efficiency": 4, "quality": 1, "adoption": 1, "cycle_time": 0, "reliability": 0, "compliance": 0}}
    )
    found = parts(company(1, 2), boards)[0]
    assert {name: one.max_points for name, one in found.items()} == {
        "efficiency": 666.666,
        "quality": 166.666,
        "adoption": 166.666,
    }


def test_a_task_weighs_more_where_the_prior_is_weaker() -> None:
    evidence = company(1, 2, 4, 8, 16)
    weak, strong = (parts(evidence, OutcomeBoard(prior_samples=count))[0]["efficiency"] for count in (0, 90))
    # The others stand 1.5 and 0.5 doublings to either side of their median, and a spread is 1.4826: whole, the figure is 2.5
    # from it, and a tenth of that 0.25.
    assert (weak.placement, weak.standard_error) == (pytest.approx((0.83725 + 3) / 4, abs=0.00001), 0)
    assert strong.placement == pytest.approx((0.07844 + 0.41569 + 0.75293 + 1) / 4, abs=0.00001)


def test_each_function_is_compared_within_and_the_rest_with_everybody() -> None:
    evidence = company(*[1, 2, 4, 8, 16], *[1, 1, 1, 1, 1], 3)
    functions = [*["engineering"] * 5, *["legal"] * 5, "sales"]
    people = tuple(Person(number, function=function) for number, function in enumerate(functions))
    found = parts(msgspec.structs.replace(evidence, people=people))
    assert sorted(found) == list(range(11))
    assert [found[number]["efficiency"].text.split(". ")[1] for number in (0, 5, 10)] == [
        "The 4 others in engineering: $0.57 in the middle.",
        "The 4 others in legal: $0.10 in the middle.",
        "The 10 others in the cohort: $0.10 in the middle.",
    ]


def test_advice_is_for_the_part_with_most_left_to_gain() -> None:
    evidence = company(1, 2, 4, 8, 16)
    half_refused = tuple(
        msgspec.structs.replace(one, fact=msgspec.structs.replace(one.fact, is_accepted=number % 2 == 0))
        if one.person_id == 0
        else one
        for number, one in enumerate(evidence.happenings)
    )
    entries = standings(msgspec.structs.replace(evidence, happenings=half_refused)).entries
    advice = {entry.person_id: entry.next_step for entry in entries}
    assert advice[0].startswith("Review the AI's draft before you hand it in")
    assert advice[4].startswith("Try a smaller model for routine steps")


@pytest.mark.parametrize(("tasks", "weeks", "share"), [(3, 1, 1 / 3), (6, 2, 2 / 3), (10, 3, 1), (13, 4, 1)])
def test_three_weeks_in_four_are_steady(tasks: int, weeks: int, share: float) -> None:
    adoption = parts(company(1, 2, tasks=tasks))[0]["adoption"]  # every other day
    assert adoption.value == pytest.approx(share)
    assert adoption.text.startswith(f"Accepted work in {weeks} of 4 weeks; 3 are steady.")


@pytest.mark.parametrize(("days", "steady"), [(14, 2), (21, 3), (28, 3), (35, 4), (84, 9)])
def test_of_a_window_of_other_length_a_quarter_may_be_off_too(days: int, steady: int) -> None:
    evidence = msgspec.structs.replace(company(1, 2), window=window_before(WINDOW.end_us, days, Program().zone))
    assert f"; {steady} are steady" in parts(evidence)[0]["adoption"].text


def test_a_pace_of_n_tasks_tells_as_much_as_the_mean_of_a_third_of_them() -> None:
    (pace,) = (one for one in DIMENSIONS if one.name == "cycle_time")
    measures = msgspec.structs.replace(measure(company(1))[0], cycle_samples=22)
    assert pace.samples(measures) == pytest.approx(7, abs=0.01)
    assert pace.events(measures) == 22


def test_pace_quality_and_faults_say_what_they_are_made_of() -> None:
    """Each of five had a task of six hours before; now tasks take person 0 two hours and the others four."""

    def done(person_id: int, hour: int, took: int, **said: object) -> Happening:
        name = f"{person_id} at {hour}"
        time_us = WINDOW.start_us + hour * HOUR_US
        fact = Outcome("ticket_resolved", task=name, started_us=time_us - took * HOUR_US, **said)  # type: ignore[arg-type]
        return happening(person_id, name, time_us, fact)

    plain = company(1, 1, 1, 1, 1)
    work = [done(one, -48, 6) for one in range(5)]
    work += [done(one, 24, 4 if one else 2, quality=0.5, errors=3) for one in range(5)]
    work += [done(one, 72, 4 if one else 2, errors=one and 1) for one in range(5)]
    found = parts(msgspec.structs.replace(plain, happenings=tuple(work)))[0]
    assert (found["cycle_time"].value, found["cycle_time"].samples) == (pytest.approx(3.0), 1)
    assert found["cycle_time"].text == (
        "From start to done in 2.0 hours; earlier it took you 6.0 hours (1 task compared). "
        "The 4 others in the cohort: 1.50 times as fast in the middle."
    )
    assert found["quality"].text == (
        "2 of 2 tasks accepted; quality 50 % where measured (1 task). The 4 others in the cohort: 75 % in the middle."
    )
    assert (found["reliability"].value, found["reliability"].samples) == (1.5, 2)
