"""Small companies to see flags in: Ada and eight peers who all work alike, until a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scoring.events import Contribution, Outcome
from scoring.evidence import Evidence, Happening, Person
from scoring.flag import Flag, FlagKind
from scoring.flags import DETECTORS
from scoring.flags.facts import FlagFacts
from scoring.flags.traces import Traces
from scoring.program import Flags, Program
from scoring.usage import UsageDay, day_usage
from scoring.window import midnight_us
from tests.scoring.companies import BASELINE_START_US, HOUR_US, WINDOW

ADA = 1
PEERS = tuple(range(2, 10))
ZONE = Program().zone
FIRST, LAST = WINDOW.days[0], WINDOW.days[-1]
WORKDAYS = tuple(day for number in range(84) if (day := LAST - timedelta(days=83 - number)).weekday() < 5)
RECENT = tuple(day for day in WORKDAYS if day >= FIRST)
MONTH_END = (date(2026, 5, 27), date(2026, 5, 28), date(2026, 5, 29))


def usage(person_id: int = ADA, days: Iterable[date] = WORKDAYS, usd: float = 1.0, **said: Any) -> list[UsageDay]:
    """A row a day: 20 calls and 100,000 tokens for ``usd`` dollars."""
    row = {"calls": 20, "tokens": 100_000, "cost_nanousd": int(usd * 1e9), **said}
    return [UsageDay(person_id, day, **row) for day in days]


def spent(by_day: Mapping[date, float], person_id: int = ADA) -> list[UsageDay]:
    """Ada's usage: a dollar a working day, but for ``by_day``."""
    return [row for day in WORKDAYS for row in usage(person_id, [day], by_day.get(day, 1.0))]


def outcomes(
    person_id: int = ADA, days: Iterable[date] = WORKDAYS[::2], a_day: int = 1, hours: float = 24, **said: Any
) -> list[Happening]:
    """``a_day`` accepted outcomes on each of ``days``, each a task of its own that took ``hours``."""
    found = []
    for day in days:
        for number in range(a_day):
            name = f"{person_id}/{day}/{number}"
            time_us = midnight_us(day, ZONE) + 8 * HOUR_US + number * HOUR_US // 2
            fact = {"task": name, "started_us": time_us - int(hours * HOUR_US), "is_accepted": True, **said}
            found.append(Happening(person_id, time_us, name.encode(), Outcome("pull_request_merged", **fact)))
    return found


def contribution(person_id: int, action: str, asset: str, hour: int = 0) -> Happening:
    kind = "tool" if action == "shared" else None
    time_us = midnight_us(RECENT[0], ZONE) + hour * HOUR_US
    return Happening(person_id, time_us, f"{person_id}/{action}/{asset}".encode(), Contribution(action, asset, kind))


def facts(
    used: Iterable[UsageDay] = (),
    done: Iterable[Happening] = (),
    *,
    with_peers: bool = True,
    people: Iterable[Person] | None = None,
    rules: Flags | None = None,
    **traces: Any,
) -> FlagFacts:
    """Ada as the test says, and her peers: a dollar a working day, an outcome every other, its task seen in their usage."""
    peers = PEERS if with_peers else ()
    rows = [*used, *(row for one in peers for row in usage(one))]
    happened = [*done, *(one for peer in peers for one in outcomes(peer))]
    seen = {
        (one.person_id, one.fact.task) for one in happened if isinstance(one.fact, Outcome) and one.person_id != ADA
    }
    seen |= traces.pop("tasks_seen", set())
    everyone = tuple(people or (Person(one, function="engineering") for one in (ADA, *PEERS)))
    evidence = Evidence(WINDOW, BASELINE_START_US, everyone, (), (), tuple(happened))
    program = Program(flags=rules or Flags())
    return FlagFacts(program, evidence, Traces(day_usage=day_usage(rows), tasks_seen=frozenset(seen), **traces))


def found(kind: FlagKind, case: FlagFacts) -> Flag | None:
    """Ada's only flag of a kind; nobody else has one."""
    flags = list(DETECTORS[kind](case))
    assert [flag.person_id for flag in flags] in ([], [ADA])
    assert all(flag.strength >= 1 for flag in flags)
    return flags[0] if flags else None


def flag_on(kind: FlagKind, days: Sequence[date], strength: float, evidence: Mapping[str, Any], text: str) -> Flag:
    """Ada's flag on whole local days, within the window."""
    last = midnight_us(max(days) + timedelta(days=1), ZONE)
    return Flag(
        ADA,
        kind,
        from_us=midnight_us(min(days), ZONE),
        to_us=min(last, WINDOW.end_us) - 1,
        evidence=dict(evidence),
        text=text,
        days=tuple(days),
        strength=strength,
    )
