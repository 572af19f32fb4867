"""What both drivers are told to connect, and how what runs on an abandoned connection is ended."""

from __future__ import annotations

import os
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.mysql.session import is_mariadb
from ferrow.wire.mysql.tls import contexts
from ferrow.wire.settings import Secret

if TYPE_CHECKING:
    from ferrow.wire.host import Host
    from ferrow.wire.settings import Settings

MISSING = "mysql:// needs the extra ferrow[mysql]: pip install 'ferrow[mysql]'"
_KILL = 5.0  # seconds
_HURRIED = {"connect_timeout": _KILL, "read_timeout": _KILL}
_GUARD = threading.Lock()
_WAITING: dict[tuple[Host, str], list[int]] = {}
"""The connections that are to be ended, by server and user, while a thread is at it."""


def _forked() -> None:
    """In a child there is no such thread, and perhaps a lock that it held."""
    global _GUARD
    _GUARD = threading.Lock()
    _WAITING.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def attempts(settings: Settings) -> list[dict[str, Any]]:
    """The keywords of both drivers' connections, for each way of TLS that may be tried; `ssl` is a context or None."""
    common = _arguments(settings)
    return [common | {"ssl": context} for context in contexts(settings)]


def _arguments(settings: Settings) -> dict[str, Any]:
    host = settings.hosts[0]
    place = host.name
    password = settings.password
    if password is not None and not isinstance(password, Secret):
        raise InterfaceError("a mysql:// password is a str, not a function")
    found: dict[str, Any] = {
        "user": settings.user or None,
        "password": "" if password is None else password.reveal(),
        "charset": "utf8mb4",
        "use_unicode": True,
        "autocommit": None,
        "conv": {},
        "connect_timeout": settings.connect_timeout or 31_536_000,
        "local_infile": False,
    }
    if settings.database:
        found["database"] = settings.database
    if place.startswith("/"):
        found["unix_socket"] = place
    else:
        found |= {"host": place, "port": host.port}
    return found


def check_version(version: str) -> None:
    """Raises NotSupportedError for a server that is too old."""
    name = version.removeprefix("5.5.5-")  # what MariaDB says before its version, for old replicas
    number = tuple(int(part) for part in name.split("-")[0].split(".")[:2])
    if is_mariadb(name):
        if number < (10, 7):
            raise NotSupportedError(f"the server is {version}; supported is MariaDB 10.7 (UUID) or newer")
    elif number < (8, 4):
        raise NotSupportedError(
            f"the server is MySQL {version}; supported is MySQL 8.4 or newer, and MariaDB 10.7 or newer"
        )


def kill(settings: Settings, pid: int) -> None:
    """End a connection and what runs on it, over another one, in a thread that nobody waits for; one of these serves many."""
    from ferrow.wire.blocking import background

    server = (settings.hosts[0], settings.user)
    with _GUARD:
        waiting = _WAITING.get(server)
        if waiting is not None:
            waiting.append(pid)
            return
        waiting = _WAITING[server] = [pid]

    def work() -> None:
        from pymysql import err

        from ferrow.wire.blocking.mysql import connected

        try:
            with closing(connected(settings, _HURRIED)) as other:
                while (one := _next(server)) is not None:
                    with suppress(err.Error):  # it has gone by itself
                        other.query(f"KILL CONNECTION {int(one)}")
        except Exception:  # the server cannot be reached: it has noticed, or will
            with _GUARD:
                _WAITING.pop(server, None)

    try:
        background.run(work)
    except RuntimeError:  # no thread can be started
        with _GUARD:
            _WAITING.pop(server, None)


def _next(server: tuple[Host, str]) -> int | None:
    with _GUARD:
        waiting = _WAITING[server]
        if not waiting:
            del _WAITING[server]  # under the guard: who comes now starts a thread of his own
            return None
        return waiting.pop(0)
