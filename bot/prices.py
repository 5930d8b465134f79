"""What usage costs where nobody billed it: at the program's negotiated prices, else at list price (genai-prices).

In nano-dollars; the four classes of tokens are priced apart, and what has no known price stays unpriced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

import genai_prices
import msgspec
from genai_prices import Usage as PricedUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, StartDateConstraint, TieredPrices

from scoring.events import CostKind, Tokens, Usage
from scoring.models import normalise_model
from scoring.program import Price
from scoring.window import from_us

_NANO = Decimal(1_000_000_000)


class _Rates(msgspec.Struct, frozen=True):
    """Nano-dollars per token of each class, for calls with up to ``most_input`` tokens read (None = any)."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    most_input: int | None


class PriceBook:
    """The prices in force."""

    def __init__(self, negotiated: Sequence[Price] = ()) -> None:
        """Of several negotiated prices that fit, the last one holds."""
        self._negotiated = tuple(reversed(negotiated))

    @property
    def fingerprint(self) -> str:
        """Changes whenever any price may have."""
        said = [price.model_dump_json() for price in self._negotiated]
        return hashlib.sha256("\n".join([genai_prices.__version__, *said]).encode()).hexdigest()[:16]

    def priced(self, usage: Usage, time_us: int) -> Usage:
        """``usage`` of that moment with its price, where its producer has named no cost and will name none."""
        if usage.cost_nanousd is not None or usage.cost_kind is CostKind.SEPARATE:
            return usage
        cost = self.price_nanousd(usage.model, usage.tokens, time_us, is_one_call=usage.calls == 1)
        return msgspec.structs.replace(usage, cost_nanousd=cost, cost_kind=None if cost is None else CostKind.LISTED)

    def price_nanousd(self, model: str, tokens: Tokens, time_us: int, *, is_one_call: bool = True) -> int | None:
        """None where no price is known."""
        price = self._price_of(model, time_us) if self._negotiated else None
        if price is None:
            return list_price_nanousd(model, tokens, time_us, is_one_call=is_one_call)
        if price.percent_off is not None:
            listed = list_price_nanousd(model, tokens, time_us, is_one_call=is_one_call)
            return None if listed is None else _rounded(listed * (100 - price.percent_off) / 100)
        return _negotiated_nanousd(price, tokens)

    def _price_of(self, model: str, time_us: int) -> Price | None:
        name, day = normalise_model(model), from_us(time_us).date()
        return next((price for price in self._negotiated if price.fits(name, day)), None)


def latest_list_change() -> date:
    """The latest day on which a list price known here changed: how fresh the table is."""
    return max(
        found.constraint.start_date
        for provider in get_snapshot().providers
        for model in provider.models
        for found in (model.prices if isinstance(model.prices, list) else [])
        if isinstance(found.constraint, StartDateConstraint)
    )


def _negotiated_nanousd(price: Price, tokens: Tokens) -> int:
    fresh, written = price.input or Decimal(0), price.output or Decimal(0)
    read = fresh if price.cache_read is None else price.cache_read
    stored = fresh if price.cache_write is None else price.cache_write
    dollars_per_million = (
        tokens.input * fresh + tokens.output * written + tokens.cache_read * read + tokens.cache_write * stored
    )
    return _rounded(dollars_per_million * 1000)


def list_price_nanousd(model: str, tokens: Tokens, time_us: int, *, is_one_call: bool = True) -> int | None:
    """The list price of ``tokens`` of ``model`` at ``time_us``; None where no price is known.

    What long calls cost more is added for a call alone: of a sum over many nobody knows how long each was.
    """
    found = _find(model)
    if found is None:
        return None
    price = found.get_prices(from_us(time_us))
    rates = _rates(_Held(price))
    if is_one_call and rates.most_input is not None and tokens.total - tokens.output > rates.most_input:
        return _rounded(_total(price, tokens) * _NANO)
    return _rounded(
        tokens.input * rates.input
        + tokens.output * rates.output
        + tokens.cache_read * rates.cache_read
        + tokens.cache_write * rates.cache_write
    )


class _Held:
    """A price in a cache key: keyed by identity alone (it has no hash), and kept alive with the entry."""

    def __init__(self, price: ModelPrice) -> None:
        self.price = price

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.price is other.price

    def __hash__(self) -> int:
        return id(self.price)


@lru_cache(maxsize=4096)
def _find(model: str) -> ModelInfo | None:
    snapshot = get_snapshot()
    names: Sequence[tuple[str, str | None]] = (
        (model, "litellm" if "/" in model else None),
        (model, None),
        (normalise_model(model), None),
    )
    for name, provider_id in names:
        try:
            return snapshot.find_provider_model(name, None, provider_id, None)[1]
        except LookupError:
            continue
    return None


@lru_cache(maxsize=4096)
def _rates(held: _Held) -> _Rates:
    """The price before its first tier: multiplying takes 1 µs, genai-prices' own sum 70."""
    tiers = [
        tier.start for value in vars(held.price).values() if isinstance(value, TieredPrices) for tier in value.tiers
    ]
    return _Rates(
        input=_total(held.price, Tokens(input=1)) * _NANO,
        output=_total(held.price, Tokens(output=1)) * _NANO,
        cache_read=_total(held.price, Tokens(cache_read=1)) * _NANO,
        cache_write=_total(held.price, Tokens(cache_write=1)) * _NANO,
        most_input=min(tiers, default=None),
    )


def _total(price: ModelPrice, tokens: Tokens) -> Decimal:
    """Dollars. genai-prices counts cache tokens as part of the input, Bandstand beside it."""
    usage = PricedUsage(
        input_tokens=tokens.input + tokens.cache_read + tokens.cache_write,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
    )
    return price.calc_price(usage)["total_price"]


def _rounded(nanousd: Decimal) -> int:
    return int(nanousd.to_integral_value(ROUND_HALF_EVEN))
