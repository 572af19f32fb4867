"""Several servers in one option: `host=a,b port=5432,5433` (manual, "Specifying Multiple Hosts")."""

from __future__ import annotations

from ferrow.errors import InterfaceError
from ferrow.wire.dsn.values import whole
from ferrow.wire.host import Host, is_numeric

DEFAULT_PORT = 5432


def read_hosts(host: str, hostaddr: str, port: str) -> tuple[Host, ...]:
    """The servers of three comma lists. One port is for all of them; an empty part is the default.

    Raises InterfaceError for lists of different lengths, an impossible port, and a `hostaddr` that is not numeric.
    """
    names = host.split(",")
    addresses = hostaddr.split(",")
    if hostaddr:
        if not host:
            names = [""] * len(addresses)
        elif len(names) != len(addresses):
            raise InterfaceError(
                f"connection option 'hostaddr' has {len(addresses)} parts and 'host' {len(names)}: give each host its address"
            )
    else:
        addresses = [""] * len(names)
    ports = port.split(",")
    if len(ports) == 1:
        ports *= len(names)
    elif len(ports) != len(names):
        raise InterfaceError(
            f"connection option 'port' has {len(ports)} parts for {len(names)} hosts: give one for all, or one for each"
        )
    return tuple(
        Host(host=name.strip() or None, hostaddr=_numeric(address.strip()), port=_port(number))
        for name, address, number in zip(names, addresses, ports, strict=True)
    )


def _port(text: str) -> int:
    return whole("port", text, 1, 65535) if text.strip() else DEFAULT_PORT


def _numeric(address: str) -> str | None:
    if not address:
        return None
    if not is_numeric(address):
        raise InterfaceError(
            f"connection option 'hostaddr' is a numeric address (192.0.2.1, 2001:db8::1), not {address!r}; names are for 'host'"
        )
    return address
