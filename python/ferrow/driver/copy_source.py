"""What a COPY reads from: rows, or pieces of text or bytes, from plain and asynchronous iterables and from files."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable, Iterator
from os import PathLike
from typing import Any, Protocol, TypeAlias

from ferrow.errors import DataError, InterfaceError

PIECE = 1 << 16
"""Bytes that are sent at a time."""


class Readable(Protocol):
    """A file open for reading, in binary or as text; its `read` may also be a coroutine function."""

    def read(self, size: int, /) -> Any:
        """At most `size` of `bytes` or `str`; nothing at the end."""
        ...


Source: TypeAlias = Iterable[Any] | AsyncIterable[Any] | Readable

_BYTES = (bytes, bytearray, memoryview)
_DATA = (*_BYTES, str)


def is_data(source: object) -> bool:
    """Whether a source, or an item of one, is text or bytes, and so no row."""
    return isinstance(source, _DATA)


def check_source(source: object, world: str) -> None:
    """Raises InterfaceError for what nothing can be read from in this call style."""
    if hasattr(source, "__aiter__"):
        if world == "blocking":
            raise InterfaceError(
                f"an asynchronous {type(source).__name__} cannot be read without an event loop: "
                "use AsyncConnection, or pass a plain iterable"
            )
    elif isinstance(source, PathLike):
        raise InterfaceError(f"a path is not read from: pass the open file, open({os.fspath(source)!r}, 'rb')")
    elif not hasattr(source, "read") and not hasattr(source, "__iter__"):
        raise InterfaceError(
            f"{type(source).__name__} is nothing to copy from: pass an iterable of rows, or a file, bytes or text"
        )


async def data_of(source: Any, encoding: str | None = None) -> AsyncIterator[bytes | memoryview]:
    """The data of a file, of one str or bytes, or of an iterable of them, in pieces of a size to send.

    `encoding`: the ENCODING of the statement; None is UTF-8. Raises InterfaceError for a str with any other.
    """

    def encoded(piece: Any) -> bytes | memoryview:
        if encoding is not None and isinstance(piece, str):
            raise InterfaceError(
                f"the statement says ENCODING {encoding!r}, and str goes as UTF-8: leave ENCODING out, or pass bytes"
            )
        return _encoded(piece)

    if hasattr(source, "read"):
        while True:
            piece = source.read(PIECE)
            if isinstance(piece, Awaitable):
                piece = await piece
            if piece is None:  # as at the end, the COPY would be complete
                raise DataError(
                    f"read() of the {type(source).__name__} gave None: there is nothing to read yet; open it in blocking mode"
                )
            if not piece:
                return
            yield encoded(piece)
    elif hasattr(source, "__aiter__"):
        async for piece in source:
            for part in _cut(encoded(piece)):
                yield part
    else:
        for piece in (source,) if is_data(source) else source:
            for part in _cut(encoded(piece)):
                yield part


def _encoded(piece: Any) -> bytes | memoryview:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, str):
        try:
            return piece.encode()
        except UnicodeEncodeError as error:
            lone = error.object[error.start]
            raise DataError(
                f"{lone!r} at index {error.start} of a piece of the text, a lone surrogate, is nothing that UTF-8 can write; pass bytes"
            ) from None
    if isinstance(piece, _BYTES):
        view = memoryview(piece)
        return view.cast("B") if view.c_contiguous else view.tobytes()
    raise DataError(
        f"a COPY in format text or csv, or of a whole statement, takes pieces of bytes or str, not {type(piece).__name__}; "
        'rows go with format="binary"'
    )


def _cut(piece: bytes | memoryview) -> Iterator[bytes | memoryview]:
    if len(piece) <= 4 * PIECE:
        yield piece
        return
    view = memoryview(piece)
    for start in range(0, len(view), PIECE):
        yield view[start : start + PIECE]
