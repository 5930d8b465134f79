"""Who may stand behind a name that nobody answers to: a suggestion for whoever links it, and never more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_MARKS = re.compile(r"[\W_]+")
_MOST = 3


class LikelyOwners:
    """Finds people by a name like the local part of their address, or like one by which another source knows them."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names``: addresses and other known names, each with the e-mail address of its person."""
        self._people: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name, email in names:
            if key := _key(name):
                self._people[key][email] = None

    def of(self, name: str) -> tuple[str, ...]:
        """At most three e-mail addresses."""
        return tuple(self._people.get(_key(name), ()))[:_MOST]


def _key(name: str) -> str:
    """What is the same in ``Ada.Lovelace@gmail.com``, ``ACME\\ada-lovelace`` and ``ada_lovelace+laptop@acme.test``."""
    local = name.partition("@")[0].rpartition("\\")[2].partition("+")[0]
    return _MARKS.sub("", local).casefold()
