"""List prices, checked against genai-prices' own sums."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from genai_prices import Usage, calc_price
from hypothesis import given
from hypothesis import strategies as st

from bot.prices import list_price_nanousd
from scoring.events import Tokens
from scoring.window import to_us

_JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)
_counts = st.integers(0, 3_000_000)


@pytest.mark.parametrize("model", ["gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro", "claude-opus-4-8"])
@given(tokens=st.builds(Tokens, input=_counts, output=_counts, cache_read=_counts, cache_write=_counts))
def test_a_price_equals_that_of_the_price_table_to_the_nano_dollar(model: str, tokens: Tokens) -> None:
    read = tokens.input + tokens.cache_read + tokens.cache_write
    expected = calc_price(
        Usage(
            input_tokens=read,
            output_tokens=tokens.output,
            cache_read_tokens=tokens.cache_read,
            cache_write_tokens=tokens.cache_write,
        ),
        model_ref=model,
        genai_request_timestamp=_JUNE,
    ).total_price
    assert list_price_nanousd(model, tokens, to_us(_JUNE)) == round(expected * 1_000_000_000)


@pytest.mark.parametrize("name", ["openai/gpt-4o", "azure/gpt-4o", "GPT-4o", "gpt-4o"])
def test_a_model_is_priced_however_its_producer_spells_it(name: str) -> None:
    assert list_price_nanousd(name, Tokens(input=1_000_000), to_us(_JUNE)) == 2_500_000_000


def test_an_unknown_model_has_no_price() -> None:
    assert list_price_nanousd("house-model-7b", Tokens(input=10), to_us(_JUNE)) is None
