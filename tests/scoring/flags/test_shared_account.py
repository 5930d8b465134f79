"""One identity, at work around the clock in several sessions at once, on several days."""

from __future__ import annotations

import pytest

from scoring.flag import FlagKind
from scoring.flags.traces import BusyDay
from tests.scoring.flags.cases import ADA, RECENT, facts, found


@pytest.mark.parametrize(
    ("days", "hours", "crowded", "is_flagged"),
    [(5, 18, 9, True), (4, 24, 24, False), (5, 17, 17, False), (20, 24, 11, False), (20, 24, 12, True)],
)
def test_five_days_of_eighteen_hours_half_of_them_crowded(
    days: int, hours: int, crowded: int, is_flagged: bool
) -> None:
    busy = tuple(BusyDay(ADA, day, hours, crowded) for day in RECENT[:days])
    flag = found(FlagKind.SHARED_ACCOUNT, facts(busy_days=busy))
    assert (flag is not None) is is_flagged
    if flag:
        assert flag.days == RECENT[:days]
        assert flag.evidence["hours_a_day"] == hours
