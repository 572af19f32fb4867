"""What can be wrong with one message of a conversation, told relative to the right one.

A mutation is a list of parts: `right` (the message as it should be), `raw:<hex>`, `head:<n>` (its first bytes), `kind:<hex>`
(of another type), `length:<n>` (another length field), `body:<from>:<to>:<hex>` (that part of its body replaced, and the length
corrected).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.hostile import message
from tests.support.hostility.table import ANY_TIME, BACKEND

Then = str
"""`go` on honestly, `close` the connection, or `stall`: say nothing more and keep it open."""

_LENGTHS = (0, 1, 3, -1, -(2**31), 2**31 - 1, 2_000_000_000, 2**30 + 5, 2**26 + 5, 70_000)
_KINDS = (b"\x00", b"@", b"Y", b"p", b"Q", b"\x80", b"\xff")
_COUNTS = ("0000", "0002", "7fff", "8000", "ffff")
_COUNTED = {b"T": 0, b"t": 0, b"D": 0, b"G": 1, b"H": 1, b"W": 1}
_TEXTS = {b"D": 0, b"t": 0, b"T": 6}
"""Bytes at the beginning of these that are counts and texts: others would only be another answer, or another type."""
_MANY = 48  # bytes; of a longer message not every truncation is tried


@dataclass(frozen=True, slots=True)
class Mutation:
    name: str
    say: tuple[str, ...]
    then: Then = "go"


def mutations(kind: bytes, body: bytes) -> Iterator[Mutation]:
    """All that is tried in the place of one message."""
    yield from _damages(kind, body)
    yield from _disorders()


def _cuts(size: int) -> Iterator[int]:
    yield from range(size) if size <= _MANY else {*range(12), *range(12, size, size // 24), size - 1}


def _damages(kind: bytes, body: bytes) -> Iterator[Mutation]:
    for cut in _cuts(len(body) + 5):
        yield Mutation(f"cut off after {cut} bytes", (f"head:{cut}",), "close")
    yield Mutation("cut off and silent", (f"head:{len(body) + 4}",), "stall")
    for length in (*_LENGTHS, len(body) + 3, len(body) + 5, len(body) + 50):
        yield Mutation(f"length {length}", (f"length:{length}",))
    for size in _cuts(len(body)):
        yield Mutation(f"a body of {size} bytes", (f"body:{size}:{len(body)}:",))
    for more in ("00", "41", "ff" * 9):
        yield Mutation(f"a body with {more} behind it", (f"body:{len(body)}:{len(body)}:{more}",))
    for place, byte in enumerate(body[: _TEXTS.get(kind, _MANY)]):
        if byte == 0:
            yield Mutation(f"no NUL at {place}", (f"body:{place}:{place + 1}:58",))
        elif byte >= 0x20:
            yield Mutation(f"no UTF-8 at {place}", (f"body:{place}:{place + 1}:ff",))
    if kind in _COUNTED:
        place = _COUNTED[kind]
        for count in _COUNTS:
            yield Mutation(f"count {count}", (f"body:{place}:{place + 2}:{count}",))
    for other in _KINDS:
        yield Mutation(f"type {other!r}", (f"kind:{other.hex()}",))
        yield Mutation(f"{other!r} before it", (f"raw:{message(other).hex()}", "right"))


def _disorders() -> Iterator[Mutation]:
    yield Mutation("left out", ())
    yield Mutation("left out and silent", (), "stall")
    yield Mutation("twice", ("right", "right"))
    for name, (kind, body) in BACKEND.items():
        raw = f"raw:{message(kind, body).hex()}"
        yield Mutation(f"{name} instead", (raw,))
        yield Mutation(f"{name} before it", (raw, "right"))
        yield Mutation(f"{name} behind it", ("right", raw))


def is_harmless(mutation: Mutation, kind: bytes, body: bytes) -> bool:
    """Whether the right message comes whole, and with it at most what may come at any time of an authentication."""
    if mutation.say == (f"raw:{message(kind, body).hex()}",):
        return True
    return "right" in mutation.say and mutation.name.split()[0] in {*ANY_TIME, "NegotiateProtocolVersion"}


def said(part: str, kind: bytes, body: bytes) -> bytes:
    """One part of a mutation as bytes."""
    what, _, rest = part.partition(":")
    right = message(kind, body)
    if what == "raw":
        return bytes.fromhex(rest)
    if what == "head":
        return right[: int(rest)]
    if what == "kind":
        return bytes.fromhex(rest) + right[1:]
    if what == "length":
        return kind + int(rest).to_bytes(4, "big", signed=True) + body
    if what == "body":
        begin, end, new = rest.split(":")
        return message(kind, body[: int(begin)] + bytes.fromhex(new) + body[int(end) :])
    return right
