"""A flag in sentences: what was seen, every figure behind it, what follows, and what would help."""

from __future__ import annotations

from scoring.flag import Flag, FlagKind, FlagState
from scoring.flags.figures import FIGURES
from scoring.wording import counted

_FOLLOWS = {
    FlagState.OPEN: "A person of AI ops looks at it; until then recognition waits, and comes in full if it is dismissed.",
    FlagState.CONFIRMED: "A person of AI ops confirmed it: what it found counts for nothing, and its cost stays.",
    FlagState.DISMISSED: "A person of AI ops dismissed it: everything counts as if it had never been.",
}
_PLACES = {name: place for place, name in enumerate(FIGURES)}
_HELPS = {
    FlagKind.USAGE_SPIKE: "Tell AI ops what the usage was for, or spread such work over more days.",
    FlagKind.PROMPT_LOOP: "Stop the loop, or tell AI ops what the job is for.",
    FlagKind.IDLE_BURN: "Stop agents that lead nowhere, and let your tools report what gets done.",
    FlagKind.TRIVIAL_TASKS: "Report a task once, when it is done as a whole.",
    FlagKind.UNSUPPORTED_CLAIMS: "Have the outcomes reviewed by a colleague, or connect the tool that you used for them.",
    FlagKind.SHARED_ACCOUNT: "Give everybody a key of their own.",
    FlagKind.REVIEW_RING: "Ask colleagues outside your circle for reviews.",
}
_CONNECT = "Connect the tool that you used for the outcomes, or tell AI ops how they came about without it."
_USE_THE_LANE = "Use the production lane for work that ships, or tell AI ops what was being tried."


def explain_flag(flag: Flag, program_version: str) -> tuple[str, ...]:
    """What the flag rests on, for its person and for whoever decides."""
    return (
        f"{flag.kind.value.replace('_', ' ').capitalize()} ({flag.state}): {flag.text}",
        figures_of(flag),
        _FOLLOWS[flag.state],
        f"What would help most: {_help(flag)}",
        f"Rules: program version {program_version}.",
    )


def _help(flag: Flag) -> str:
    if "in_exploration" in flag.evidence:
        return _USE_THE_LANE
    is_reviewed = flag.evidence.get("without_usage_or_review") == 0
    return _CONNECT if is_reviewed else _HELPS[flag.kind]


def figures_of(flag: Flag) -> str:
    """Every figure that the flag rests on, in a sentence."""
    named = sorted(flag.evidence.items(), key=lambda one: _PLACES.get(one[0], len(_PLACES)))
    figures = "; ".join(f"{FIGURES.get(name, name.replace('_', ' '))}: {value}" for name, value in named)
    behind = [counted(len(flag.days), "day")] if flag.days else []
    behind += [counted(len(flag.keys), "event")] if flag.keys else []
    return f"The figures ({' and '.join(behind)} behind them): {figures}."
