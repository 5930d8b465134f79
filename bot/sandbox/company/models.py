"""The models that Juniper & Vale's gateway offers, with the prices that it bills."""

from __future__ import annotations

import random

import msgspec

from scoring.events import Tokens


class Model(msgspec.Struct, frozen=True):
    """``input_price`` and ``output_price`` in nano-dollars a token; cache reads cost a tenth of input.

    None = run in-house, nobody has a price for it.
    """

    name: str
    provider: str
    input_price: int | None
    output_price: int | None
    popularity: int

    def cost_nanousd(self, tokens: Tokens) -> int | None:
        if self.input_price is None or self.output_price is None:
            return None
        cached = (tokens.cache_read * self.input_price) // 10
        return tokens.input * self.input_price + cached + tokens.output * self.output_price


MODELS = (
    Model("claude-sonnet-4-5", "anthropic", 3_000, 15_000, 6),
    Model("claude-haiku-4-5", "anthropic", 1_000, 5_000, 4),
    Model("gpt-4o", "openai", 2_500, 10_000, 3),
    Model("gpt-4o-mini", "openai", 150, 600, 3),
)
IN_HOUSE = Model("juniper-writer-8b", "hosted_vllm", None, None, 1)


def pick_model(rng: random.Random) -> Model:
    """One of the priced models, the popular ones more often."""
    return rng.choices(MODELS, [model.popularity for model in MODELS])[0]


def model_named(name: str) -> Model:
    """The model of this name. Raises ``StopIteration`` for a model that nobody offers."""
    return next(model for model in (*MODELS, IN_HOUSE) if model.name == name)
