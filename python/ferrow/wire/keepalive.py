"""TCP's own ways to find out that the other side is gone."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.wire.settings import Keepalive


def tune(sock: Any, keepalive: Keepalive) -> None:
    """Set what the settings ask for on a connected TCP socket, as far as the platform has it."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keepalive.user_timeout:
        _set(sock, "TCP_USER_TIMEOUT", keepalive.user_timeout)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(keepalive.on))
    if not keepalive.on:
        return
    if keepalive.idle:
        _set(sock, "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE", keepalive.idle)
    if keepalive.interval:
        _set(sock, "TCP_KEEPINTVL", keepalive.interval)
    if keepalive.count:
        _set(sock, "TCP_KEEPCNT", keepalive.count)


def _set(sock: Any, name: str, value: int) -> None:
    option = getattr(socket, name, None)
    if option is not None:
        sock.setsockopt(socket.IPPROTO_TCP, option, value)
