"""What MySQL tells of a session unasked, behind the answer to a statement (CLIENT_SESSION_TRACK): which variables it has changed.

To ask for them instead is a statement behind the user's, and on MySQL what was to be read of its warnings is gone then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SESSION_TRACK = 1 << 23
"""The capability: a client that has it is told."""
_MODE = "sql_mode"
TRACKED = f"session_track_system_variables = '{_MODE},character_set_client'"
"""What a session is set to at first, so that it tells of what it is set to then, too."""
_CHANGED = 0x4000  # SERVER_SESSION_STATE_CHANGED
_VARIABLES = 0  # SESSION_TRACK_SYSTEM_VARIABLES
_WIDTHS = {0xFC: 2, 0xFD: 3, 0xFE: 8}  # bytes of a length, by what stands before it


def told(result: Any) -> dict[str, str]:
    """The variables that a statement has changed, by a driver's result, whose message begins with all that its answer ends with."""
    if result is None or not (result.server_status or 0) & _CHANGED or not result.message:
        return {}
    message, changes, *_ = (*_texts(result.message), b"")
    result.message = message
    found: list[bytes] = []
    while changes:
        kind, (data, changes) = changes[0], _text(changes[1:])
        if kind == _VARIABLES:
            found += _texts(data)
    values = [text.decode(errors="replace") for text in found]
    return dict(zip(values[::2], values[1::2], strict=False))


def tracks(result: Any) -> bool:
    """Whether the server tells, by the result of what has set up the session."""
    return _MODE in told(result)


def unsets(sql: str) -> bool:
    """Whether a statement may have the server tell something else."""
    return "session_track" in sql.lower()


def _texts(data: bytes) -> Iterator[bytes]:
    """Texts with their lengths, one after the other."""
    while data:
        text, data = _text(data)
        yield text


def _text(data: bytes) -> tuple[bytes, bytes]:
    """The first, and what is behind it."""
    start = 1 + (width := _WIDTHS.get(data[0], 0))
    end = start + (int.from_bytes(data[1:start], "little") if width else data[0])
    return data[start:end], data[end:]
