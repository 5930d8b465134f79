"""What Home begins with: only what there is to do."""

from __future__ import annotations

from bot.slack.blocks.home.badges import NextBadge
from bot.slack.blocks.home.next_steps import NextSteps, next_steps


def test_a_line_for_each_matter_in_which_something_would_help() -> None:
    badge = NextBadge("Explorer", "https://wiki.test/r", "You tried 2 models.", "Silver", "3", "")
    told = next_steps(NextSteps(2, "Use the cache.", "Finish a task more.", badge)).text.splitlines()
    assert told == [
        "What to do next",
        "• 2 requests wait for your decision; they stand below.",
        "• Your band: Use the cache.",
        "• Your score: Finish a task more.",
        "• The nearest badge, Explorer: You tried 2 models. Silver begins at 3. <https://wiki.test/r|Learn how>",
    ]


def test_nothing_is_said_where_there_is_nothing_to_do() -> None:
    assert NextSteps().is_empty
    assert not NextSteps(waiting=1).is_empty
    assert next_steps(NextSteps(waiting=1)).text.endswith("• 1 request waits for your decision; it stands below.")
