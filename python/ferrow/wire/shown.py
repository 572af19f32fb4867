"""A statement in the text of an error, which ends up in logs."""

from __future__ import annotations

import re

_TEXT = 120  # characters of a statement

# From the first to the last quote, whatever may be a quote in between: a password must not slip out.
_LITERALS = re.compile(r"'.*'|'.*$|\$(?:[A-Za-z_]\w*)?\$.*$", re.DOTALL)


def shown(sql: str) -> str:
    """A statement for a message: shortened, and without its literals."""
    text = " ".join(_LITERALS.sub("'…'", sql).split())
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
