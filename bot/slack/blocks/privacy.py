"""Whether posts may show the reader's name, with the button to change it."""

from __future__ import annotations

from bot.slack import actions
from bot.slack.blocks.parts import button, buttons, message, plain
from bot.slack.message import Message
from bot.slack.say import label, say


def privacy(*, is_named: bool) -> Message:
    if is_named:
        return message([say("privacy-named")], buttons(button(actions.STAY_UNNAMED, label("button-stay-unnamed"))))
    return message([say("privacy-unnamed")], buttons(button(actions.SHOW_MY_NAME, label("button-show-my-name"))))


def nothing_to_choose() -> Message:
    """Where the program names nobody."""
    return plain(say("privacy-off"))
