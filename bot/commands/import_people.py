"""``bandstand import people``: the directory from a CSV file."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.faults import Fault
from bot.people_file import PeopleFileError, import_people
from bot.settings import Settings
from bot.world import Clock, open_world


def import_people_file(settings: Settings, now_us: Clock, path: Path, *, skip_bad_rows: bool) -> None:
    """Prints what was new; raises ``Fault`` when rows cannot be read and none may be skipped."""
    if not path.is_file():
        raise Fault(f"{path} is not a file")
    with open_world(settings, now_us) as world:
        try:
            report = import_people(world.store, path, now_us(), skip_bad_rows=skip_bad_rows)
        except (PeopleFileError, OSError) as error:
            raise Fault(f"{path}: {error}") from error
    errors = Console(stderr=True)
    for fault in report.faults:
        errors.print(f"line {fault.line}: {escape(fault.text)}")
    if report.faults and not skip_bad_rows:
        count = len(report.faults)
        raise Fault(
            f"{path}: {count} {'row' if count == 1 else 'rows'} cannot be read, so nothing was taken in; "
            "mend them, or use --skip-bad-rows"
        )
    skipped = f", {len(report.faults)} skipped" if report.faults else ""
    Console().print(f"{report.new} new, {report.updated} updated, {report.unchanged} unchanged{skipped}.")
