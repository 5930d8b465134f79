"""The figures that flags rest on, in words and in the order in which one reads them. A kind with a new one names it here.

Flags that were decided on long ago may have others.
"""

from __future__ import annotations

from collections.abc import Mapping

FIGURES: Mapping[str, str] = {
    # days
    "usd_on_these_days": "dollars on these days",
    "usd_on_a_usual_day": "dollars on a usual day",
    "times_a_usual_day": "times a usual day",
    "work_times_usual": "work done then, times the usual",
    "usual_days_beyond": "usual days' worth beyond that work",
    "month_end": "at the end of the month",
    "repeats": "calls that repeat a prompt",
    "most_repeats_a_day": "most of them on one day",
    "calls_on_these_days": "all calls on these days",
    "days": "days",
    "hours_a_day": "hours with calls on a day",
    "hours_with_several_sessions": "of these, with several sessions at once",
    "tasks_of_others": "tasks that others got done",
    "others": "people who did",
    # what was spent
    "usd": "dollars",
    "deliveries": "tasks",
    "times_what_peers_need": "times what these tasks take peers",
    "times_what_own_tasks_took": "times what one's own tasks took",
    "times_the_middle_peers_usage": "times the usage of the peer in the middle",
    "share_without_outcome": "share of it without an outcome",
    "long_sessions_without_task": "long sessions without a task",
    "longest_hours": "hours of the longest",
    "usd_in_long_sessions": "dollars in them",
    # outcomes
    "outcomes": "outcomes",
    "outcomes_a_day": "on a day with any",
    "peers_outcomes_a_day": "the same of peers",
    "times_peers": "times as many as peers",
    "size_against_peers": "what each took, as a share of a peer's",
    "outcomes_before": "outcomes before",
    "times_before": "times as many on a day as before",
    "size_against_before": "what each took, as a share of before",
    "more_and_smaller": "times more and smaller together",
    "without_usage": "with little or no usage",
    "without_usage_or_review": "without a review either",
    "in_exploration": "with usage in the exploration lane",
    "peers_in_exploration_share": "share of peers' outcomes with it",
    "usd_each": "dollars for each",
    "peers_usd_each": "the same of peers",
    "peers_with_usage_share": "share of peers' outcomes with usage",
    "times_as_many_as_peers": "times as many as peers",
    # reviews
    "members": "people in the circle",
    "given": "reviews and reuses given",
    "given_inside": "within the circle",
    "received": "reviews and reuses received",
    "received_inside": "within the circle too",
    # what each kind is held against
    "limit_usual_days": "the limit in usual days",
    "limit_repeats_a_day": "the limit on one day",
    "limit_hours": "the limit in hours",
    "limit_days": "the limit in days",
    "limit_tasks": "the limit in tasks",
    "limit_times": "the limit in times",
    "limit_outcomes": "the limit in outcomes",
    "limit_reviews": "the limit in reviews",
}
