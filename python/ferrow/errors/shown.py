"""Values in error messages, without passwords."""

from __future__ import annotations

import re

_URL = re.compile(r"\s*(\w[\w+.-]*:)//|.*\bpassword\s*=", re.DOTALL | re.IGNORECASE)


def shown(value: object) -> str:
    """The `repr` of a value; of a URL or DSN, which may hold a password, only the scheme."""
    if isinstance(value, str) and (found := _URL.match(value)):
        return repr(f"{found[1] or ''}…")
    return repr(value)


def shortened(value: object) -> str:
    """The same, cut to 80 characters."""
    text = shown(value)
    return text if len(text) <= 80 else text[:77] + "..."
