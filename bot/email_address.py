"""E-mail addresses as the directory keeps them."""

from __future__ import annotations

import re
import unicodedata

_PLAUSIBLE = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@([^\s@<>(),;:\"\[\]\\.]+\.)+[^\s@<>(),;:\"\[\]\\.]+")
_LONGEST = 254  # RFC 5321, section 4.5.3.1.3


def as_email(text: str) -> str | None:
    """``text`` as an address: trimmed, composed (NFC), lower case. None where it cannot be one."""
    address = unicodedata.normalize("NFC", text.strip())
    if len(address) > _LONGEST or not address.isprintable() or not _PLAUSIBLE.fullmatch(address):
        return None
    return address.lower()
