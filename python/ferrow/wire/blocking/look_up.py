"""The addresses of a name, within a time that the system's resolver knows nothing of."""

from __future__ import annotations

import socket

from ferrow.wire.budget import silence


def look_up(name: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a name, in the system's order. Raises OSError; NoAnswer after `timeout` seconds."""
    if timeout is None or name == "localhost":
        return _addresses(name, port)
    return _in_a_thread(name, port, timeout)


def _addresses(name: str, port: int) -> list[str]:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [*dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)]


def _in_a_thread(name: str, port: int, timeout: float) -> list[str]:
    """`getaddrinfo` cannot be stopped, only left: a thread that holds nothing ends with it."""
    import threading

    addresses: list[str] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            addresses.extend(_addresses(name, port))
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    threading.Thread(target=work, name="ferrow-look-up", daemon=True).start()
    if not done.wait(timeout):
        raise silence(timeout)
    if failed:
        raise failed[0]
    return addresses
