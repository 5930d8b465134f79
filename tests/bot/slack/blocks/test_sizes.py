"""Messages that list what a company has, for companies of nobody, one, three, 300 and 85,000 people."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date

import pytest

from bot.slack.blocks.ai_ops_report import AiOpsReport, ai_ops_report
from bot.slack.blocks.badges import BadgeNews, BadgeOfWeek, BadgeWeek, LevelNames, badge_news, badge_week
from bot.slack.blocks.bands import BandsOverview, bands_for_ai_ops, reports_bands
from bot.slack.blocks.disputes import Disputes, dispute_form, disputes, disputes_due
from bot.slack.blocks.exceptions import MOST_LISTED, CeilingChoice, Exceptions, exception_form, exceptions
from bot.slack.blocks.flags import PAGE, FlagList, flag_list, flags_waiting
from bot.slack.blocks.home.reports import Report, reports
from bot.slack.blocks.places import Leaderboard, LeaderboardRow, leaderboard
from bot.slack.blocks.sharing import library
from bot.slack.blocks.teaching import office_hours_list
from bot.slack.blocks.weekly_digest import weekly_digest
from bot.slack.message import Answer
from db.identities import UnattributedIdentity
from scoring.digest import BoardSection, Digest, OfficeHours, Place, Riser
from tests.bot.slack.blocks.samples import (
    AT_US,
    WIKI,
    band_lines,
    dispute_case,
    earned,
    exception_case,
    flagged,
    shared_asset,
)
from tests.bot.slack.blocks.test_harmless import require_taken, strings

MOST_PLACES = 10  # of a digest (scoring/program/digest.py) and of a leaderboard
MORE = r"([\d,]+) more"
MORE_TWICE = r"(?s)(?=.*[\d,]+ earlier ones)(?=.*[\d,]+ more\.)"  # of one's own, and of those that wait
SIZES = (0, 1, 3, 300, 85_000)
NAME = "Maximiliane Mustermann-Bartholomäus"


def a_week(people: int) -> Digest:
    places = tuple(Place(rank, NAME, 900.0) for rank in range(1, min(people, MOST_PLACES) + 1))
    risers = (Riser(NAME, 12.0),) * min(people, 3)
    section = BoardSection("team", "Teams", "What they do.", places, people, people, risers, "")
    hours = (OfficeHours(NAME, "Small models", "Thursdays"),) * people
    return Digest("Guild", "v1", date(2026, 5, 4), date(2026, 5, 31), (section,) * 5, office_hours=hours)


def a_report(people: int) -> AiOpsReport:
    names = (UnattributedIdentity("litellm", NAME, 1, 1, 1, 5),) * people
    doors = (("litellm", people), ("otlp", people))
    return AiOpsReport(date(2026, 1, 1), date(2026, 1, 7), people, people, people, names, people, people, doors, people)


def badges_of(people: int) -> BadgeWeek:
    levels = (LevelNames(earned("x").level, (NAME,) * people),) if people else ()
    return BadgeWeek(
        date(2026, 5, 25), date(2026, 5, 31), (BadgeOfWeek("Badge", "Well done.", WIKI, levels, people),) * 12
    )


def a_board(people: int) -> Leaderboard:
    rows = tuple(LeaderboardRow(rank, NAME, 1.0) for rank in range(1, min(people, MOST_PLACES) + 1))
    return Leaderboard("team", "Teams", "What they do.", AT_US, people, rows, None, UTC)


def asked(people: int) -> Exceptions:
    """As the desk hands them over."""
    shown = (exception_case(NAME),) * min(people, MOST_LISTED)
    rest = people - len(shown)
    return Exceptions(shown, shown, may_ask=True, more_waiting=rest, earlier=rest)


# What is behind each, and after how much it says what it leaves out; None = however much there is, all of it is told.
SIZED: dict[Callable[..., Answer], tuple[Callable[[int], Answer], str | None]] = {
    ai_ops_report: (lambda n: ai_ops_report(a_report(n)), r"[\d,]+ more names?"),
    badge_news: (
        lambda n: badge_news(BadgeNews((earned(NAME),) * n, can_share=True, is_named=True, command="/b")),
        MORE,
    ),
    badge_week: (lambda n: badge_week(badges_of(n)), r"[\d,]+ more"),
    bands_for_ai_ops: (lambda n: bands_for_ai_ops(BandsOverview(band_lines(NAME, 1) * n, n, n)), MORE),
    disputes: (lambda n: disputes(Disputes((dispute_case(NAME),) * n, (dispute_case(NAME),) * n)), MORE_TWICE),
    disputes_due: (lambda n: disputes_due((dispute_case(NAME),) * n, (dispute_case(NAME),) * n, "/b"), MORE),
    exceptions: (lambda n: exceptions(asked(n)), MORE_TWICE),
    flag_list: (lambda n: flag_list(FlagList((flagged(NAME),) * min(n, PAGE), 0, n, AT_US, UTC)), r"1 to \d"),
    flags_waiting: (lambda n: flags_waiting(n, "/b"), None),
    leaderboard: (lambda n: leaderboard(a_board(n)), None),
    library: (lambda n: library([shared_asset(NAME)] * n, "/b"), MORE),
    office_hours_list: (
        lambda n: office_hours_list((OfficeHours(NAME, "a", "b"),) * n, None, may_offer=True),
        MORE,
    ),
    reports: (lambda n: reports([Report(NAME, "Data")] * n), MORE),
    reports_bands: (lambda n: reports_bands(band_lines(NAME, 1) * n, [NAME] * n), MORE),
    weekly_digest: (lambda n: weekly_digest(a_week(n)), None),
}


def name_of(render: Callable[..., Answer]) -> str:
    return render.__name__


@pytest.mark.parametrize("render", SIZED, ids=name_of)
@pytest.mark.parametrize("people", SIZES)
def test_slack_takes_it_however_many_there_are(render: Callable[..., Answer], people: int) -> None:
    made, _ = SIZED[render]
    require_taken(made(people))


@pytest.mark.parametrize("render", [one for one, (_, more) in SIZED.items() if more], ids=name_of)
@pytest.mark.parametrize("people", SIZES[3:])
def test_what_is_left_out_is_counted(render: Callable[..., Answer], people: int) -> None:
    made, more = SIZED[render]
    said = "\n".join(text for _, text in strings(made(people).blocks))
    assert re.search(more or "", said), said[-500:]


@pytest.mark.parametrize(("render", "lists"), [(bands_for_ai_ops, 1), (reports_bands, 1), (disputes_due, 2)])
def test_lines_told_and_lines_left_out_are_all_there_are(render: Callable[..., Answer], lists: int) -> None:
    made, _ = SIZED[render]
    said = "\n".join(text for _, text in strings(made(300).blocks))
    left_out = re.search(MORE, said)
    assert left_out is not None
    assert len(re.findall(r"^• ", said, re.MULTILINE)) + int(left_out[1].replace(",", "")) == 300 * lists


def test_forms_offer_no_more_than_slack_takes() -> None:
    require_taken(dispute_form([(f"badge/{number}", NAME) for number in range(85_000)], "", 5))
    require_taken(exception_form([CeilingChoice("c", NAME, NAME, "$5", "month")] * 85_000, "", 90))
