"""The steps of a path into a document. They are values: a path's shape says how many there are and of which kind."""

from __future__ import annotations

from typing import Any, NamedTuple

from ferrow.sql.shape import HOLES, Shape
from ferrow.types import Integer, Text

_LARGEST = 2**31 - 1


class Step(NamedTuple):
    """`kind` is key (of an object), index (of an array, from the end if negative) or either (digits that may be both)."""

    kind: str
    value: str | int

    @property
    def hole(self) -> Shape:
        """Where the step's value goes."""
        return HOLES[Integer()] if self.kind == "index" else HOLES[Text()]


def step(key: Any) -> Step:
    """What `document[key]` means: a text is a key, whatever it is made of; a whole number is a position.

    Raises:
        TypeError: neither.
        ValueError: a position no array has, or a key no document can hold.
    """
    if isinstance(key, str):
        if "\0" in key:
            msg = f"a document has no key with the NUL character: {key!r}"
            raise ValueError(msg)
        return Step("key", str(key))
    if isinstance(key, bool) or not isinstance(key, int):
        msg = f"a step into a document is a str (a key) or an int (a position in an array), not {key!r}"
        raise TypeError(msg)
    if abs(key) > _LARGEST:
        msg = f"{key} is no position in an array"
        raise ValueError(msg)
    return Step("index", int(key))


def word(text: str) -> Step:
    """What a part of a keyword (`meta__tags__0`) means: digits may be a key or a position, anything else is a key."""
    made = step(text)
    digits = text.isascii() and text.isdigit() and int(text) <= _LARGEST
    return Step("either", made.value) if digits else made
