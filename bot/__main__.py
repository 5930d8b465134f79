"""``python -m bot`` is ``bandstand``."""

from bot.cli import main

main()
