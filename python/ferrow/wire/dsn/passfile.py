"""The password file: `host:port:database:user:password` (manual, "The Password File")."""

from __future__ import annotations

import os
import re
import stat
import sys
from typing import TYPE_CHECKING

from ferrow.wire.host import SOCKET_DIRECTORIES

if TYPE_CHECKING:
    from ferrow.wire.host import Host
    from ferrow.wire.settings import Settings

_FIELD = re.compile(r"((?:[^\\:]|\\.|\\$)*)(:|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def password_for(settings: Settings, host: Host) -> str | None:
    """The password in the first line that fits the host as it was named, the port, the database and the user."""
    path = settings.passfile
    lines = _lines(path) if path else None
    if not lines:
        return None
    name = host.host or host.hostaddr
    # libpq compares with the directory it was built with, and Debian's is not that of the source.
    if name is None or name in SOCKET_DIRECTORIES:
        name = "localhost"
    wanted = name, str(host.port), settings.database, settings.user
    for line in lines:
        found = _password(line, wanted)
        if found is not None:
            return found or None
    return None


def _lines(path: str) -> list[str] | None:
    """None: there is no such file, or it is not one to trust, which goes to the log."""
    try:
        plain = stat.S_ISREG(os.stat(path).st_mode)  # before it is opened: a pipe would have us wait for its other end
        if not plain:
            _log("password file %r is ignored: it is not a plain file", path)
            return None
        with open(path, encoding="utf-8", newline="\n") as file:
            # Of the file that is open: the name may be another one's by now.
            if sys.platform != "win32" and os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                _log(
                    "password file %r is ignored: others have access to it. Its permissions should be u=rw (0600) or less: "
                    "chmod 600 %s",
                    path,
                    path,
                )
                return None
            return file.read().split("\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        _log("password file %r is ignored: %s", path, type(error).__name__)  # a decode error would show its contents
        return None


def _log(message: str, *values: object) -> None:
    import logging

    logging.getLogger("ferrow").warning(message, *values)


def _password(line: str, wanted: tuple[str, ...]) -> str | None:
    line = line.rstrip("\r")
    if line.startswith("#"):
        return None
    at = 0
    for expected in wanted:
        match = _FIELD.match(line, at)
        if match is None or not match[2]:
            return None
        if match[1] != "*" and _ESCAPE.sub(r"\1", match[1]) != expected:
            return None
        at = match.end()
    rest = _FIELD.match(line, at)
    return None if rest is None else _ESCAPE.sub(r"\1", rest[1])
