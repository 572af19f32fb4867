"""A server that logs everybody in and then answers with whatever a test tells it to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.postgres import encrypted


def message(kind: bytes, body: bytes = b"") -> bytes:
    """One message of the protocol, with a true length."""
    return kind + struct.pack("!i", len(body) + 4) + body


READY = message(b"Z", b"I")
LOGIN = (
    message(b"R", struct.pack("!i", 0))
    + message(b"S", b"server_version\x0018.0\x00")
    + message(b"K", struct.pack("!ii", 4711, 815))
    + READY
)
PARSED = message(b"1")
NO_PARAMETERS = message(b"t", struct.pack("!h", 0))
ONE_INT = message(b"T", struct.pack("!h", 1) + b"a\x00" + struct.pack("!ihihih", 0, 0, 23, 4, -1, 0))
BOUND = message(b"2")
ROW = message(b"D", struct.pack("!hii", 1, 4, 7))
SELECTED = message(b"C", b"SELECT 1\x00")
PREPARED = PARSED + NO_PARAMETERS + ONE_INT + READY
EXECUTED = BOUND + ROW + SELECTED + READY


@contextmanager
def server(answers: list[bytes | tuple[bytes, bytes]], *, hang_up: bool = True) -> Iterator[str]:
    """Its URL. Each request of a client (up to its Sync) gets the next answer; after the last one it hangs up.

    An answer `(end, answer)` waits until the client has said `end` since the last one.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    done = threading.Event()

    def serve() -> None:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        cancels = threading.Thread(target=hear_cancels, daemon=True)
        cancels.start()
        with client:
            client.settimeout(20)
            try:
                client.recv(65536)
                client.sendall(LOGIN)
                for answer in answers:
                    end, reply = answer if isinstance(answer, tuple) else (b"", answer)
                    said = client.recv(65536)
                    while said and end not in said:
                        more = client.recv(65536)
                        said = (said + more)[-100:] if more else b""
                    if not said:
                        break
                    client.sendall(reply)
                if not hang_up:
                    done.wait(20)
            except OSError:
                pass  # the client has had enough
        cancels.join(20)

    def hear_cancels() -> None:
        """Whoever comes later wants something cancelled, and waits until we hang up."""
        try:
            while True:
                listener.accept()[0].close()
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        with encrypted(f"postgresql://ada@127.0.0.1:{listener.getsockname()[1]}/library") as url:
            yield url
    finally:
        done.set()
        listener.shutdown(
            socket.SHUT_RDWR
        )  # wakes who waits in it: a number closed under a thread may soon be another's
        thread.join(20)
        listener.close()
