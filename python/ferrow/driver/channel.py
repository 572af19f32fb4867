"""Names of channels and payloads, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable

from ferrow.errors import DataError, ProgrammingError
from ferrow.identifier import in_quotes

_NAME_BYTES = 63  # the server cuts longer identifiers off, and then hears another channel
_PAYLOAD_BYTES = 7999  # the server refuses 8000


def checked(channel: object) -> str:
    """The name of a channel as it is. Raises ProgrammingError for what PostgreSQL would refuse or cut."""
    if not isinstance(channel, str):
        raise ProgrammingError(f"the name of a channel is a str, not {type(channel).__name__}: {channel!r}")
    if not channel:
        raise ProgrammingError("the name of a channel is empty; give it at least one character")
    if "\0" in channel:
        raise ProgrammingError(f"the name of a channel may not contain a NUL character: {channel!r}")
    if (size := _size(channel)) is None:
        raise ProgrammingError(f"the name of a channel is text that UTF-8 can express, which {channel!r} is not")
    if size > _NAME_BYTES:
        raise ProgrammingError(
            f"the name of a channel has at most {_NAME_BYTES} bytes in UTF-8, and {channel!r} has {size}: shorten it"
        )
    return channel


def checked_payload(payload: object) -> str:
    """A payload as it is. Raises DataError for what PostgreSQL would refuse."""
    if not isinstance(payload, str):
        raise DataError(f"the payload of a notification is a str, not {type(payload).__name__}; json.dumps makes one")
    if "\0" in payload:
        raise DataError("the payload of a notification may not contain a NUL character")
    if (size := _size(payload)) is None:
        raise DataError(
            "the payload of a notification is text that UTF-8 can express; encode other data, e.g. in base64"
        )
    if size > _PAYLOAD_BYTES:
        raise DataError(
            f"the payload of a notification has at most {_PAYLOAD_BYTES} bytes in UTF-8, and this one has {size}: "
            "put the data into a table and notify its key"
        )
    return payload


def listen_sql(channels: Iterable[str]) -> str:
    """The statements that listen on checked channels, all or none."""
    return "; ".join(f"LISTEN {in_quotes(channel)}" for channel in channels)


def unlisten_sql(channels: Iterable[str]) -> str:
    """The statements that stop listening on checked channels; on every channel if there are none."""
    return "; ".join(f"UNLISTEN {in_quotes(channel)}" for channel in channels) or "UNLISTEN *"


def _size(text: str) -> int | None:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return None
