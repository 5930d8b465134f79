"""Who works at a made-up company: honest people with very different habits, and those who play the game."""

from __future__ import annotations

import random

import msgspec


class Trade(msgspec.Struct, frozen=True):
    """What people of a function get done in a week, and what it takes them."""

    kind: str
    tasks_per_week: float
    cycle_hours: float
    calls_per_task: float
    input_tokens: int
    output_tokens: int


TRADES = {
    "Engineering": Trade("pull_request_merged", 4, 30, 6, 9_000, 1_400),
    "Support": Trade("ticket_resolved", 12, 7, 3, 2_600, 500),
    "Marketing": Trade("document_approved", 4, 26, 5, 4_200, 1_600),
    "Finance": Trade("task_completed", 5, 20, 4, 5_200, 900),
}

# Honest ways of working, with how often each is met. "plain" is the rest.
HABITS = {
    "month_end": 6,  # real work piles up at the end of the month
    "weekly_batch": 4,  # one day a week carries most of the usage
    "nightly_batch": 4,  # a small job calls every hour, day and night
    "one_off": 3,  # a migration: one day of very heavy usage
    "newcomer": 5,
    "part_timer": 6,
    "heavy": 6,  # three times the work of others, and the usage that it takes
    "frugal": 4,  # the same work with a third of the usage
    "wasteful": 5,  # twice and a half the usage for the same work
    "without_ai": 4,  # most of what they get done takes no AI at all
    "researcher": 4,  # usage, and no tool that tells of outcomes
    "bulk_closer": 4,  # closes the week's work at once
    "long_project": 4,  # one task that has not ended
    "templater": 3,  # one template, task after task
    "unlucky": 3,  # errors and retries
    "adopter": 5,  # works with an agent since a fortnight ago, and goes on so
    "night_owl": 3,
    "on_leave": 4,
    "many_agents": 4,  # several sessions at once, all day
    "quiet_tools": 8,  # producers that name no task, session or prompt
    "plain": 40,
}
TRICKS = ("burner", "looper", "sprinter", "splitter", "claimer", "sharer", "ring", "self_reviewer")


class Member(msgspec.Struct, frozen=True):
    """One person. Multipliers are of the trade's figures; ``trick`` is "" for the honest, ``intensity`` 0 to 2."""

    email: str
    function: str
    team: str
    habit: str
    trick: str
    intensity: int
    pace: float
    thirst: float
    cycle: float
    accepted: float
    quality: float
    casual: float
    names_tasks: bool
    names_sessions: bool
    names_prompts: bool
    unpriced: bool


def make_members(seed: int, people: int, cheats: int) -> tuple[Member, ...]:
    """``people``, ``cheats`` of them with a trick, each trick and intensity as often."""
    rng = random.Random(f"{seed}/members")
    return tuple(_member(rng, number, number - (people - cheats)) for number in range(people))


def _member(rng: random.Random, number: int, cheat: int) -> Member:
    function = rng.choice(list(TRADES))
    trick = TRICKS[cheat % len(TRICKS)] if cheat >= 0 else ""
    intensity = (cheat // len(TRICKS)) % 3 if cheat >= 0 else 0
    habit = "plain" if trick else rng.choices(list(HABITS), list(HABITS.values()))[0]
    tools = rng.random()
    is_quiet = habit == "quiet_tools"
    return Member(
        email=f"person{number:04d}@acme.test",
        function=function,
        team=f"{function} {rng.randrange(6)}",
        habit=habit,
        trick=trick,
        intensity=intensity,
        pace=rng.lognormvariate(0, 0.4) * {"heavy": 3, "part_timer": 0.4, "long_project": 0.1}.get(habit, 1),
        thirst=rng.lognormvariate(0, 0.4) * {"frugal": 0.35, "wasteful": 2.5}.get(habit, 1),
        cycle=rng.lognormvariate(0, 0.3),
        accepted=min(0.99, max(0.5, rng.gauss(0.87, 0.08))),
        quality=min(0.98, max(0.3, rng.gauss(0.75, 0.1))),
        casual=rng.choice([0.1, 0.3, 0.6, 1.0]),
        names_tasks=not is_quiet and tools < 0.7,
        names_sessions=not is_quiet and tools < 0.85,
        names_prompts=not is_quiet and tools < 0.6,
        unpriced=rng.random() < 0.04,
    )
