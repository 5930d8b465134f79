"""List prices, checked against genai-prices' own sums."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from genai_prices import Usage as PricedUsage
from genai_prices import calc_price
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.prices import PriceBook, latest_list_change, list_price_nanousd
from scoring.events import Tokens, Usage
from scoring.program import Price
from scoring.program_file import ProgramError, parse_program
from scoring.window import to_us

_JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)
_counts = st.integers(0, 3_000_000)


@pytest.mark.parametrize("model", ["gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro", "claude-opus-4-8"])
@settings(deadline=None)  # the first call reads the table
@given(tokens=st.builds(Tokens, input=_counts, output=_counts, cache_read=_counts, cache_write=_counts))
def test_a_price_equals_that_of_the_price_table_to_the_nano_dollar(model: str, tokens: Tokens) -> None:
    read = tokens.input + tokens.cache_read + tokens.cache_write
    expected = calc_price(
        PricedUsage(
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


def test_a_sum_over_many_calls_is_priced_as_short_ones() -> None:
    """A counter that adds up ten calls says nothing of a long one, whose every token would cost twice as much."""
    counted = Usage("gemini-2.5-pro", Tokens(input=500_000), calls=0)
    assert PriceBook().priced(counted, to_us(_JUNE)).cost_nanousd == 625_000_000
    call = msgspec.structs.replace(counted, calls=1)
    assert PriceBook().priced(call, to_us(_JUNE)).cost_nanousd == 1_250_000_000


def test_an_unknown_model_has_no_price() -> None:
    assert list_price_nanousd("house-model-7b", Tokens(input=10), to_us(_JUNE)) is None


def test_a_negotiated_price_holds_for_its_models_on_its_days() -> None:
    text = """
        [[prices]]
        model = "claude-*"
        percent_off = 10

        [[prices]]
        model = "claude-opus-*"
        from = 2026-06-01
        until = 2026-06-30
        input = 4.0
        output = 20.0
        cache_read = 0.4
    """
    book = PriceBook(parse_program(text).prices)
    opus, million = "anthropic/claude-opus-4-8[1m]", Tokens(1_000_000, 1_000_000, 1_000_000, 1_000_000)
    assert (
        book.price_nanousd(opus, million, to_us(_JUNE)) == 28_400_000_000
    )  # writing to the cache costs what input does
    july = to_us(datetime(2026, 7, 1, tzinfo=UTC))
    assert book.price_nanousd(opus, million, july) == (list_price_nanousd(opus, million, july) or 0) * 9 // 10
    assert book.price_nanousd("gpt-4o", million, july) == list_price_nanousd("gpt-4o", million, july)


def test_a_discount_makes_no_price_where_there_is_none() -> None:
    book = PriceBook([Price(model="*", percent_off=50)])
    assert book.price_nanousd("house-model-7b", Tokens(input=10), to_us(_JUNE)) is None


@given(
    tokens=st.builds(Tokens, input=_counts, output=_counts, cache_read=_counts, cache_write=_counts),
    rates=st.tuples(*[st.decimals(0, 1000, places=4)] * 4),
)
def test_a_negotiated_price_is_exact(tokens: Tokens, rates: tuple[Decimal, ...]) -> None:
    book = PriceBook([Price(model="*", input=rates[0], output=rates[1], cache_read=rates[2], cache_write=rates[3])])
    exact = sum(
        Fraction(count) * Fraction(rate) * 1000
        for count, rate in zip((tokens.input, tokens.output, tokens.cache_read, tokens.cache_write), rates, strict=True)
    )
    assert book.price_nanousd("any", tokens, to_us(_JUNE)) == round(exact)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('model = "x"\ninput = 1', "prices.0: a price needs input and output"),
        ('model = "x"\ninput = 1\noutput = 1\npercent_off = 5', "prices.0: percent_off stands alone"),
        ('model = "x"\npercent_off = 101', "prices.0.percent_off"),
        ('model = "x"\ninput = -1\noutput = 1', "prices.0.input"),
        ('model = "x"\nfrom = 2026-02-01\nuntil = 2026-01-01\npercent_off = 5', "prices.0: it ends on"),
        ("input = 1\noutput = 1", "prices.0.model"),
    ],
)
def test_a_mistake_in_a_price_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ProgramError, match=place):
        parse_program(f"[[prices]]\n{text}")


def test_the_fingerprint_changes_with_the_prices() -> None:
    books = [PriceBook(), PriceBook([Price(model="*", percent_off=5)]), PriceBook([Price(model="*", percent_off=6)])]
    assert len({book.fingerprint for book in books}) == 3


def test_the_table_says_how_fresh_it_is() -> None:
    assert latest_list_change() > date(2025, 1, 1)
