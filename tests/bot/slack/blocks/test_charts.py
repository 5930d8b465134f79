"""Charts keep to the smaller of Slack's limits, and nothing is lost without them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.block_kit import first_fault
from bot.slack.blocks.charts import chart, has_charts, without_charts
from bot.slack.blocks.progress import progress, trend
from db.score_weeks import ScoreWeek
from tests.bot.slack.blocks.samples import leaderboard, teams

points = st.lists(st.tuples(st.text(max_size=40), st.floats(0, 1000)), max_size=40)


@given(st.text(max_size=90), points)
def test_whatever_is_drawn_slack_takes_it(title: str, drawn: list[tuple[str, float]]) -> None:
    made = chart("bar", title, "Score", drawn, "Points")
    assert first_fault(made) is None
    assert len(made) == (len(drawn) > 1)


def test_names_that_begin_alike_are_told_apart() -> None:
    (made,) = chart(
        "bar", "Teams", "Score", [("Platform engineering north", 1), ("Platform engineering south", 2)], "P"
    )
    labels = [one["label"] for one in made["chart"]["series"][0]["data"]]
    assert len(set(labels)) == 2
    assert labels == made["chart"]["axis_config"]["categories"]


def test_without_its_chart_a_message_says_the_same() -> None:
    whole = leaderboard(teams("Data"))
    assert has_charts(whole)
    plain = without_charts(whole)
    assert not has_charts(plain)
    assert plain.text == whole.text


def test_progress_is_said_in_words() -> None:
    weeks = (ScoreWeek("2026-W20", 512.4, 9), ScoreWeek("2026-W21", 530, 7), ScoreWeek("2026-W22", 561, 4))
    assert trend(weeks) == "561 points, up 49 from 512 in week 2026-W20."
    assert trend(weeks[::-1]) == "512 points, down 49 from 561 in week 2026-W22."
    assert "first week with a score" in trend(weeks[:1])
    assert "2026-W21: 530 points, place 7" in progress("Outcomes", weeks, "").text
