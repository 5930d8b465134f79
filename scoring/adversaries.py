"""The built-in adversaries: what people do who play the game instead of doing the work. Each adds to an honest history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from scoring.events import Contribution, CostKind, Event, Fact, Lane, Outcome, Tokens, Usage
from scoring.evidence import Happening
from scoring.window import Window, to_us

SOURCE = "attack"
_HOUR_US = 3_600_000_000
_HALF_HOUR_US = 1_800_000_000
_MODEL = "gpt-4o"


class Player(msgspec.Struct, frozen=True):
    """Who plays a trick, with whom, and what is usual for them.

    ``calls_a_day`` and ``tokens_a_call`` are the player's own in the window, ``nanousd_a_token`` what a token cost;
    ``outcomes`` are their outcomes in it.
    """

    email: str
    accomplice: str
    window: Window
    zone: ZoneInfo
    calls_a_day: float
    tokens_a_call: int
    nanousd_a_token: float
    outcomes: tuple[Happening, ...]


class Trick(msgspec.Struct, frozen=True):
    """``says`` in a sentence what the player does; ``events`` are what it adds to the ledger."""

    name: str
    says: str
    events: Callable[[Player], Iterator[Event]]


def _burner(player: Player) -> Iterator[Event]:
    """An agent is left running every working day."""
    for day in _workdays(player):
        for number in range(_many(player, 5)):
            yield _call(player, day, number, hour=8 + 11 * number / _many(player, 5), size=3, session=f"burn {day}")


def _looper(player: Player) -> Iterator[Event]:
    """One prompt over and over, on ten days."""
    for day in _workdays(player)[-10:]:
        for number in range(max(60, _many(player, 4))):
            prompt = sha256(player.email.encode()).hexdigest()[:16]
            yield _call(player, day, number, hour=9 + number / 60, size=0.3, prompt_hash=prompt)


def _sprinter(player: Player) -> Iterator[Event]:
    """Twelve times the usual in the last three working days."""
    for day in _workdays(player)[-3:]:
        for number in range(_many(player, 12)):
            yield _call(player, day, number, hour=8 + 12 * number / _many(player, 12), size=1)


def _splitter(player: Player) -> Iterator[Event]:
    """Each task is handed in once more as nine small ones, spread over the hours before with made-up starts."""
    for one in player.outcomes:
        if not isinstance(one.fact, Outcome):
            continue
        for piece in range(9):
            time_us = one.time_us - (piece + 1) * _HALF_HOUR_US
            fact = msgspec.structs.replace(
                one.fact,
                task=f"{one.fact.task or one.key.hex()}/{piece}",
                started_us=time_us - (piece + 1) * _HOUR_US,
                is_accepted=True,
                reverses=None,
            )
            yield _event(player, player.email, f"piece {one.key.hex()} {piece}", time_us, fact)


def _colluders(player: Player) -> Iterator[Event]:
    """Two people share trifles and review and reuse each other's."""
    for author, friend in ((player.email, player.accomplice), (player.accomplice, player.email)):
        yield from _assets(player, author, friend)


def _self_reviewer(player: Player) -> Iterator[Event]:
    """Shares trifles, reviews and reuses them."""
    yield from _assets(player, player.email, player.email)


TRICKS: tuple[Trick, ...] = (
    Trick("burner", "leaves an agent running every working day", _burner),
    Trick("looper", "sends one prompt over and over", _looper),
    Trick("sprinter", "uses twelve times the usual in the last three working days", _sprinter),
    Trick("splitter", "hands each task in again as nine small ones", _splitter),
    Trick("colluding_reviewers", "trades shares, reviews and reuse with a friend", _colluders),
    Trick("self_reviewer", "reviews and reuses what they share themselves", _self_reviewer),
)


def _assets(player: Player, author: str, friend: str) -> Iterator[Event]:
    for number, day in enumerate(_workdays(player)[:6]):
        asset = f"{SOURCE} {author} {number}"
        steps: Mapping[str, tuple[str, Contribution]] = {
            "shared": (author, Contribution("shared", asset, "prompt_template", "A template")),
            "reviewed": (friend, Contribution("reviewed", asset)),
            "reused": (friend, Contribution("reused", asset)),
        }
        for hour, (action, (who, fact)) in enumerate(steps.items(), start=10):
            yield _event(player, who, f"{action} {asset}", _moment_us(player, day, hour), fact)


def _call(
    player: Player,
    day: date,
    number: int,
    *,
    hour: float,
    size: float,
    session: str | None = None,
    prompt_hash: str | None = None,
) -> Event:
    tokens = max(1, round(player.tokens_a_call * size))
    fact = Usage(
        model=_MODEL,
        tokens=Tokens(input=tokens // 2, output=tokens - tokens // 2),
        cost_nanousd=round(tokens * player.nanousd_a_token),
        cost_kind=CostKind.BILLED,
        lane=Lane.PRODUCTION,
        session=session,
        prompt_hash=prompt_hash,
    )
    return _event(player, player.email, f"call {day} {number}", _moment_us(player, day, min(hour, 23.9)), fact)


def _event(player: Player, who: str, name: str, time_us: int, fact: Fact) -> Event:
    within = min(max(time_us, player.window.start_us), player.window.end_us - 1)
    return Event(SOURCE, f"{player.email}/{who}/{name}", who, within, fact)


def _many(player: Player, times: float) -> int:
    return max(20, round(player.calls_a_day * times))


def _workdays(player: Player) -> Sequence[date]:
    return [day for day in player.window.whole_days if day.weekday() < 5]


def _moment_us(player: Player, day: date, hour: float) -> int:
    midnight = datetime.combine(day, time.min, player.zone)
    return to_us(midnight) + int(hour * _HOUR_US)
