"""Who is at the other end of a unix socket (libpq's `requirepeer`)."""

from __future__ import annotations

import socket
import struct

from ferrow.errors import NotSupportedError, OperationalError

_UCRED = struct.Struct("3i")  # struct ucred of socket(7): pid, uid, gid


def check_peer(sock: socket.socket, wanted: str) -> None:
    """Raise OperationalError unless the server behind a connected unix socket runs as this user of the operating system."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        raise NotSupportedError("requirepeer is not supported on this platform; leave it out")
    import pwd

    _, number, _ = _UCRED.unpack(sock.getsockopt(socket.SOL_SOCKET, option, _UCRED.size))
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = f"number {number}"
    if name != wanted:
        raise OperationalError(f"requirepeer={wanted!r}, but the server at the socket runs as user {name!r}")
