"""One name for a model, however its producers spell it."""

from __future__ import annotations

import re
from functools import lru_cache

_CONTEXT_VARIANT = re.compile(r"\[[^\]]*\]$")


@lru_cache(maxsize=4096)
def normalise_model(name: str) -> str:
    """``name`` in lower case without a provider before a slash and without a variant like ``[1m]``.

    ``anthropic/claude-opus-4-8[1m]`` and ``claude-opus-4-8`` are one model: LiteLLM names the provider,
    Claude Code's metrics name the context variant and its log events do not.
    """
    bare = _CONTEXT_VARIANT.sub("", name.strip().lower()).rpartition("/")[2].strip()
    return bare or name.strip().lower()
