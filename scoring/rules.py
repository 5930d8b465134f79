"""The program in plain language: the same facts that the code goes by, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from scoring.bands.sentences import band_sentences, tier_sentences
from scoring.flag import FlagKind
from scoring.program import ComplianceBoard, ExplorationBoard, NamedBoards, OutcomeBoard, Program, RawBoard, TeamBoard
from scoring.program.boards import Weights
from scoring.program.flags import Flags
from scoring.wording import counted

_NAMED = {
    NamedBoards.OPT_OUT: "The first places of a board are posted by name, of everybody who was told privately before and "
    "did not ask to stay unnamed. One click in Slack keeps your name out.",
    NamedBoards.OPT_IN: "The first places of a board are posted by name only of those who said yes.",
    NamedBoards.OFF: "Posts name teams, never people.",
}
_SUSPECTED = {
    FlagKind.USAGE_SPIKE: "days with many times your usual usage and no more work done, at the end of a month above all",
    FlagKind.PROMPT_LOOP: "the same prompt over and over",
    FlagKind.IDLE_BURN: "far more usage than your work takes others, most of it without an outcome",
    FlagKind.TRIVIAL_TASKS: "swarms of tiny tasks",
    FlagKind.UNSUPPORTED_CLAIMS: "outcomes without usage or review to show for them",
    FlagKind.SHARED_ACCOUNT: "one account that several people seem to use",
    FlagKind.REVIEW_RING: "people who review each other's work in a closed circle",
}
_PARTS = {
    "efficiency": "cost for each accepted task, quality counted in",
    "quality": "acceptance, little rewriting and measured quality",
    "cycle_time": "time from start to done against your own past",
    "reliability": "few errors, escalations and incidents",
    "adoption": "accepted work week by week",
    "compliance": "no policy violations",
}


class RuleSection(msgspec.Struct, frozen=True):
    """A heading and the sentences under it."""

    title: str
    sentences: tuple[str, ...]


def rules_of(program: Program) -> tuple[RuleSection, ...]:
    """The rules that ``program`` lays down, section by section."""
    sections = [_purpose(program), _players(program), _privacy(program)]
    if program.boards.team.on:
        sections.append(_team(program.boards.team))
    if program.boards.outcome.on:
        sections.append(_outcome(program.boards.outcome, has_negotiated_prices=bool(program.prices)))
    if program.boards.exploration.on:
        sections.append(_exploration(program.boards.exploration))
    if program.boards.compliance.on:
        sections.append(_compliance(program.boards.compliance))
    if program.boards.raw.on:
        sections.append(_raw(program.boards.raw))
    if program.badges:
        sections.append(_badges(program))
    if program.tiers:
        sections.append(RuleSection("Safety tiers", tier_sentences(program)))
    sections.append(RuleSection("Bands: a private word about how your use stands", band_sentences(program)))
    if program.flags.kinds:
        sections.append(_flags(program.flags))
    return (*sections, _disputes(program), _fairness(), _digest(program))


def _purpose(program: Program) -> RuleSection:
    charter = program.charter
    return RuleSection(
        program.name,
        (
            f"Purpose: {charter.purpose}. {charter.owner} answers for it; it has run since {charter.start:%-d %B %Y}.",
            f"It is reviewed {charter.review} and ends so: {charter.sunset}",
        ),
    )


def _disputes(program: Program) -> RuleSection:
    return RuleSection(
        "If something is wrong",
        (
            "You can dispute a score, band, badge or flag of yours in Slack. A person of AI ops answers within "
            f"{counted(program.disputes.answer_days, 'working day')}, never you yourself; what is upheld is computed anew.",
        ),
    )


def _players(program: Program) -> RuleSection:
    cohort = program.cohort
    groups = [
        f"{label} {', '.join(names)}"
        for label, names in (
            ("the teams", cohort.teams),
            ("the functions", cohort.functions),
            ("the cohorts", cohort.cohorts),
        )
        if names
    ]
    if cohort.people:
        groups.append("1 person by name" if len(cohort.people) == 1 else f"{len(cohort.people)} people by name")
    who = "; ".join(groups) if groups else "everybody in the directory"
    return RuleSection("Who takes part", (f"Who takes part: {who}.", f"Days begin at midnight in {program.timezone}."))


def _privacy(program: Program) -> RuleSection:
    smallest = program.privacy.smallest_group
    return RuleSection(
        "Who sees what",
        (
            "Prompts and answers are never stored, logged or shown; they are dropped at the door.",
            "Your own place, score and figures are shown to you alone, and to AI ops, who run the program.",
            _NAMED[program.privacy.named_boards],
            f"A board with fewer than {smallest} ranked people names nobody.",
            "No post shows the bottom of a board, tokens or cost.",
        ),
    )


def _outcome(board: OutcomeBoard, *, has_negotiated_prices: bool) -> RuleSection:
    sentences = list(_outcome_sentences(board))
    if has_negotiated_prices:
        sentences.append(
            "A call that nobody bills costs what the program's negotiated prices say, else the list price."
        )
    return RuleSection("The outcome board", tuple(sentences))


def _outcome_sentences(board: OutcomeBoard) -> Iterator[str]:
    yield f"It ranks people by production work of the last {board.window} days; experiments do not count here."
    yield f"A score of up to 1000 points is made of: {_shares(board.weights, _PARTS)}."
    peers = "of the same function" if board.peer_group == "function" else "in the cohort"
    yield (
        f"You are compared with the others {peers}; with fewer than {board.smallest_peer_group} people it is the whole cohort."
    )
    yield (
        f"A place needs {board.min_accepted_tasks} accepted tasks and work on {board.min_active_days} days. "
        f"Your own figures are mixed with {board.prior_samples:g} typical tasks, so that one lucky task cannot win."
    )
    yield "More tokens never raise a score. Usage counts only as cost, failed and repeated calls included."
    yield "A place is shown with how sure it is: from the work seen so far it may lie anywhere between the two places named."
    yield "What nobody measures for you counts as average; if that is over half of the score, it is provisional."
    yield "Outcomes of one kind that end within 15 minutes of each other are one task, unless their starts tell them apart."


def _team(board: TeamBoard) -> RuleSection:
    weights = board.weights
    results = weights.results / (weights.results + weights.collaboration)
    return RuleSection(
        "The team board",
        (
            f"It ranks teams of {board.smallest_team} and more by the last {board.window} days.",
            f"{results:.0%} is the outcome score of the member in the middle, times the share of members who have a score.",
            f"{1 - results:.0%} is for what other teams reuse, counted for each member: more reuse, less for each further one.",
            "A team is ranked once it has shared something that a colleague who does not report to its author has reviewed.",
            "Reviewing or reusing what you made yourself counts for nothing.",
        ),
    )


_LEARNING = {
    "use_cases": "use cases tried",
    "models": "models tried",
    "active_days": "days with experiments",
    "training": "training completed",
    "sharing": "findings shared",
}


def _exploration(board: ExplorationBoard) -> RuleSection:
    return RuleSection(
        "The exploration board",
        (
            f"It ranks people by what they tried and learnt in the sandbox in the last {board.window} days; tokens do not count.",
            f"A score of up to 1000 points is made of: {_shares(board.weights, _LEARNING)}. Each further one counts less.",
            f"A day on which you spend more than ${board.sandbox_budget_usd:,.2f} in the sandbox does not count.",
            f"A place needs experiments on {counted(board.min_active_days, 'day')}.",
        ),
    )


def _compliance(board: ComplianceBoard) -> RuleSection:
    parts = {
        "clean_streak": f"days since your last violation, {board.window} at the most",
        "milestones": "milestones reached",
    }
    return RuleSection(
        "The compliance board",
        (
            "It ranks people by safe use, against the rules alone and not against each other.",
            f"A score of up to 1000 points is made of: {_shares(board.weights, parts)}.",
            f"A place needs work with AI on {counted(board.min_active_days, 'day')} of the last {board.window}.",
        ),
    )


def _raw(board: RawBoard) -> RuleSection:
    return RuleSection(
        "The raw board",
        (
            f"It ranks people by tokens of the {board.lane} lane and does not measure whether anything good came of them.",
            f"Of a day {board.daily_cap_tokens:,} tokens count at the most, and days under a flag do not count.",
            "It starts anew each month.",
        ),
    )


def _shares(weights: Weights, words: Mapping[str, str]) -> str:
    counted_in = {name: weight for name, weight in weights.model_dump().items() if weight > 0}
    total = sum(counted_in.values())
    return "; ".join(f"{weight / total:.0%} {words[name]}" for name, weight in counted_in.items())


def _badges(program: Program) -> RuleSection:
    titles = ", ".join(badge.title for badge in program.badges)
    return RuleSection(
        "Badges",
        (
            f"They recognise habits, never tokens or the number of calls: {titles}.",
            "Each is judged over a whole week, month or quarter, from bronze to emerald, and comes with a page to learn from.",
            "An open flag or a serious policy violation holds a badge back until it is settled; then you get what was due.",
        ),
    )


def _flags(flags: Flags) -> RuleSection:
    looked_for = "; ".join(_SUSPECTED[kind] for kind in FlagKind if kind in flags.kinds)
    who = "a person" if flags.reviewers == 1 else "two people"
    return RuleSection(
        "Flags: what is looked at twice",
        (
            f"Over the last {flags.window} days these are looked for: {looked_for}.",
            "A flag is a question, no verdict: figures, never content, and nobody's business but yours and that of AI ops.",
            f"While it is open you gain no recognition. It counts once {who} of AI ops confirmed it; if it was nothing, you get "
            "what was due, and the same is not flagged again. AI ops is there to hear what you say to it.",
            "Nobody is flagged for working late or at weekends, nor for what a laptop merely says was theirs.",
        ),
    )


def _fairness() -> RuleSection:
    return RuleSection(
        "What makes it fair",
        (
            "Name, region, seniority and every other attribute stay outside the score; only the function decides the peers.",
            "Doing twice as much of the same work, or having a larger team, is no merit.",
            "An open, serious policy violation holds a place back until it is settled; then you get what was due.",
            "So does an open flag: something odd that a person of AI ops looks at. What is confirmed counts for nothing.",
            "Every score can be taken apart: your own place, in Slack, shows each part with its figures.",
        ),
    )


def _digest(program: Program) -> RuleSection:
    digest = program.digest
    where = ", ".join(digest.channels) if digest.channels else "no channel yet"
    return RuleSection(
        "The weekly digest",
        (
            f"Every {digest.weekday.capitalize()} at {digest.time:%H:%M} ({program.timezone}) in {where}: "
            f"the first {digest.top} of each board and who improved most.",
        ),
    )
