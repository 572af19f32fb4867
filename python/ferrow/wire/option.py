"""Values of connection options, which come as text from a URL or as objects from keywords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.errors import InterfaceError, nearest

_WORDS = {"1": True, "true": True, "on": True, "yes": True, "0": False, "false": False, "off": False, "no": False}


def pairs(query: str) -> dict[str, str]:
    """The options in a URL, after its `?`."""
    from urllib.parse import parse_qsl

    try:
        return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), separator="&"))
    except ValueError:
        raise InterfaceError("Invalid connection string: the part after '?' is not name=value&name=value") from None


def integer(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = low - 1
    if isinstance(value, float) and number != value:
        number = low - 1
    if not low <= number <= high:
        raise InterfaceError(f"connection option {name!r} is a whole number from {low} to {high}, not {value!r}")
    return number


def seconds(name: str, value: Any) -> float:
    """A time, finite and not negative."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < float("inf"):
        raise InterfaceError(f"connection option {name!r} is a number of seconds, not {value!r}")
    return number


def boolean(name: str, value: Any) -> bool:
    """A truth, as the words of libpq and of SQLite say it."""
    if isinstance(value, bool):
        return value
    known = _WORDS.get(str(value).lower())
    if known is None:
        raise InterfaceError(f"connection option {name!r} is true or false, not {value!r}")
    return known


def choice(name: str, value: Any, known: Sequence[str]) -> str:
    """One of a few words, in any case."""
    word = str(value).lower()
    if word not in known:
        raise InterfaceError(f"unknown {name} {value!r}. {nearest(word, known)}")
    return word


def codecs(value: Any) -> tuple[Any, ...]:
    """Several `ferrow.types.Codec`s."""
    if isinstance(value, (list, tuple)) and all(hasattr(item, "type_name") for item in value):
        return tuple(value)
    raise InterfaceError(
        f"connection option 'codecs' is a list of ferrow.types.Codec, given in the program; not {value!r}"
    )
