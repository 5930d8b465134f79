"""What a link may be: an address on the web, and nothing that a browser would run."""

from __future__ import annotations

import re

_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*")


def is_web_address(text: str) -> bool:
    return _WEB_ADDRESS.fullmatch(text) is not None
