"""Characters that cannot be read are marked, and nothing else of a body is touched."""

from __future__ import annotations

import json
import re

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from bot.hooks.decoding import mend

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from('\\"u\U0001f600'))


@given(text=TEXTS, is_ascii=st.booleans())
@example("\\ud800", True)
@example("\\\\ud83d\\n\U0001f600", True)
def test_what_can_be_read_stays_as_it_is(text: str, is_ascii: bool) -> None:
    assert mend(json.dumps({text: [text]}, ensure_ascii=is_ascii).encode()) is None


@given(text=st.text(st.characters() | st.characters(categories=["Cs"])), is_ascii=st.booleans())
@example("a\ud83d", True)
@example("\\\ud83d\\", True)
@example("\udc00\U0001f600\ud83d", True)
def test_halves_of_characters_become_what_is_none(text: str, is_ascii: bool) -> None:
    body = json.dumps(text, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    read = msgspec.json.decode(mend(body) or body)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # two halves make one
    halves = re.compile("[\ud800-\udfff]")
    if is_ascii:
        assert read == halves.sub("\uffff", whole)
    else:
        assert read.replace("\uffff", "") == halves.sub("", text).replace("\uffff", "")


@given(body=st.binary())
def test_any_bytes_can_be_mended(body: bytes) -> None:
    (mend(body) or body).decode("utf-8")
