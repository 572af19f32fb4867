"""The message for a wrong number of parameters, worded as in the core (`raise.rs`)."""

from __future__ import annotations


def miscounted(placeholders: int, given: int, sign: str = "") -> str:
    """For a statement with `placeholders` (written like `sign`) that was `given` another number of values."""
    has = "placeholder" if placeholders == 1 else "placeholders"
    were = "parameter was" if given == 1 else "parameters were"
    return f"the statement has {placeholders} {has}{sign and ' ' + sign}, {given} {were} given"
