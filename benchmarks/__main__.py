"""``make bench``: prints how fast Bandstand is, each figure as a ratio to a yardstick of the same run."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.databases import postgresql
from benchmarks.flags import flags_ratios
from benchmarks.ingest import batches_ratio, singles_ratio
from benchmarks.otlp import otlp_ratio
from benchmarks.place import place_ratios
from benchmarks.ratio import Ratio
from benchmarks.scoring import scoring_ratios
from benchmarks.year import year_ratios

_ALL = (singles_ratio, batches_ratio, otlp_ratio, place_ratios, scoring_ratios, flags_ratios, year_ratios)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a first look")
    scale = 0.1 if parser.parse_args().quick else 1.0
    table = Table(title="Bandstand's speed (ratios hold across machines, figures do not)")
    for column in ("work", "ours", "yardstick", "ratio", "aim"):
        table.add_column(column, justify="left" if column == "work" else "right")
    console = Console()
    with tempfile.TemporaryDirectory(prefix="bandstand-bench-") as folder, postgresql(Path(folder)) as server:
        for ratios in _ALL:
            for ratio in ratios(Path(folder), server, scale):
                _add(table, ratio)
                console.print(f"{ratio.work}: {ratio.value:.2f}")
    console.print(table)


def _add(table: Table, ratio: Ratio) -> None:
    table.add_row(ratio.work, ratio.ours, ratio.yardstick, f"{ratio.value:.2f}", ratio.aim)


main()
