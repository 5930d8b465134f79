"""``make mutants``: faults planted in a copy of ``scoring/`` by mutmut, a sample of them, and whether a test finds each.

The copy is in ``mutants/`` and made anew each time, as an old one would be tested with the tests of today. ``--all`` takes half
an hour on two cores, a sample some minutes. What is left over then changes nothing that a test could see: ``strict=`` of a
``zip`` of columns that have one length, the exact equality of two logarithms, a guard that only saves time.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

_MUTMUT = Path(sys.executable).with_name("mutmut")
_COPY = Path("mutants")
_META = "scoring/**/*.meta"
_NOTHING = "no.such.mutant"  # plants the faults and learns which tests reach them
_NO_SUCH = "nothing matches"  # mutmut ends so once it has planted them
_ENOUGH_TO_SEE = 3_000
_VERDICTS = {0: "survived", 33: "reached by no test", 36: "ran out of time", -24: "ran out of time"}


def main() -> None:
    """Prints the share of planted faults that a test found, and those that none did."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sample", type=int, default=400, help="so many faults")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--all", action="store_true", help="every fault")
    given = arguments.parse_args()
    shutil.rmtree(_COPY, ignore_errors=True)
    _mutmut(_NOTHING)
    names = sorted(_exit_codes())
    chosen = names if given.all else random.Random(given.seed).sample(names, min(given.sample, len(names)))
    _mutmut(*(() if given.all else chosen))
    codes = _exit_codes()
    verdicts = {name: _verdict(codes.get(name)) for name in sorted(chosen)}
    for name, verdict in verdicts.items():
        if verdict != "killed":
            sys.stdout.write(f"{verdict}: {name}\n")
    counts = Counter(verdicts.values())
    found = counts["killed"] + counts["ran out of time"]
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    sys.stdout.write(f"{found / len(chosen):.1%} of {len(chosen)} faults found, out of {len(names)}: {told}\n")


def _mutmut(*names: str) -> None:
    done = subprocess.run([_MUTMUT, "run", *names], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode and _NO_SUCH not in done.stdout:
        sys.exit(done.stdout[-_ENOUGH_TO_SEE:])


def _exit_codes() -> dict[str, int | None]:
    """What the tests ended with, for each fault that was planted."""
    codes: dict[str, int | None] = {}
    for path in _COPY.glob(_META):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def _verdict(code: int | None) -> str:
    return "not run" if code is None else _VERDICTS.get(code, "killed")


if __name__ == "__main__":
    main()
