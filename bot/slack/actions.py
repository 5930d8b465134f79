"""The names of everything that can be typed or clicked; listeners register them, blocks use them, the manifest lists them."""

from __future__ import annotations

BANDSTAND = "/bandstand"
RANK = "/rank"
LEADERBOARD = "/leaderboard"
COMMANDS = (BANDSTAND, RANK, LEADERBOARD)

SHOW_MY_RANK = "show_my_rank"
SHOW_RULES = "show_rules"
SHARE_LEADERBOARD = "share_leaderboard"
STAY_UNNAMED = "stay_unnamed"
SHOW_MY_NAME = "show_my_name"
REVOKE_TOKEN = "revoke_token"  # noqa: S105 - the name of a button
BUTTONS = (SHOW_MY_RANK, SHOW_RULES, SHARE_LEADERBOARD, STAY_UNNAMED, SHOW_MY_NAME, REVOKE_TOKEN)

HOME_OPENED = "app_home_opened"
EVENTS = (HOME_OPENED,)
