"""Values of PostgreSQL's options, which come as text from a URL, a file or a variable, or as objects from keywords."""

from __future__ import annotations

import os
import re
from typing import Any

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.option import boolean, choice, seconds

_ENCODINGS = ("utf8", "unicode")  # as PostgreSQL compares names of encodings: letters and digits only


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds, as libpq reads one: decimal, spaces around it allowed."""
    if type(value) is int and low <= value <= high:
        return value
    text = str(value).strip()
    if isinstance(value, float) or not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or not low <= int(text) <= high:
        raise InterfaceError(f"connection option {name!r} is a whole number from {low} to {high}, not {value!r}")
    return int(text)


def timeout(name: str, value: Any) -> float:
    """Seconds until giving up. 0 and, as in libpq, what is negative: no limit."""
    if not isinstance(value, float) and re.fullmatch(r"\s*-[0-9]+\s*", str(value)):
        return 0.0
    return seconds(name, value)


def text_of(name: str, value: Any) -> str:
    """A value as libpq would be given it."""
    if isinstance(value, (list, tuple)) and name in ("host", "hostaddr", "port"):
        return ",".join(text_of(name, one) for one in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, (str, int, float)):
        raise InterfaceError(f"connection option {name!r} is text, not {type(value).__name__}")
    return str(value)


def check_sent(name: str, value: object) -> None:
    """Refuse a text for the server that no bytes can say: half of a pair, as Python reads bytes of the environment that are no UTF-8."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InterfaceError(
                f"connection option {name!r} is no text: UTF-8 cannot write the surrogate at index {error.start}"
            ) from None


def check_what_is_fixed(found: dict[str, Any]) -> None:
    """Refuse what asks for something that there is not, and accept what asks for what there is anyway."""
    encoding = found.get("client_encoding")
    if encoding and re.sub("[^a-z0-9]", "", str(encoding).lower()) not in _ENCODINGS:
        raise InterfaceError(
            f"client_encoding={encoding!r}: text travels as UTF8 and arrives as str, whatever the database's own encoding is; "
            "leave it out"
        )
    replication = found.get("replication")
    if replication and (str(replication).lower() == "database" or boolean("replication", replication)):
        raise NotSupportedError(f"replication={replication!r}: replication connections are not supported")
    mode = found.get("gssencmode")
    if mode and choice("gssencmode", mode, ("disable", "prefer", "require")) == "require":
        raise NotSupportedError("gssencmode=require: encryption by Kerberos (GSSAPI) is not supported; use sslmode")
    versions = ("3.0", "3.2", "latest")
    least = found.get("min_protocol_version")
    if least and choice("min_protocol_version", least, versions) != "3.0":
        raise NotSupportedError(
            f"min_protocol_version={least}: this version speaks 3.0, as every server does; leave it out"
        )
    most = found.get("max_protocol_version")
    if most:
        choice("max_protocol_version", most, versions)


def check_database(name: str) -> str:
    """Refuse a URL or a DSN in the place of a database's name: whoever gives one means it to be read."""
    if ":" not in name and "=" not in name:
        return name

    from ferrow.wire.dsn.keywords import read_keywords
    from ferrow.wire.dsn.names import KNOWN, REFUSED
    from ferrow.wire.dsn.uri import is_uri

    try:
        inside = {} if is_uri(name) else dict(read_keywords(name))
    except InterfaceError:
        return name
    if is_uri(name) or (inside and inside.keys() <= {*KNOWN, *REFUSED}):
        raise InterfaceError(
            "connection option 'dbname' is the name of a database; a URL or DSN is given as the first argument instead"
        )
    return name
