"""A command of the simple protocol and its rows, which is all that PgBouncer's console understands."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ferrow.errors import from_server
from ferrow.wire.blocking.connecting import log_in
from ferrow.wire.url import parse
from tests.support.hostile import message


def ask(url: str, command: str) -> list[dict[str, str | None]]:
    """The rows, as text by column. Raises what the server says."""
    _, sock, _ = log_in(parse(url))
    names: list[str] = []
    rows: list[dict[str, str | None]] = []
    with sock, sock.makefile("rb") as answer:
        sock.sendall(message(b"Q", command.encode() + b"\0"))
        while True:
            kind, length = struct.unpack("!ci", answer.read(5))
            body = answer.read(length - 4)
            if kind == b"T":
                names = list(columns(body))
            elif kind == b"D":
                rows.append(dict(zip(names, values(body), strict=True)))
            elif kind == b"E":
                fields = {field[:1]: field[1:].decode() for field in body.split(b"\0")}
                raise from_server({"code": fields[b"C"], "message": fields[b"M"]}, command)
            elif kind == b"Z":
                return rows


def columns(body: bytes) -> Iterator[str]:
    """The names in a RowDescription."""
    at = 2
    while at < len(body):
        end = body.index(b"\0", at)
        yield body[at:end].decode()
        at = end + 19  # past its end, what else is known of a column


def values(body: bytes) -> Iterator[str | None]:
    """The values of a DataRow."""
    at = 2
    while at < len(body):
        (length,) = struct.unpack_from("!i", body, at)
        at += 4 + max(0, length)
        yield None if length < 0 else body[at - length : at].decode()
