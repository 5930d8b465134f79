"""Every renderer with somebody else's text wherever somebody else decides what stands there. A new one needs a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date
from typing import Any

from bot.slack.blocks.ai_ops_report import AiOpsReport, ai_ops_report
from bot.slack.blocks.badges import (
    BadgeNews,
    BadgeOfWeek,
    BadgeWeek,
    EarnedBadge,
    LevelNames,
    badge_news,
    badge_week,
    shared_badge,
)
from bot.slack.blocks.bands import (
    BandLine,
    BandsOverview,
    band_explained,
    band_news,
    bands_for_ai_ops,
    reports_bands,
)
from bot.slack.blocks.charts import without_charts
from bot.slack.blocks.connecting import connected, token_list
from bot.slack.blocks.delivery_trouble import delivery_trouble
from bot.slack.blocks.disputes import (
    DisputeCase,
    Disputes,
    decline_dispute_form,
    dispute,
    dispute_form,
    dispute_news,
    disputes,
    disputes_due,
    uphold_form,
)
from bot.slack.blocks.exceptions import (
    MOST_LISTED,
    CeilingChoice,
    ExceptionCase,
    Exceptions,
    Turn,
    answer_form,
    approve_less_form,
    ask_back_form,
    decline_form,
    exception_ending,
    exception_form,
    exception_news,
    exception_request,
    exceptions,
)
from bot.slack.blocks.flags import FlagCase, FlagList, Said, decision_form, flag_case, flag_list, flags_waiting
from bot.slack.blocks.help import help_message
from bot.slack.blocks.home.badges import BadgeShelf, HeldBadge, NextBadge, badges
from bot.slack.blocks.home.band import band
from bot.slack.blocks.home.next_steps import NextSteps, next_steps
from bot.slack.blocks.home.operations import Operations, SecretUse, SourceHealth, operations
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.blocks.home.scorecards import scorecards
from bot.slack.blocks.home.work import Work, work
from bot.slack.blocks.parts import message, plain
from bot.slack.blocks.places import Leaderboard, LeaderboardRow, RankCard, leaderboard, rank_card
from bot.slack.blocks.privacy import nothing_to_choose, privacy
from bot.slack.blocks.progress import progress
from bot.slack.blocks.questions import question_for_ai_ops, question_form
from bot.slack.blocks.rules import rules
from bot.slack.blocks.sharing import ListedAsset, library, review_form, review_told, share_form, shared_post
from bot.slack.blocks.teaching import office_hours_list, teacher_question, teaching_form
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.blocks.welcome import welcome
from bot.slack.message import Answer
from bot.slack.say import label, say
from bot.slack.subcommands import menu
from bot.slack.text import escape
from db.identities import UnattributedIdentity
from db.ingest_tokens import IngestToken
from db.score_weeks import ScoreWeek
from scoring.bands.band import Band, Reason, Rule
from scoring.bands.machine import BandState, News
from scoring.bands.shown import BandChange, ShownBand
from scoring.digest import BoardSection, Digest, OfficeHours, Place, Riser
from scoring.disputes import Consequence, DisputeState
from scoring.exceptions import ExceptionState
from scoring.flag import Flag, FlagKind, FlagState
from scoring.library import SharedAsset, Worth
from scoring.program import Bands, NamedBoards, Program
from scoring.program.badges import LEVELS, Level
from scoring.rules import RuleSection
from scoring.scorecards.card import Figure, Scorecard
from scoring.standings import Component, Entry, Withheld, WithheldReason

AT_US = 10**15


def weekly(name: str) -> Digest:
    section = BoardSection(
        "team",
        name or "Outcomes",
        "What it measures.",
        tuple(Place(rank, name, 900.0 - rank) for rank in range(1, 11)),
        ranked=100_000,
        unnamed=3,
        most_improved=(Riser(name, 120.4), Riser(None, 90.0)),
        note=name,
    )
    return Digest(
        program_name=name or "Program",
        program_version=name,
        first_day=date(2026, 5, 4),
        last_day=date(2026, 5, 31),
        sections=(section, section),
        rules_url="https://wiki.test/r",
        office_hours=hours(name),
    )


def card(name: str) -> RankCard:
    part = Component(name or "part", 1.0, name, 3, 1.0, 0.5, 10.0, 20.0, name)
    entry = Entry(1, None, name or "x", 500.0, 50.0, True, (part,) * 6, name)
    return RankCard("team", AT_US, 12, entry, None, UTC, team=name or "x")


def no_place(name: str) -> RankCard:
    missing = Withheld(1, None, WithheldReason.TOO_LITTLE_EVIDENCE, (name,) * 3)
    return RankCard("outcome", AT_US, 0, None, missing, UTC)


def board(name: str) -> Leaderboard:
    rows = tuple(LeaderboardRow(rank, name, 1.0) for rank in range(1, 11))
    own = LeaderboardRow(99, name, 0.0, is_own=True)
    return Leaderboard("outcome", name or "t", name, AT_US, 10, rows, own, UTC, hidden_below=5)


def own_work(name: str = "Ada", boards: int = 5, **changes: Any) -> Work:
    given = {
        "places": (card(name),) * boards,
        "named_boards": NamedBoards.OPT_IN,
        "is_named": False,
        "has_chosen": False,
        "tokens": 2,
        "token_used_us": AT_US,
        "zone": UTC,
        "progress": score_weeks(12),
    }
    return Work(**{**given, **changes})


def running(name: str = "litellm", count: int = 3) -> Operations:
    return Operations(
        today=date(2026, 6, 10),
        days=7,
        looked_back_days=14,
        events=100_000,
        unattributed_events=1,
        calls=90_000,
        unpriced_calls=89_999,
        sources=tuple(SourceHealth(name, date(2026, 6, 9) if n % 2 else None) for n in range(count)),
        parked=1,
        secrets=tuple(SecretUse(name, name, AT_US if n % 2 else None) for n in range(count)),
        zone=UTC,
    )


def weekly_report(name: str) -> AiOpsReport:
    strangers = tuple(UnattributedIdentity(name, name, 1, 1, 1, 5) for _ in range(10))
    return AiOpsReport(date(2026, 1, 1), date(2026, 1, 7), 10, 5, 10, strangers, 9, 3, ((name, 2),), 1)


WIKI = "https://wiki.test/r"


def earned(name: str) -> EarnedBadge:
    return EarnedBadge("cache_wizard", name or "x", name, WIKI, "2026-05", Level.GOLD, name)


def news(name: str, count: int = 30, **changes: Any) -> BadgeNews:
    given = {"can_share": True, "is_named": True, "command": "/bandstand"}
    return BadgeNews((earned(name),) * count, **{**given, **changes})


def badges_of_week(name: str, count: int = 40) -> BadgeWeek:
    levels = tuple(LevelNames(level, (name,) * 30) for level in LEVELS)
    return BadgeWeek(date(2026, 5, 25), date(2026, 5, 31), (BadgeOfWeek(name, name, WIKI, levels, 3),) * count)


def shelf(name: str, count: int = 30) -> BadgeShelf:
    held = tuple(HeldBadge(earned(name), ("", "shared", "private")[n % 3]) for n in range(count))
    upcoming = tuple(NextBadge(name, WIKI, name, "Gold", "45 %", ("", name)[n % 2]) for n in range(count))
    return BadgeShelf(held, upcoming, can_share=True, disputed="badge/cache_wizard/2026-05")


def reasons(name: str) -> tuple[Reason, ...]:
    return tuple(Reason(rule, Band.RED, name, name, name, 2.5, 1.0, "USD", 17, name) for rule in Rule)


def shown_band(name: str) -> ShownBand:
    state = BandState(Band.RED, AT_US, heard=2)
    return ShownBand(1, AT_US, Band.RED, Band.RED, reasons(name), News.WORSENED, "v1", state)


def band_change(name: str, what: News = News.WORSENED, band: Band = Band.RED) -> BandChange:
    return BandChange(1, what, Band.GREEN, band, AT_US, reasons(name) if band.severity else ())


def band_lines(name: str, count: int = 60) -> tuple[BandLine, ...]:
    return tuple(BandLine(name, Band.RED if n % 2 else Band.YELLOW, reasons(name), n % 3 > 0) for n in range(count))


def dispute_case(name: str, state: DisputeState = DisputeState.OPEN) -> DisputeCase:
    evidence = (name,) * 12
    what, upheld = Consequence.FLAGS_DISMISSED, state is DisputeState.UPHELD
    due = date(2026, 6, 30)
    return DisputeCase(
        1, name, name, name, evidence, name, due, state, name, name, what if upheld else Consequence.NOTHING
    )


def disputables(name: str) -> list[tuple[str, str]]:
    return [(f"badge/{n}", label("dispute-matter-badge", badge=name, period=name)) for n in range(100)]


def every_dispute(name: str, count: int = 15) -> Disputes:
    return Disputes(
        tuple(dispute_case(name, state) for state in DisputeState) * 3, (dispute_case(name),) * count, earlier=2
    )


def exception_case(name: str, state: ExceptionState = ExceptionState.ASKED) -> ExceptionCase:
    talk = (Turn(ExceptionState.ASKED_BACK, name, name), Turn(ExceptionState.ASKED, name, name)) * 3
    turns = (Turn(ExceptionState.ASKED, name), *talk, Turn(state, name, name))
    until = date(2026, 6, 30)
    return ExceptionCase(1, name, name or "x", name, "$50.00", until, name, turns, name, name, granted=name)


def asked_exceptions(name: str, count: int = MOST_LISTED) -> Exceptions:
    own = (*(exception_case(name, state) for state in ExceptionState),) * 2
    return Exceptions(own, (exception_case(name),) * count, may_ask=True, more_waiting=3, earlier=2)


def score_weeks(count: int) -> tuple[ScoreWeek, ...]:
    return tuple(ScoreWeek(f"2026-W{number:02}", 400.0 + number, number) for number in range(1, count + 1))


def teams(name: str) -> Leaderboard:
    rows = tuple(LeaderboardRow(rank, name, 1.0) for rank in range(1, 31))
    return Leaderboard("team", name or "t", name, AT_US, 30, rows, None, UTC)


def cards(name: str, count: int = 12) -> tuple[Scorecard, ...]:
    figures = tuple(Figure(name, 1.0, name, 1, name, 0.5, (True, False, None)[n % 3]) for n in range(count))
    return (Scorecard(name, name or "Learning velocity", figures, (name,) * count),) * 2


def hours(name: str, count: int = 20) -> tuple[OfficeHours, ...]:
    return (OfficeHours(name, name, name),) * count


def shared_asset(name: str) -> ListedAsset:
    asset = SharedAsset("link-1", name, name, WIKI, 1, AT_US, frozenset({2}), frozenset({3, 4}))
    return ListedAsset(asset, name or None)


def _token(name: str) -> IngestToken:
    return IngestToken(name[:16], "otlp", 1, name, AT_US, AT_US, None)


def flagged(name: str, state: FlagState = FlagState.OPEN, **changes: Any) -> FlagCase:
    flag = Flag(1, FlagKind.PROMPT_LOOP, 0, 1, {"repeats": 60, name: name}, name, keys=(b"k",), state=state)
    return FlagCase("71a7837f", name, flag, (Said(name, name * 9),), **{"reviewers": 2, **changes})


def flags_from(name: str, first: int = 8) -> FlagList:
    return FlagList((flagged(name),) * 8, first, first + 8 if first else 40, AT_US, UTC)


SAMPLES: dict[Callable[..., Answer], Callable[[str], Answer]] = {
    band: lambda name: band(shown_band(name), WIKI, UTC),
    band_explained: lambda name: band_explained(shown_band(name), Bands(), UTC),
    band_news: lambda name: band_news(band_change(name), WIKI),
    bands_for_ai_ops: lambda name: bands_for_ai_ops(BandsOverview(band_lines(name), 3, 1)),
    badge_news: lambda name: badge_news(news(name)),
    badge_week: lambda name: badge_week(badges_of_week(name)),
    badges: lambda name: badges(shelf(name)),
    ai_ops_report: lambda name: ai_ops_report(weekly_report(name)),
    connected: lambda name: connected("bst_x", "x", "https://x.test", [_token(name)] * 4, UTC),
    decision_form: lambda name: decision_form(flagged(name), FlagState.CONFIRMED, "confirmed/1/71a7837f"),
    delivery_trouble: lambda name: delivery_trouble(1, name, name),
    answer_form: lambda _name: answer_form("1"),
    approve_less_form: lambda name: approve_less_form(name, name, "1"),
    ask_back_form: lambda _name: ask_back_form("1"),
    decline_form: lambda name: decline_form(name, "1"),
    exception_form: lambda name: exception_form([CeilingChoice("c1", name, name, name, "month")] * 100, "", 90),
    exception_ending: lambda name: exception_ending(exception_case(name, ExceptionState.APPROVED)),
    exception_news: lambda name: exception_news(exception_case(name, ExceptionState.ASKED_BACK)),
    exception_request: lambda name: exception_request(exception_case(name), 2),
    exceptions: lambda name: exceptions(asked_exceptions(name)),
    flag_case: lambda name: flag_case(flagged(name)),
    flag_list: lambda name: flag_list(flags_from(name)),
    flags_waiting: lambda _name: flags_waiting(415, "/bandstand"),
    decline_dispute_form: lambda name: decline_dispute_form(dispute_case(name)),
    dispute: lambda name: dispute(dispute_case(name), "/bandstand"),
    dispute_form: lambda name: dispute_form(disputables(name), "badge/1", 5),
    dispute_news: lambda name: dispute_news(dispute_case(name, DisputeState.DECLINED), "/bandstand"),
    disputes: lambda name: disputes(every_dispute(name)),
    disputes_due: lambda name: disputes_due((dispute_case(name),) * 20, (dispute_case(name),) * 20, "/bandstand"),
    uphold_form: lambda name: uphold_form(dispute_case(name), list(Consequence)[1:]),
    help_message: lambda name: help_message([say("help-suggestion", word=name, command="/b", suggestion=name)], menu()),
    leaderboard: lambda name: leaderboard(board(name)),
    message: lambda name: message([escape(name) or escape("x")]),
    next_steps: lambda name: next_steps(NextSteps(3, name, name, shelf(name or "x").upcoming[0])),
    nothing_to_choose: lambda _name: nothing_to_choose(),
    operations: lambda name: operations(running(name, 30)),
    plain: lambda name: plain(say("place-private")),
    privacy: lambda _name: privacy(is_named=True),
    question_for_ai_ops: lambda name: question_for_ai_ops(name, name),
    question_form: lambda _name: question_form(),
    office_hours_list: lambda name: office_hours_list(hours(name), hours(name)[0], may_offer=True),
    progress: lambda name: progress(name or "x", score_weeks(30), name),
    without_charts: lambda name: without_charts(leaderboard(teams(name))),
    rank_card: lambda name: rank_card(card(name)),
    reports: lambda name: reports([Report(name, name), Report(name, "", Band.RED)] * 30),
    reports_bands: lambda name: reports_bands(band_lines(name), [name] * 9),
    scorecards: lambda name: scorecards(cards(name)),
    rules: lambda name: rules((RuleSection(name or "x", (name,) * 20),)),
    library: lambda name: library([shared_asset(name)] * 12, "/bandstand"),
    review_form: lambda name: review_form(shared_asset(name), Worth.CIRCLE),
    review_told: lambda name: review_told(name, name, name, is_helpful=True),
    share_form: lambda _name: share_form(has_channel=True),
    shared_post: lambda name: shared_post(shared_asset(name), name),
    shared_badge: lambda name: shared_badge(name, earned(name)),
    teacher_question: lambda _name: teacher_question(3),
    teaching_form: lambda _name: teaching_form(),
    token_list: lambda name: token_list(say("tokens-revoked"), [_token(name)] * 5, UTC),
    weekly_digest: lambda name: weekly_digest(weekly(name)),
    welcome: lambda name: welcome(Program(name=name[:80] or "x"), "/bandstand"),
    work: lambda name: work(own_work(name)),
}
# The same renderers for other cases.
MORE: tuple[Callable[[str], Answer], ...] = (
    lambda name: flag_case(flagged(name, FlagState.DISMISSED)),
    lambda name: flag_case(flagged(name, FlagState.CONFIRMED)),
    lambda name: flag_case(flagged(name, is_lapsed=True)),
    lambda name: flag_list(flags_from(name, 0)),
    lambda _name: flag_list(FlagList((), 0, 0, AT_US, UTC)),
    lambda name: decision_form(flagged(name, reviewers=1), FlagState.DISMISSED, "dismissed/1/71a7837f"),
    lambda name: rank_card(no_place(name)),
    lambda name: leaderboard(board(name), is_shared=True),
    lambda _name: privacy(is_named=False),
    lambda name: band_news(band_change(name, News.REMINDER, Band.YELLOW), ""),
    lambda name: band_news(band_change(name, News.EASED, Band.YELLOW), WIKI),
    lambda name: band_news(band_change(name, News.CLEARED, Band.GREEN), WIKI),
    lambda name: reports_bands((), [name]),
    lambda _name: band(None, "", UTC),
    lambda name: badge_news(news(name, 1, can_share=False)),
    lambda name: badge_news(news(name, 2, is_named=False)),
    lambda _name: library([], "/bandstand"),
    lambda _name: share_form(has_channel=False),
    lambda _name: badges(BadgeShelf((), (), can_share=False)),
    *(lambda name, state=state: exception_request(exception_case(name, state)) for state in ExceptionState),
    *(lambda name, state=state: exception_news(exception_case(name, state)) for state in list(ExceptionState)[1:]),
    lambda name: exception_news(exception_case(name, ExceptionState.APPROVED), is_ending=True),
    lambda _name: exceptions(Exceptions((), (), may_ask=False)),
    lambda name: dispute(dispute_case(name, DisputeState.UPHELD), "/bandstand"),
    lambda name: dispute_news(dispute_case(name, DisputeState.UPHELD), "/bandstand"),
    lambda name: disputes_due((), (dispute_case(name),), "/bandstand"),
    lambda _name: disputes(Disputes((), ())),
    lambda name: leaderboard(teams(name)),
    lambda _name: progress("Outcomes", score_weeks(1), ""),
    lambda _name: office_hours_list((), None, may_offer=False),
)
