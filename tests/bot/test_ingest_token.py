"""Ingest tokens as text: nobody's guess, read back only as they were made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.ingest_token import given_token, new_token


def test_a_token_is_read_back_as_it_was_made() -> None:
    made = new_token()
    given = given_token(made.text)
    assert given is not None
    assert (given.id, given.hash) == (made.id, made.hash)
    assert made.text.startswith(f"bst_{made.id}_")


def test_no_two_are_alike() -> None:
    made = [new_token() for _ in range(1000)]
    assert len({one.id for one in made}) == len({one.text for one in made}) == len({one.hash for one in made}) == 1000


def test_what_shows_a_token_to_a_log_does_not_show_its_secret() -> None:
    made = new_token()
    assert made.text[-40:] not in repr(made)


@given(st.integers(0, 59), st.integers(0, 7))
def test_one_bit_that_differs_is_another_token_or_none(place: int, bit: int) -> None:
    made = new_token()
    place = min(place, len(made.text) - 1)
    flipped = made.text[:place] + chr(ord(made.text[place]) ^ (1 << bit)) + made.text[place + 1 :]
    given = given_token(flipped)
    assert given is None or (given.id, given.hash) != (made.id, made.hash)


@given(st.one_of(st.text(), st.from_regex(r"\Abst_.*\Z")))
def test_any_text_can_be_shown(text: str) -> None:
    given_token(text)
