"""The connection service file: options by the name of a service (manual, "The Connection Service File")."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from ferrow.errors import InterfaceError, NotSupportedError

_SYSTEM = ("/etc/postgresql-common", "/etc")  # libpq's is compiled in; these are Debian's, and the source's own


def read_service(service: str, file: str | None, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """The options of a service, first things first: of two of one name the first one counts.

    `file` is the one to look into; without it `~/.pg_service.conf`. Then `pg_service.conf` in PGSYSCONFDIR, or where the
    system has it. Raises InterfaceError for a service that no file defines, and for a malformed file.
    """
    looked: list[str] = []
    for path, must in _paths(file, environ):
        try:
            with open(path, encoding="utf-8") as lines:
                found = _section(service, lines, path)
        except (FileNotFoundError, NotADirectoryError):
            if must:
                raise InterfaceError(f"service file {path!r} does not exist (service {service!r})") from None
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise InterfaceError(f"service file {path!r} cannot be read: {error}") from error
        if found is not None:
            return found
        looked.append(path)
    where = f"not in {', '.join(looked)}" if looked else "there is no service file"
    raise InterfaceError(f"definition of service {service!r} not found: {where}")


def _paths(file: str | None, environ: Mapping[str, str]) -> Iterable[tuple[str, bool]]:
    if file:
        yield file, True
    else:
        yield os.path.join(home(environ), ".pg_service.conf"), False
    directory = environ.get("PGSYSCONFDIR")
    for place in (directory,) if directory else _SYSTEM:
        yield os.path.join(place, "pg_service.conf"), False


def home(environ: Mapping[str, str]) -> str:
    """The user's directory."""
    return environ.get("HOME") or os.path.expanduser("~")


def _section(service: str, lines: Iterable[str], path: str) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("["):
            if found is not None:
                break
            if text.startswith(f"[{service}]"):
                found = []
        elif found is not None:
            found.append(_pair(text, f"line {number} of service file {path!r}"))
    return found


def _pair(text: str, where: str) -> tuple[str, str]:
    if text.startswith("ldap"):
        raise NotSupportedError(f"{where}: looking services up by LDAP is not supported; write the options down")
    name, equals, value = text.partition("=")
    if not equals or name != name.rstrip():
        raise InterfaceError(f"{where}: expected name=value, without spaces around the '='")
    if name in ("service", "servicefile"):
        raise InterfaceError(f"{where}: a service cannot name another one; write the options down")
    return name, value
