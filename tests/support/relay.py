"""A relay of this loop between a program and its server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias
from urllib.parse import urlsplit

Pass: TypeAlias = Callable[[asyncio.StreamWriter, bytes], object]
"""What is done with some bytes, and where they go."""


@asynccontextmanager
async def relayed(url: str, said: Pass, answered: Pass) -> AsyncIterator[str]:
    """The URL of a relay to the server of `url`, which hands what the program says to `said` and what it is told to `answered`."""
    parts = urlsplit(url)
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def passed_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, hand: Pass) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                hand(target, data)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(parts.hostname, parts.port)
        writers.extend((writer, back))
        for task in (passed_on(reader, back, said), passed_on(there, writer, answered)):
            tasks.add(asyncio.ensure_future(task))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}").geturl()
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)


class Counter:
    """How often the program spoke after the server had: `relayed(url, counter.said, counter.answered)`."""

    def __init__(self) -> None:
        self.trips = 0
        self._answered = True

    def said(self, target: asyncio.StreamWriter, data: bytes) -> None:
        if self._answered:
            self.trips += 1
        self._answered = False
        target.write(data)

    def answered(self, target: asyncio.StreamWriter, data: bytes) -> None:
        self._answered = True
        target.write(data)
