"""What both drivers are told to connect, and how what runs on an abandoned connection is ended."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.mysql.session import SETUP
from ferrow.wire.settings import Secret

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings

MISSING = "mysql:// needs the extra ferrow[mysql]: pip install 'ferrow[mysql]'"
_KILL = 5.0  # seconds
_FOUND_ROWS = (
    2  # CLIENT_FOUND_ROWS: an UPDATE counts the rows it found, whether it changed them or not, as other databases do
)


def arguments(settings: Settings) -> dict[str, Any]:
    """The keywords of both drivers' connections."""
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
        "client_flag": _FOUND_ROWS,
        "conv": {},
        "init_command": SETUP,
        "connect_timeout": settings.connect_timeout or 31_536_000,
        "local_infile": False,
    }
    if settings.database:
        found["database"] = settings.database
    if place.startswith("/"):
        found["unix_socket"] = place
    else:
        found |= {"host": place, "port": host.port}
    if (context := _context(settings)) is not None:
        found["ssl"] = context
    return found


def _context(settings: Settings) -> Any:
    if settings.tls.sslmode == "disable":
        return None
    import ssl

    context = ssl.create_default_context(cafile=settings.tls.sslrootcert)
    if settings.tls.sslcert:
        context.load_cert_chain(settings.tls.sslcert, settings.tls.sslkey)
    return context


def check_version(version: str) -> None:
    """Raises NotSupportedError for a server that is no MariaDB, or too old."""
    name = version.removeprefix("5.5.5-")  # what MariaDB says before its version, for old replicas
    if "mariadb" not in name.lower():
        raise NotSupportedError(
            f"the server is {version}, no MariaDB: MySQL's own servers have no RETURNING and are not supported"
        )
    number = tuple(int(part) for part in name.split("-")[0].split(".")[:2])
    if number < (10, 7):
        raise NotSupportedError(f"the server is {version}; supported is MariaDB 10.7 (UUID) or newer")


def kill(settings: Settings, pid: int) -> None:
    """End a connection and what runs on it, over another one, in a thread that nobody waits for."""
    from ferrow.wire.blocking import background

    def work() -> None:
        import pymysql

        with suppress(Exception), closing(pymysql.connect(**_hurried(settings))) as other:
            other.query(f"KILL CONNECTION {int(pid)}")

    with suppress(RuntimeError):
        background.run(work)


def _hurried(settings: Settings) -> dict[str, Any]:
    return arguments(settings) | {"init_command": None, "connect_timeout": _KILL, "read_timeout": _KILL}
