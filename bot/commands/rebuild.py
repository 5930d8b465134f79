"""``bandstand rebuild``: the roll-ups once more from the events."""

from __future__ import annotations

from rich.console import Console

from bot.settings import Settings
from bot.world import Clock, open_world
from db.rebuild import rebuild


def rebuild_rollups(settings: Settings, now_us: Clock) -> None:
    with open_world(settings, now_us) as world, world.store.write() as conn:
        report = rebuild(conn)
    counted = f"{report.rows} roll-up rows over {report.days} days"
    if report.changed:
        Console().print(f"{counted} recomputed; {report.changed} were not what the events say, and are now.")
        return
    Console().print(f"{counted} recomputed; all are the same as before.")
