"""Model calls at Juniper & Vale: for a task, out of curiosity, to no end, and by a machine at night."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from bot.sandbox.company.calendar import DAYS, Calendar
from bot.sandbox.company.habits import HABITS, TRADES, Habit, Trade
from bot.sandbox.company.models import IN_HOUSE, MODELS, Model, pick_model
from bot.sandbox.company.people import SERVICE_ACCOUNT, Colleague
from scoring.events import CostKind, Event, Lane, Tokens, Usage

GATEWAY = "litellm"
EDITOR = "code-editor"
SANDBOX_TAG = "sandbox"

_EXPERIMENTS = ("agents", "data-analysis", "meeting-notes", "image-text", "spreadsheets", "learning")
_HOUR_US = 3_600_000_000
_SHARE_FAILING = 0.03


class Caller(msgspec.Struct, frozen=True):
    """Who calls, from where, and how many tokens a call usually takes."""

    subject: str
    source: str
    input_tokens: float
    output_tokens: float


def caller(person: Colleague, source: str = GATEWAY) -> Caller:
    """``person`` as ``source`` knows them: the gateway has some by their user name, all others by e-mail."""
    habit, trade = HABITS[person.habit], TRADES[person.function]
    subject = person.litellm if source == GATEWAY and person.litellm else person.email
    return Caller(subject, source, trade.input_tokens * habit.size, trade.output_tokens * habit.size)


def calls_for_task(
    rng: random.Random, who: Caller, trade: Trade, task: str, count: int, started_us: int, done_us: int
) -> Iterator[Event]:
    """``count`` calls in the last hours before the task is done; one in thirty fails and is tried again."""
    earliest_us = max(started_us, done_us - 5 * _HOUR_US)
    model, use_case = pick_model(rng), rng.choice(trade.use_cases)
    for time_us in sorted(rng.randrange(earliest_us, done_us) for _ in range(count)):
        usage = _usage(rng, who, model, lane=Lane.PRODUCTION, task=task, use_case=use_case, session=f"{task}-session")
        if rng.random() < _SHARE_FAILING:
            yield _event(rng, who, time_us, _failed(usage))
            usage = msgspec.structs.replace(usage, is_retry=True)
        yield _event(rng, who, time_us + 2_000_000, usage)


def experiments(rng: random.Random, person: Colleague, habit: Habit, calendar: Calendar) -> Iterator[Event]:
    """Calls in the sandbox, over many use cases and models."""
    who = caller(person)
    for number in range(habit.first_day, DAYS):
        if not calendar.is_workday(number):
            continue
        for _ in range(_whole(rng, habit.experiments / 5)):
            usage = _usage(rng, who, pick_model(rng), lane=Lane.EXPLORATION, use_case=rng.choice(_EXPERIMENTS))
            yield _event(rng, who, calendar.moment_us(number, rng.uniform(9, 17)), usage)


def aimless_calls(rng: random.Random, person: Colleague, habit: Habit, calendar: Calendar) -> Iterator[Event]:
    """An agent that was left running: the same few prompts over and over, and no task they belong to."""
    who = caller(person)
    for number in range(habit.first_day, DAYS):
        if not calendar.is_workday(number):
            continue
        prompt = _fingerprint(rng)
        for _ in range(habit.aimless):
            usage = _usage(rng, who, MODELS[0], lane=Lane.PRODUCTION, use_case="agent", session=f"loop-{number}")
            yield _event(
                rng,
                who,
                calendar.moment_us(number, rng.uniform(8, 20)),
                msgspec.structs.replace(usage, prompt_hash=prompt),
            )


def nightly_machine(rng: random.Random, calendar: Calendar) -> Iterator[Event]:
    """A service account that nobody has claimed; a part of its calls runs on a model without a price."""
    who = Caller(SERVICE_ACCOUNT, GATEWAY, 3_000, 400)
    for number in range(DAYS):
        for minute in range(6):
            model = IN_HOUSE if minute % 3 == 0 else MODELS[1]
            usage = _usage(rng, who, model, lane=Lane.PRODUCTION, use_case="nightly-summaries")
            yield _event(rng, who, calendar.moment_us(number, 2 + minute / 60), usage)


def _usage(
    rng: random.Random,
    who: Caller,
    model: Model,
    lane: Lane,
    use_case: str,
    task: str | None = None,
    session: str | None = None,
) -> Usage:
    """A call as its producer reports it: the gateway bills and tags it, the editor names the lane and no cost."""
    prompt = max(40, int(rng.lognormvariate(0, 0.4) * who.input_tokens))
    cached = prompt // 3 if prompt > 2_000 else 0
    tokens = Tokens(
        input=prompt - cached, output=max(10, int(rng.lognormvariate(0, 0.4) * who.output_tokens)), cache_read=cached
    )
    is_billed = who.source == GATEWAY
    cost = model.cost_nanousd(tokens) if is_billed else None
    return Usage(
        model=f"{model.provider}/{model.name}" if is_billed else model.name,
        tokens=tokens,
        cost_nanousd=cost,
        cost_kind=None if cost is None else CostKind.BILLED,
        lane=None if is_billed else lane,
        use_case=use_case,
        session=session,
        task=task,
        latency_ms=float(300 + tokens.output * 12),
        prompt_hash=_fingerprint(rng),
        tags=(SANDBOX_TAG,) if is_billed and lane is Lane.EXPLORATION else (),
    )


def _failed(usage: Usage) -> Usage:
    return msgspec.structs.replace(usage, is_error=True, tokens=Tokens(), cost_nanousd=None, cost_kind=None)


def _event(rng: random.Random, who: Caller, time_us: int, usage: Usage) -> Event:
    return Event(who.source, f"call-{rng.getrandbits(96):024x}", who.subject, time_us, usage)


def _fingerprint(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):016x}"


def _whole(rng: random.Random, amount: float) -> int:
    """``amount`` rounded up or down by chance, so that it is right on average."""
    return int(amount + rng.random())
