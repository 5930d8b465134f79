"""``bandstand demo``: the real service on a made-up company and a local Slack."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.faults import Fault
from bot.logs import configure_logs
from bot.sandbox.in_terminal import show_in_terminal
from bot.sandbox.local_slack import LocalSlackMissing, install_local_slack
from bot.sandbox.on_page import show_on_page
from bot.world import Clock

_LAST_WORDS = 5


def run_demo(*, once: bool, port: int | None, now_us: Clock) -> None:
    """With ``once`` in the terminal, and it ends by itself; else on local-slack's page until Ctrl-C.

    Raises ``Fault`` when something does not go as it should, after the last lines of the service's log.
    """
    console = Console()
    with TemporaryDirectory(prefix="bandstand-demo-") as name:
        folder = Path(name)
        with (folder / "bandstand.log").open("w+", encoding="utf-8") as log:
            configure_logs(log)
            try:
                asyncio.run(_demo(console, folder, once, port, now_us))
            except (KeyboardInterrupt, asyncio.CancelledError):
                console.print("\nThat was Bandstand. Nothing of it is left on this machine but local-slack in .venv.")
            except Fault:
                log.seek(0)
                sys.stderr.writelines(log.readlines()[-_LAST_WORDS:])
                raise
            finally:
                configure_logs()


async def _demo(console: Console, folder: Path, once: bool, port: int | None, now_us: Clock) -> None:
    _let_sigterm_cancel()
    program = None if once else await _local_slack(console)
    if program is not None:
        await show_on_page(program, folder, port, now_us, console)
        return
    await show_in_terminal(folder, now_us, console)


def _let_sigterm_cancel() -> None:
    """Whoever ends the demo so leaves no local-slack running either."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def _local_slack(console: Console) -> Path | None:
    """The program, or None and a line that says why it cannot be had."""
    try:
        with console.status("Getting local-slack from npm (the first time only)"):
            return await asyncio.to_thread(install_local_slack, Path(sys.prefix) / "local-slack")
    except LocalSlackMissing as reason:
        console.print(f"No page to click on, because {reason}. What Slack would show comes here instead.")
        return None
