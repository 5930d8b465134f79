"""The names of everything that can be typed or clicked; listeners register them, blocks use them, the manifest lists them."""

from __future__ import annotations

RANK = "/rank"
LEADERBOARD = "/leaderboard"
SHORT_CUTS = (RANK, LEADERBOARD)  # a site may leave them out of its manifest

SHOW_MY_RANK = "show_my_rank"
SHOW_RULES = "show_rules"
SHARE_LEADERBOARD = "share_leaderboard"
STAY_UNNAMED = "stay_unnamed"
SHOW_MY_NAME = "show_my_name"
REVOKE_TOKEN = "revoke_token"  # noqa: S105 - the name of a button

SHARE_BADGE = "share_badge"
KEEP_BADGE_PRIVATE = "keep_badge_private"

EXPLAIN_BAND = "explain_band"

REVIEW_SHARED = "review_shared"
USE_SHARED = "use_shared"
SEND_SHARED = "send_shared"  # forms
SEND_REVIEW = "send_review"

SEND_QUESTION = "send_question"  # a form

MY_AI_WORK = "my_ai_work"  # global shortcuts
ASK_OR_REPORT = "ask_or_report"

HOME_OPENED = "app_home_opened"
EVENTS = (HOME_OPENED,)


def in_menu(subcommand: str) -> str:
    """The button that does what typing ``subcommand`` does."""
    return f"menu_{subcommand}"
