"""Who may stand behind a name: the same local part or another known name, and no guesses beyond that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.likely_owners import LikelyOwners

ADA, BEN = "ada.lovelace@acme.test", "ben@acme.test"
OWNERS = LikelyOwners([(ADA, ADA), (BEN, BEN), ("al-coder", ADA), ("benny", BEN), ("shared", ADA), ("shared", BEN)])


@pytest.mark.parametrize(
    "name",
    [
        "ada.lovelace@gmail.test",
        "ADA_Lovelace",
        "ACME\\ada-lovelace",
        "ada.lovelace+laptop@acme.test",
        "AdaLovelace",
        "AL-Coder",
    ],
)
def test_the_same_local_part_or_another_known_name_is_suggested(name: str) -> None:
    assert OWNERS.of(name) == (ADA,)


def test_a_name_that_fits_several_suggests_all_of_them_up_to_three() -> None:
    assert OWNERS.of("shared") == (ADA, BEN)
    assert len(LikelyOwners((f"ada@{number}.test", f"ada@{number}.test") for number in range(9)).of("ada")) == 3


@pytest.mark.parametrize("name", ["", "ada", "lovelace", "ada.lovelace.2", "@acme.test", "...", "9f86d081884c7d65"])
def test_what_is_merely_similar_is_not(name: str) -> None:
    assert OWNERS.of(name) == ()


@given(st.text())
def test_any_name_can_be_asked_for(name: str) -> None:
    OWNERS.of(name)
