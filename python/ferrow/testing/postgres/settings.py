"""How the server is configured."""

from __future__ import annotations

from pathlib import Path

UNSAFE = {"fsync": "off", "full_page_writes": "off"}
"""Several times faster to write to, and lost if the machine (not the server) crashes."""


def server_settings(port: int, sockets: Path, *, durable: bool) -> dict[str, str]:
    """The settings of a server that only this machine can reach."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(sockets),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
        "max_connections": "100",
    }
    return settings if durable else settings | UNSAFE


def as_options(settings: dict[str, str]) -> list[str]:
    """`["-c", "name=value", ...]`, as the server's command line takes them."""
    return [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]


def locale_options(major: int) -> list[str]:
    """The same collation and character classes on every machine; the built-in provider knows letters beyond ASCII."""
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
    return ["--encoding=UTF8", "--locale=C", *builtin]
