"""A proxy before a real server that changes a few bits of what the server says, once in each connection.

What and where a client tells by its `application_name`: `<position>:<four bytes to be added, modulo 2>`, the position counted
from the end of the login; in the login itself, behind an `l`, from its beginning.
"""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LINGER = 0.3
"""Seconds without a word from either side, after something was spoilt, before the server is gone: who waits for the rest of
a message whose length has grown would wait for ever."""
NOWHERE = 10**6 - 1
LOGGED_IN = b"Z\x00\x00\x00\x05I"


def spec(at: int, change: bytes, *, login: bool = False) -> str:
    """What goes by `application_name`, always of one length: the server repeats it."""
    return f"{'l' if login else 'a'}{at:06}:{change.hex()}"


@dataclass
class Passed:
    """What one connection's server has said since the login, or with it."""

    at: int
    change: bytes
    said: bytearray = field(default_factory=bytearray)
    is_spoilt: bool = False
    login: bytearray | None = field(default_factory=bytearray)
    """What is not counted; None once it is over, or if it is what is to be changed."""

    def spoil(self, data: bytes) -> bytes:
        """The same, perhaps a little different."""
        if self.login is not None:
            self.login += data
            end = self.login.find(LOGGED_IN)
            if end < 0:
                return data
            begun = end + len(LOGGED_IN) - (len(self.login) - len(data))
            self.login = None
            return data[:begun] + self.spoil(data[begun:])
        start = len(self.said)
        self.said += data
        spoilt = bytearray(data)
        for place, change in enumerate(self.change, self.at - start):
            if 0 <= place < len(data):
                spoilt[place] ^= change
                self.is_spoilt = True
        return bytes(spoilt)


class Spoiler:
    """`spoiler(url)` makes one."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname, parts.port)
        self._tasks: set[asyncio.Task[None]] = set()
        self.passed: dict[str, Passed] = {}
        """By `spec`."""
        self.loop = asyncio.new_event_loop()
        self._listener = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        port = self._listener.sockets[0].getsockname()[1]
        self._url = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}").geturl()

    def url(self, said: str) -> str:
        return f"{self._url}{'&' if '?' in self._url else '?'}sslmode=disable&application_name={said}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!i", head := await reader.readexactly(4))
        body = await reader.readexactly(length - 4)
        options = body[4:].split(b"\x00")
        if b"application_name" not in options:  # somebody wants something cancelled
            writer.close()
            return
        said = options[options.index(b"application_name") + 1].decode()
        at, _, change = said.partition(":")
        passed = self.passed[said] = Passed(int(at[1:]), bytes.fromhex(change))
        if at.startswith("l"):
            passed.login = None
        there, back = await asyncio.open_connection(*self._server)
        back.write(head + body)
        heard = asyncio.Event()
        tasks = [
            asyncio.ensure_future(self._pass_on(reader, back, None, heard)),
            asyncio.ensure_future(self._pass_on(there, writer, passed, heard)),
            asyncio.ensure_future(self._watch(passed, heard)),
        ]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in tasks:
            one.cancel()
        for end in (writer, back):
            end.close()
        self._tasks.difference_update(tasks)

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, passed: Passed | None, heard: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                heard.set()
                target.write(data if passed is None else passed.spoil(data))
                await target.drain()

    async def _watch(self, passed: Passed, heard: asyncio.Event) -> None:
        while True:
            await heard.wait()
            heard.clear()
            if passed.is_spoilt:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LINGER):
                        await heard.wait()
                if not heard.is_set():
                    return

    async def end(self) -> None:
        self._listener.close()
        for one in self._tasks:
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextmanager
def spoiler(url: str) -> Iterator[Spoiler]:
    """In a thread of its own, for clients that wait in theirs."""
    found = Spoiler(url)
    thread = threading.Thread(target=found.loop.run_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(found.end(), found.loop).result(20)
        found.loop.call_soon_threadsafe(found.loop.stop)
        thread.join(20)
        found.loop.close()
