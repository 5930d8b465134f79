"""An exception lifts the ceiling that it names, for whom it names, and nothing else."""

from __future__ import annotations

import pytest

from scoring.bands.band import Band, Reason, Rule
from scoring.bands.ceilings import excepted
from scoring.exceptions import BudgetException

ADA, BEN = 7, 8
MORE = [
    BudgetException(1, "monthly", str(ADA), 10, is_total=False, from_us=0, until_us=1),
    BudgetException(2, "team", "legal", 10, is_total=False, from_us=0, until_us=1),
]


@pytest.mark.parametrize(
    ("person_id", "rule", "about", "is_lifted"),
    [
        (ADA, Rule.CEILING, "monthly/", True),
        (ADA, Rule.SOFT_LIMIT, "monthly/", True),
        (BEN, Rule.CEILING, "monthly/", False),
        (ADA, Rule.CEILING, "weekly/", False),
        (ADA, Rule.CEILING, "monthly", False),
        (ADA, Rule.CEILING, f"monthly/{ADA}", True),
        (BEN, Rule.CEILING, "team/legal", True),
        (BEN, Rule.CEILING, "team/sales", False),
        (BEN, Rule.CEILING, "team/", False),
        (BEN, Rule.COST_SPIKE, "team/legal", False),
        (ADA, Rule.COST_SPIKE, "monthly/", False),
    ],
)
def test_only_the_ceiling_and_those_that_it_names(person_id: int, rule: Rule, about: str, is_lifted: bool) -> None:
    reason = Reason(rule, Band.RED, "Over.", "Less.", "Wait.", 2.0, 1.0, "USD", 1, about)
    assert excepted(MORE)(person_id, reason) is is_lifted
