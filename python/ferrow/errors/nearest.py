"""Words for a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence for an unknown name: the nearest known one if there is one, and what is known."""
    import difflib

    names = [*known]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6) if isinstance(name, str) else ()
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(names) if names else 'none'}."
