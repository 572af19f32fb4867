"""`__naming__`: how a project calls its indexes and constraints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ferrow.errors import ModelError, nearest

_KEYS = ("ix", "ux", "uq", "fk", "ck", "pk", "table")
_WORDS = ("table", "columns", "target")


def conventions(cls: Any) -> dict[str, Any]:
    """What the class and its bases say, the class last. Raises ModelError for an unknown key."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        said = base.__dict__.get("__naming__", {})
        if not isinstance(said, Mapping):
            raise ModelError(
                f'{base.__qualname__}.__naming__ = {said!r} is not a mapping, as {{"ix": "ix_{{table}}_{{columns}}"}}.'
            )
        for key in said:
            if key not in _KEYS:
                raise ModelError(f"{base.__qualname__}.__naming__ has the key {key!r}. {nearest(key, _KEYS)}")
        found.update(said)
    return found


def patterns(cls: Any) -> dict[str, str]:
    """How the indexes and constraints of a class's table are called. Raises ModelError for a pattern that cannot be filled in.

    Keys: ix and ux (index, unique index), uq, fk, ck (check), pk. Words in a pattern: {table}, {columns}, and for fk {target}, the
    table referred to.
    """
    return {key: _checked(cls, key, pattern) for key, pattern in conventions(cls).items() if key != "table"}


def _checked(cls: type, key: str, pattern: Any) -> str:
    try:
        first, second = (pattern.format(table=word, columns=word, target=word) for word in ("a", "b"))
    except (AttributeError, KeyError, IndexError, ValueError):
        known = ", ".join(f"{{{word}}}" for word in _WORDS)
        raise ModelError(
            f"{cls.__qualname__}.__naming__[{key!r}] = {pattern!r} cannot be filled in; it is text with {known} in it."
        ) from None
    if first == second:
        raise ModelError(f"{cls.__qualname__}.__naming__[{key!r}] = {pattern!r} would give every table the same name.")
    text: str = pattern
    return text
