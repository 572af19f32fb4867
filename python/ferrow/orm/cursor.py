"""Cursors of keyset pagination: a position in the order of one query, as text that is safe in a URL.

`version | mark of the query | check | values`, in base64. The check is keyed with the whole mark and the caller's secret, so that a
cursor of another query, or one that was changed, is refused instead of leading somewhere.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, NamedTuple
from uuid import UUID

from ferrow.errors import InvalidCursor, ProgrammingError

_VERSION = b"\x01"
_MARK, _CHECK = 6, 10  # bytes

# By the exact class: a bool is an int, a datetime a date.
_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    type(None): ("n", lambda value: value),
    bool: ("b", lambda value: value),
    int: ("i", lambda value: value),
    str: ("s", lambda value: value),
    float: ("f", repr),
    Decimal: ("d", str),
    datetime: ("t", datetime.isoformat),
    date: ("D", date.isoformat),
    time: ("T", time.isoformat),
    UUID: ("u", str),
    bytes: ("x", bytes.hex),
}
_READ: dict[str, Callable[[Any], Any]] = {
    **{tag: lambda value: value for tag in "nbis"},
    "f": float,
    "d": Decimal,
    "t": datetime.fromisoformat,
    "D": date.fromisoformat,
    "T": time.fromisoformat,
    "u": UUID,
    "x": bytes.fromhex,
}


class Position(NamedTuple):
    """Where a slice begins: after these values of the order's terms, or before them."""

    values: tuple[Any, ...]
    backwards: bool
    inclusive: bool = False


def mark_of(sql: str, values: Sequence[Any]) -> bytes:
    """What tells one query from another: its text and its parameters.

    Moments are left out: `filter(expires__gt=now)` is the same query a second later.
    """
    digest = blake2b(sql.encode(), digest_size=32)
    for value in values:
        digest.update(b"\0" + _stable(value).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _stable(value: Any) -> str:
    if isinstance(value, (date, time)):
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):  # the order in a set is another one in each process
        return repr(sorted([_stable(one) for one in value]))
    return f"{type(value).__name__} {value!r}"


def written(position: Position, mark: bytes, secret: str | bytes | None) -> str:
    """The cursor for a position.

    Raises:
        ProgrammingError: a value of a type that cursors do not know.
    """
    tagged = [int(position.backwards), int(position.inclusive)]
    parts: list[Any] = list(tagged)
    for value in position.values:
        known = _WRITE.get(type(value))
        if known is None:
            msg = f"after() cannot put {value!r}, a {type(value).__name__}, in a cursor; order by something else"
            raise ProgrammingError(msg)
        parts += [known[0], known[1](value)]
    payload = json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()
    data = _VERSION + mark[:_MARK] + _check(payload, mark, secret) + payload
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def read(cursor: str, mark: bytes, secret: str | bytes | None) -> Position:
    """The position a cursor stands for.

    Raises:
        InvalidCursor: it belongs to another query, was changed, or is no cursor at all.
    """
    data = _decoded(cursor)
    if data[1 : 1 + _MARK] != mark[:_MARK]:
        msg = (
            f"the cursor {_shown(cursor)} belongs to another query: its model, conditions and order must be those it was made "
            "with. Start again without a cursor"
        )
        raise InvalidCursor(msg)
    check, payload = data[1 + _MARK : 1 + _MARK + _CHECK], data[1 + _MARK + _CHECK :]
    if not compare_digest(check, _check(payload, mark, secret)):
        msg = f"the cursor {_shown(cursor)} was changed, or made with another secret. Start again without a cursor"
        raise InvalidCursor(msg)
    backwards, inclusive, *rest = json.loads(payload)
    values = tuple([_READ[tag](value) for tag, value in zip(rest[::2], rest[1::2], strict=True)])
    return Position(values, bool(backwards), bool(inclusive))


def _decoded(cursor: str) -> bytes:
    try:
        text = cursor.encode("ascii")
        data = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
        # Several texts stand for the same bytes; only one of them was ever made.
        whole = urlsafe_b64encode(data).rstrip(b"=") == text and len(data) > 1 + _MARK + _CHECK
    except (AttributeError, ValueError):
        whole, data = False, b""
    if not whole or data[:1] != _VERSION:
        msg = (
            f"{_shown(cursor)} is not a cursor: give next or previous of a slice as it is, or None for the first slice"
        )
        raise InvalidCursor(msg)
    return data


def _check(payload: bytes, mark: bytes, secret: str | bytes | None) -> bytes:
    hidden = secret.encode() if isinstance(secret, str) else secret or b""
    key = blake2b(hidden, digest_size=32, key=mark).digest()
    return blake2b(payload, digest_size=_CHECK, key=key).digest()


def _shown(cursor: object) -> str:
    text = repr(cursor)
    return text if len(text) <= 60 else text[:57] + "..."
