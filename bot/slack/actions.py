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

TEACH = "teach"
TEACH_NOT_NOW = "teach_not_now"
TEACH_NEVER = "teach_never"
STOP_TEACHING = "stop_teaching"
OFFER_OFFICE_HOURS = "offer_office_hours"  # a form

ASK_EXCEPTION = "ask_exception"
APPROVE_EXCEPTION = "approve_exception"
OPEN_EXCEPTION_APPROVE_LESS = "open_exception_approve_less"
OPEN_EXCEPTION_DECLINE = "open_exception_decline"
OPEN_EXCEPTION_ASK_BACK = "open_exception_ask_back"
OPEN_EXCEPTION_ANSWER = "open_exception_answer"
WITHDRAW_EXCEPTION = "withdraw_exception"
SEND_EXCEPTION = "send_exception"  # forms, these five
APPROVE_LESS_EXCEPTION = "approve_less_exception"
DECLINE_EXCEPTION = "decline_exception"
ASK_BACK_EXCEPTION = "ask_back_exception"
ANSWER_EXCEPTION = "answer_exception"

DISPUTE = "dispute"
WITHDRAW_DISPUTE = "withdraw_dispute"
OPEN_UPHOLD = "open_uphold"
OPEN_DECLINE_DISPUTE = "open_decline_dispute"
SEND_DISPUTE = "send_dispute"  # forms, these three
UPHOLD_DISPUTE = "uphold_dispute"
DECLINE_DISPUTE = "decline_dispute"

CONFIRM_FLAG = "confirm_flag"
DISMISS_FLAG = "dismiss_flag"
MORE_FLAGS = "more_flags"

SEND_FLAG_DECISION = "send_flag_decision"  # a form
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
