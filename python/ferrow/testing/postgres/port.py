"""A port that nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A free TCP port of 127.0.0.1. Somebody else may take it before it is used: be ready to ask again."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
