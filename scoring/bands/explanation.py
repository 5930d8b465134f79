"""A band taken apart: every figure that the rules look at, the events behind it, and what would help most."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from scoring.amounts import in_dollars, in_tokens, plain, said
from scoring.bands.band import Band, Reason
from scoring.bands.ceilings import equal_share
from scoring.bands.raw import BandEvidence
from scoring.bands.shown import ShownBand
from scoring.bands.spikes import spikes
from scoring.bands.value import values
from scoring.budgets import Ceiling, ceilings, exceptions_in_force, outlook, period_said, unpriced_note
from scoring.flag import FlagState
from scoring.program import Program, Scope
from scoring.window import from_us
from scoring.wording import counted


class Figure(msgspec.Struct, frozen=True):
    """One figure that a rule looks at, and the limit beyond which it would speak (None = there is none for it yet).

    ``events`` counts what is behind it.
    """

    name: str
    text: str
    value: float
    limit: float | None
    unit: str
    events: int


class BandExplanation(msgspec.Struct, frozen=True):
    """Why somebody has the band that they have. ``sentences`` say all of it for people."""

    band: Band
    since_us: int
    program_version: str
    reasons: tuple[Reason, ...]
    figures: tuple[Figure, ...]
    next_step: str
    sentences: tuple[str, ...]


def explain_band(shown: ShownBand, evidence: BandEvidence, program: Program) -> BandExplanation:
    """``shown`` with the figures as they are in ``evidence``, which is of the same moment."""
    (position,) = evidence.roster.positions_of(np.array([shown.person_id])).tolist()
    figures = tuple(_figures(evidence, program, position)) if position >= 0 else ()
    next_step = shown.reasons[0].advice if shown.reasons else ""
    coaching = program.bands.coaching or program.links.training
    return BandExplanation(
        band=shown.band,
        since_us=shown.state.since_us,
        program_version=shown.program_version,
        reasons=shown.reasons,
        figures=figures,
        next_step=next_step,
        sentences=(
            f"{_headline(shown)} It has been shown since {from_us(shown.state.since_us):%-d %B %Y}.",
            *(f"{reason.band}: {reason.text} {reason.clears}" for reason in shown.reasons),
            *(f"{figure.name}: {figure.text}" for figure in figures),
            *([f"What would help most: {next_step}"] if next_step else []),
            *([f"To read on: {coaching}"] if next_step and coaching else []),
            f"Rules: program version {shown.program_version}.",
        ),
    )


def _headline(shown: ShownBand) -> str:
    return {
        Band.RED: "The band is red: something needs a change now.",
        Band.YELLOW: "The band is yellow: something deserves a look.",
        Band.GREEN: "The band is green: nothing to change.",
        Band.NO_DATA: "There is no band yet: too little was seen. That is no warning.",
    }[shown.band]


def _figures(evidence: BandEvidence, program: Program, position: int) -> Iterator[Figure]:
    yield _activity(evidence, program, position)
    yield from _ceilings(evidence, position)
    yield _week(evidence, program, position)
    yield _value(evidence, program, position)
    yield from _signals(evidence, position)
    yield from _not_counted(evidence, position)


def _activity(evidence: BandEvidence, program: Program, position: int) -> Figure:
    days, least = int(evidence.habits.active_days[position]), program.bands.min_active_days
    text = f"use was seen on {counted(days, 'day')} of the last 28; {least} are needed to say anything."
    return Figure("days of use", text, days, least, "days", days)


def _ceilings(evidence: BandEvidence, position: int) -> Iterator[Figure]:
    held = exceptions_in_force(evidence.exceptions, evidence.at_us)
    for spending in evidence.spending:
        subject = int(spending.meter.subject_of[position])
        if subject < 0 or (spending.meter.budget.scope is Scope.USE_CASE and not spending.own[position]):
            continue
        (one,) = ceilings(spending, evidence.roster, evidence.today, held, np.array([subject]))
        value, limit = int(spending.own[position]), equal_share(one, one.limit)
        yield Figure(
            name=f'ceiling "{one.budget}"' + ("" if one.scope is Scope.PERSON else f" of {one.subject}"),
            text=_ceiling(one, value, limit),
            value=plain(value, is_in_dollars=one.is_in_dollars),
            limit=plain(limit, is_in_dollars=one.is_in_dollars),
            unit="USD" if one.is_in_dollars else "tokens",
            events=int(spending.own_calls[position]),
        )


def _ceiling(one: Ceiling, own: int, own_limit: int) -> str:
    part, limit, fair = (said(amount, is_in_dollars=one.is_in_dollars) for amount in (own, one.limit, own_limit))
    raised = "" if one.limit == one.usual_limit else ", exceptions included"
    if one.scope is not Scope.PERSON:
        return f"your part {period_said(one)} is {part}; an equal share of {limit}{raised} is {fair}."
    notes = (outlook(one), unpriced_note(one.unpriced_tokens))
    return " ".join((f"{part} of {limit} used {period_said(one)}{raised}.", *filter(None, notes)))


def _week(evidence: BandEvidence, program: Program, position: int) -> Figure:
    found = spikes(evidence.habits, program.bands)
    latest, calls = int(found.latest[position]), int(evidence.habits.week_calls[position])
    value = plain(latest, is_in_dollars=True)
    if not found.is_known[position]:
        text = (
            f"the last seven days cost {in_dollars(latest)}; fewer than four earlier weeks are known to compare with."
        )
        return Figure("cost of a week", text, value, None, "USD", calls)
    usual, limit = int(found.usual[position]), int(found.limits[position])
    spent, typical, most = in_dollars(latest), in_dollars(usual), in_dollars(limit)
    text = f"the last seven days cost {spent}; a usual week costs {typical}, {most} is the limit."
    return Figure("cost of a week", text, value, plain(limit, is_in_dollars=True), "USD", calls)


def _value(evidence: BandEvidence, program: Program, position: int) -> Figure:
    person_id = evidence.roster.members[position].person.id
    every = values(evidence.habits, evidence.roster, evidence.work, program)
    one = next((value for value in every if value.position == position), None)
    if one is None:
        work = evidence.work.get(person_id)
        done = 0 if work is None else work.deliveries
        needed = f"{program.bands.min_tasks} with priced use, and peers with accepted work"
        text = f"not compared: {counted(done, 'task')} in 28 days; it takes {needed}."
        return Figure("cost of an accepted task", text, 0.0, None, "USD per accepted task", done)
    cost = in_dollars(one.per_task) if one.work.accepted else "nothing accepted yet"
    peers = f"{one.peers[0].lower()}{one.peers[1:]}"
    text = f"{cost}; {peers}: {in_dollars(one.typical)} in the middle, {in_dollars(one.limit)} is the limit."
    value, limit = (plain(amount, is_in_dollars=True) for amount in (one.per_task, one.limit))
    return Figure("cost of an accepted task", text, value, limit, "USD per accepted task", one.work.deliveries)


def _signals(evidence: BandEvidence, position: int) -> Iterator[Figure]:
    person_id = evidence.roster.members[position].person.id
    flags = sum(one.person_id == person_id and one.state is FlagState.OPEN for one in evidence.flags)
    work = evidence.work.get(person_id)
    violations = 0 if work is None else len(work.violations)
    outside = 0 if work is None else work.days_outside_tier
    text = f"{counted(outside, 'day')} of the last 28 with a model or a lane that the tier does not allow."
    yield Figure("use outside the tier", text, outside, 0, "days", outside)
    yield Figure("open flags", f"{flags:,}.", flags, 0, "flags", flags)
    yield Figure("serious violations that are open", f"{violations:,}.", violations, 0, "violations", violations)


def _not_counted(evidence: BandEvidence, position: int) -> Iterator[Figure]:
    habits = evidence.habits
    tokens = int(habits.not_counted_tokens[position])
    if tokens:
        cost = in_dollars(int(habits.not_counted_nanousd[position]))
        text = f"{in_tokens(tokens)} ({cost}) in 28 days, which nothing proves to be yours."
        yield Figure("not counted here", text, float(tokens), None, "tokens", 0)
    unpriced = int(habits.unpriced_tokens[position])
    if unpriced:
        text = f"{in_tokens(unpriced)} in 28 days without a known price; no sum of dollars holds them."
        yield Figure("unpriced", text, float(unpriced), None, "tokens", 0)
