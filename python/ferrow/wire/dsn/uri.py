"""Connection URIs: `postgresql://user:password@host:port,host/database?option=value` (manual, "Connection URIs")."""

from __future__ import annotations

import re

from ferrow.errors import InterfaceError

SCHEMES = ("postgresql://", "postgres://")

_WRONG = "Invalid connection string:"
_ENCODE = "In a user or password it is written in percent encoding, as urllib.parse.quote(password, safe='') does"

_USER_AND_DIGITS = re.compile(
    r"[^:,\[\]]+:[0-9 ]+"
)  # or a host and its port: only whether a user is named elsewhere tells
_USER = re.compile("(^|&)user=")


def is_uri(text: str) -> bool:
    """Whether `text` begins as a URI of PostgreSQL."""
    return text.startswith(SCHEMES)


def read_uri(text: str) -> list[tuple[str, str]]:
    """The options in a URI in their order, decoded; of two of one name the later one counts. Names are not checked.

    As libpq, but for four things. A `?` in front of the `@` is refused: libpq takes it for a part of the user or password,
    most readers for the beginning of the options. A plain `@` in a password belongs to it where libpq would look for a host
    with an `@` in its name. `user:12/ab@host`, which libpq takes for the database `ab@host` at port 12, is refused. What is not UTF-8
    is refused.

    Raises InterfaceError; the message never shows the password.
    """
    rest = text[text.index("//") + 2 :]
    credentials, at, rest = _split_credentials(rest)
    end = re.search("[/?]", rest)
    location, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    if "@" in tail and not at and not re.fullmatch("[^:]*(:[0-9 ]*)?", location.rpartition(",")[2].rpartition("]")[2]):
        # What looks like a port is the beginning of the password, and an error must not show it.
        raise InterfaceError(f"{_WRONG} a '/' or '?' stands before the '@'. {_ENCODE}")
    path, _, query = tail.partition("?")
    if "@" in path and not at and _USER_AND_DIGITS.fullmatch(location) and not _USER.search(query):
        raise InterfaceError(
            f"{_WRONG} an '@' stands behind the '/'. In a password a '/' is written %2F, in the name of a database an '@' is %40"
        )
    user, _, password = credentials.partition(":")
    hosts, ports = _locations(location)
    parts = {"user": user, "password": password, "host": hosts, "port": ports, "dbname": path[1:]}
    # An empty part is not given at all; an empty option (`?host=`) is.
    found = [(name, _decoded(part, name)) for name, part in parts.items() if part]
    if not at:
        _check_ports(dict(found).get("port", ""))
    return found + _options(query)


def _split_credentials(rest: str) -> tuple[str, str, str]:
    front, slash, behind = rest.partition("/")
    credentials, at, location = front.partition("@")
    if not at:
        return "", "", rest
    if "?" in credentials:
        raise InterfaceError(f"{_WRONG} a '?' stands before the '@'. {_ENCODE}")
    address, question, options = location.partition("?")
    if any("@" in host.strip(" ")[1:] for host in address.split(",")):
        # No host has a name with an @ inside (one at the beginning is an abstract socket): the password has.
        more, _, address = address.rpartition("@")
        credentials += "@" + more
    return credentials, at, address + question + options + slash + behind


def _locations(location: str) -> tuple[str, str]:
    """Hosts and ports, as the comma lists of the options of these names."""
    hosts: list[str] = []
    ports: list[str] = []
    for part in location.split(","):
        if part.startswith("["):
            host, bracket, port = part[1:].partition("]")
            if not bracket:
                raise InterfaceError(f"{_WRONG} unclosed '[' around the IPv6 address in {part!r}")
            if not host:
                raise InterfaceError(f"{_WRONG} there is no IPv6 address between '[' and ']'")
            if port and not port.startswith(":"):
                raise InterfaceError(f"{_WRONG} after the ']' of an IPv6 address comes ':' and a port, not {port!r}")
            port = port[1:]
        else:
            host, _, port = part.partition(":")
        hosts.append(host)
        ports.append(port)
    return ",".join(hosts), ",".join(ports)


def _check_ports(ports: str) -> None:
    """Refuse what is no port where it may be a password, which the error for a wrong port would show."""
    if not re.fullmatch("[0-9, ]*", ports):
        raise InterfaceError(
            f"{_WRONG} what comes after the ':' is not a port. A user and password end with an '@' in front of the host: "
            "postgresql://user:password@host:port/database"
        )


def _options(query: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    pairs = query.split("&")
    if not pairs[-1]:
        del pairs[-1]  # an & at the end, or nothing at all
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or "=" in value:
            raise InterfaceError(f"{_WRONG} the part after '?' is not name=value&name=value; '=' in a value is %3D")
        name = _decoded(name, "name of an option")
        found.append((name, _decoded(value, name)))
    return found


def _decoded(text: str, what: str) -> str:
    """Percent-decoded. Spaces around a value are dropped, for URIs that were broken over lines; inside they are %20."""
    text = text.strip(" ")
    if " " in text:
        raise InterfaceError(f"{_WRONG} there is a space in the {what}; in a URL it is written %20")
    if "%" not in text:
        return text
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise InterfaceError(
            f"{_WRONG} in the {what} a '%' is not followed by two hexadecimal digits; '%' itself is %25"
        )
    from urllib.parse import unquote

    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise InterfaceError(f"{_WRONG} the percent-encoded bytes of the {what} are not UTF-8") from None
    if "\0" in decoded:
        raise InterfaceError(f"{_WRONG} the {what} may not contain a NUL character (%00)")
    return decoded
