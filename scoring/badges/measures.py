"""How each measure is taken: people with a figure, its sample size, and a sentence that says both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TypeAlias

import msgspec

from scoring.badges.facts import BadgeFacts
from scoring.events import Contribution, Lane, Policy, Training
from scoring.measures import Measures
from scoring.program.badges import Badge, BadgeMeasure
from scoring.sharing import authors_of, counting_reviews
from scoring.window import local_day
from scoring.wording import counted, percent

_ACCEPTABLE = 0.75  # small models are the right size only where the work that they did is accepted


class Figure(msgspec.Struct, frozen=True):
    """A person's value and the evidence behind it: ``samples`` calls, tasks or whatever the measure counts."""

    value: float
    samples: int
    text: str


Taken: TypeAlias = Iterator[tuple[int, Figure]]
Take: TypeAlias = Callable[[BadgeFacts, Badge], Taken]


def take(badge: Badge, facts: BadgeFacts) -> Mapping[int, Figure]:
    """The figures of everybody of whom there are any, by person id."""
    return dict(_TAKEN[badge.measure](facts, badge))


def _value_for_cost(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Where the cost of accepted work stands among peers, as the outcome board places it: 0 to 1, 0.5 the middle."""
    for entry in facts.standings.entries:
        for part in entry.components:
            if part.name == "efficiency" and part.value is not None and entry.person_id is not None:
                text = (
                    f"Your cost for accepted work is better than that of {percent(part.placement)} of comparable work."
                )
                yield entry.person_id, Figure(part.placement, part.samples, text)


def _cache_share(facts: BadgeFacts, badge: Badge) -> Taken:
    """Tokens read from the cache, of all that went in: 0 to 1."""
    for person_id, used in facts.models_of(badge.lane).items():
        read = sum(one.cache_read for one in used)
        went_in = read + sum(one.input + one.cache_write for one in used)
        if went_in:
            text = f"{percent(read / went_in)} of what went into your calls came from the cache."
            yield person_id, Figure(read / went_in, sum(one.calls for one in used), text)


def _small_model_share(facts: BadgeFacts, badge: Badge) -> Taken:
    """Calls to small models, of all calls, for those whose work is accepted all the same: 0 to 1."""
    for person_id, used in facts.models_of(badge.lane).items():
        calls = sum(one.calls for one in used)
        if calls and (badge.lane is Lane.EXPLORATION or facts.accepted_share(person_id) >= _ACCEPTABLE):
            small = sum(one.calls for one in used if any(fnmatchcase(one.model, size) for size in badge.models))
            text = f"{percent(small / calls)} of your calls went to small models, and the work was good."
            yield person_id, Figure(small / calls, calls, text)


def _first_try_share(facts: BadgeFacts, badge: Badge) -> Taken:
    """Calls that neither failed nor repeated another: 0 to 1."""
    for person_id, used in facts.models_of(badge.lane).items():
        calls = sum(one.calls for one in used)
        if calls:
            again = min(calls, sum(one.errors + one.retries for one in used))
            text = f"{percent(1 - again / calls)} of your calls worked at the first try."
            yield person_id, Figure(1 - again / calls, calls, text)


def _faultless_share(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Deliveries without error, escalation or incident, of those for which anybody reports them: 0 to 1."""
    for person_id, work in facts.deliveries.items():
        reported = [one for one in work if one.faults is not None]
        if reported:
            clean = sum(not one.faults for one in reported)
            text = f"{clean} of {counted(len(reported), 'task')} came without an error, escalation or incident."
            yield person_id, Figure(clean / len(reported), len(reported), text)


def _quality(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Mean of measured quality, and of how little of a draft was rewritten: 0 to 1."""
    for person_id, found in _worked(facts):
        if found.mean_quality is not None:
            text = f"Quality of {percent(found.mean_quality)} over {counted(found.quality_samples, 'task')}."
            yield person_id, Figure(found.mean_quality, found.quality_samples, text)


def _pace_gain(facts: BadgeFacts, _badge: Badge) -> Taken:
    """How many times faster than in one's own past."""
    for person_id, found in _worked(facts):
        if found.cycle_hours and found.baseline_cycle_hours:
            gain = found.baseline_cycle_hours / found.cycle_hours
            text = f"From start to done {gain:.2f} times as fast as before ({counted(found.cycle_samples, 'task')})."
            yield person_id, Figure(gain, found.cycle_samples, text)


def _weeks_with_work(facts: BadgeFacts, _badge: Badge) -> Taken:
    """ISO weeks with accepted work."""
    for person_id, work in facts.deliveries.items():
        weeks = {_week(facts, one.time_us) for one in work if one.accepted > 0}
        if weeks:
            yield person_id, Figure(len(weeks), len(work), f"Accepted work in {counted(len(weeks), 'week')}.")


def _clean_weeks(facts: BadgeFacts, _badge: Badge) -> Taken:
    """ISO weeks with accepted work since the last violation."""
    for person_id, work in facts.deliveries.items():
        broken = [one.time_us for one in facts.happenings[person_id] if _is_violation(one.fact)]
        clean = [one for one in work if all(one.time_us > moment_us for moment_us in broken)]
        weeks = {_week(facts, one.time_us) for one in clean if one.accepted > 0}
        if weeks:
            text = f"{counted(len(weeks), 'week')} of accepted work without a policy violation."
            yield person_id, Figure(len(weeks), len(work), text)


def _first_production(facts: BadgeFacts, _badge: Badge) -> Taken:
    """1 for whoever had accepted production work with AI for the first time, and no violation with it."""
    for person_id, found in _worked(facts):
        happened = facts.happenings[person_id]
        is_first = person_id not in facts.veterans and found.has_usage and found.accepted >= 1
        if is_first and not any(_is_violation(one.fact) for one in happened):
            yield person_id, Figure(1, found.deliveries, "Your first accepted work with AI in production, safely.")


def _score_gain(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Points on the outcome board beyond one's own of the period before, measured in both."""
    if facts.standings_before is None:
        return
    before = {one.person_id: one.score for one in facts.standings_before.entries if not one.is_provisional}
    for entry in facts.standings.entries:
        person_id = entry.person_id
        if person_id is not None and person_id in before and not entry.is_provisional:
            gain = entry.score - before[person_id]
            text = f"{gain:+.0f} points on the outcome board against the period before."
            yield person_id, Figure(max(0.0, gain), max(part.samples for part in entry.components), text)


def _reviewed_assets(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Assets that got a review in the period by a colleague outside one's line of reports."""
    reviewed: dict[int, set[str]] = {}
    for asset, author, _ in _reviews(facts):
        reviewed.setdefault(author, set()).add(asset)
    for author, assets in reviewed.items():
        text = f"A colleague reviewed {counted(len(assets), 'asset')} that you shared."
        yield author, Figure(len(assets), len(assets), text)


def _authors_reviewed(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Colleagues, outside whose line of reports one is, whose assets one reviewed."""
    helped: dict[int, set[int]] = {}
    for _, author, reviewer in _reviews(facts):
        helped.setdefault(reviewer, set()).add(author)
    for reviewer, authors in helped.items():
        text = f"You reviewed what {counted(len(authors), 'colleague')} shared."
        yield reviewer, Figure(len(authors), len(authors), text)


def _reusers(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Colleagues of other teams who reused what one shared."""
    authors, teams = authors_of(facts.evidence), {person.id: person.team for person in facts.evidence.people}
    reusers: dict[int, set[int]] = {}
    for asset, reuser in _contributions(facts, "reused"):
        author = authors.get(asset)
        if author is not None and reuser != author and teams.get(reuser) != teams.get(author):
            reusers.setdefault(author, set()).add(reuser)
    for author, found in reusers.items():
        text = f"{counted(len(found), 'colleague')} of other teams used what you shared."
        yield author, Figure(len(found), len(found), text)


def _modules_completed(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Different training modules completed."""
    for person_id, found in facts.happenings.items():
        modules = {one.fact.module for one in found if isinstance(one.fact, Training)}
        if modules:
            yield (
                person_id,
                Figure(len(modules), len(modules), f"You completed {counted(len(modules), 'training module')}."),
            )


def _models_tried(facts: BadgeFacts, badge: Badge) -> Taken:
    """Different models tried in the sandbox, a few calls each at least."""
    for person_id, used in facts.models_of(badge.lane).items():
        tried = {one.model for one in used if one.calls - one.errors >= 3}
        if tried:
            yield (
                person_id,
                Figure(len(tried), sum(one.calls for one in used), f"You tried {counted(len(tried), 'model')}."),
            )


def _milestones(facts: BadgeFacts, _badge: Badge) -> Taken:
    """Different safe-use milestones reached."""
    for person_id, found in facts.happenings.items():
        names = {one.fact.name for one in found if isinstance(one.fact, Policy) and one.fact.kind == "milestone"}
        if names:
            yield (
                person_id,
                Figure(len(names), len(names), f"You reached {counted(len(names), 'safe-use milestone')}."),
            )


_TAKEN: Mapping[BadgeMeasure, Take] = {
    BadgeMeasure.VALUE_FOR_COST: _value_for_cost,
    BadgeMeasure.CACHE_SHARE: _cache_share,
    BadgeMeasure.SMALL_MODEL_SHARE: _small_model_share,
    BadgeMeasure.FIRST_TRY_SHARE: _first_try_share,
    BadgeMeasure.FAULTLESS_SHARE: _faultless_share,
    BadgeMeasure.QUALITY: _quality,
    BadgeMeasure.PACE_GAIN: _pace_gain,
    BadgeMeasure.WEEKS_WITH_WORK: _weeks_with_work,
    BadgeMeasure.CLEAN_WEEKS: _clean_weeks,
    BadgeMeasure.FIRST_PRODUCTION: _first_production,
    BadgeMeasure.SCORE_GAIN: _score_gain,
    BadgeMeasure.REVIEWED_ASSETS: _reviewed_assets,
    BadgeMeasure.REUSERS: _reusers,
    BadgeMeasure.AUTHORS_REVIEWED: _authors_reviewed,
    BadgeMeasure.MODULES_COMPLETED: _modules_completed,
    BadgeMeasure.MODELS_TRIED: _models_tried,
    BadgeMeasure.MILESTONES: _milestones,
}


def _worked(facts: BadgeFacts) -> Iterator[tuple[int, Measures]]:
    return ((person_id, found) for person_id, found in facts.measures.items() if found.deliveries)


def _reviews(facts: BadgeFacts) -> Iterator[tuple[str, int, int]]:
    """Asset, author and reviewer of each review of the period that counts."""
    counting = {(one.asset, one.reviewer): one.author for one in counting_reviews(facts.evidence)}
    for asset, reviewer in _contributions(facts, "reviewed"):
        author = counting.get((asset, reviewer))
        if author is not None:
            yield asset, author, reviewer


def _contributions(facts: BadgeFacts, action: str) -> Iterator[tuple[str, int]]:
    """Asset and person of each contribution of the period."""
    for person_id, found in facts.happenings.items():
        for one in found:
            if isinstance(one.fact, Contribution) and one.fact.action == action:
                yield one.fact.asset, person_id


def _is_violation(fact: object) -> bool:
    return isinstance(fact, Policy) and fact.kind == "violation"


def _week(facts: BadgeFacts, time_us: int) -> str:
    day = local_day(time_us, facts.program.zone)
    return (day - timedelta(days=day.weekday())).isoformat()
