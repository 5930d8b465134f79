"""One's own progress: how the score went week by week, in words and as a line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blocks.charts import chart
from bot.slack.blocks.parts import context, header, section
from bot.slack.message import Message
from bot.slack.say import label, say
from bot.slack.text import Mrkdwn, escape, joined, without_marks
from db.score_weeks import ScoreWeek


def progress(board: str, weeks: Sequence[ScoreWeek], next_step: str) -> Message:
    """``weeks``, oldest first, of the board called ``board``; ``next_step`` is what would help most, "" = unknown."""
    told = joined([trend(weeks), *map(_week, weeks)])
    step = [say("place-next-step", step=escape(next_step, 500))] if next_step else []
    points = [(one.week, one.score) for one in weeks]
    title = label("progress-title", board=board)
    return Message(
        text=without_marks(joined([say("progress-title", board=board), told, *step])),
        blocks=(
            header(title),
            *map(section, [told, *step]),
            *chart("line", title, label("progress-series"), points, label("progress-points")),
            context(say("progress-about")),
        ),
    )


def trend(weeks: Sequence[ScoreWeek]) -> Mrkdwn:
    """The last score beside the first, in one sentence."""
    if len(weeks) < 2:
        return say("progress-none")
    first, last = weeks[0], weeks[-1]
    change = round(last.score) - round(first.score)
    direction = "up" if change > 0 else "down" if change < 0 else "same"
    return say(
        "progress-trend",
        direction=direction,
        now=round(last.score),
        then=round(first.score),
        week=first.week,
        change=abs(change),
    )


def _week(one: ScoreWeek) -> Mrkdwn:
    return say("progress-week", week=one.week, points=round(one.score), rank=one.rank)
