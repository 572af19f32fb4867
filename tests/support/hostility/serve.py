"""The process of the hostile server: `python -m tests.support.hostility.serve` prints its port, then a line per conversation
that was to be recorded, and one for each password that came in clear text.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import struct
import sys

from tests.support.hostility.conversation import Conversation, Over
from tests.support.hostility.floods import FLOODS, SAID

CANCEL = 80_877_102


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Server:
    def __init__(self) -> None:
        self._pids = itertools.count(1000)
        self._there: dict[int, Conversation] = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, EOFError, TimeoutError, Over):
                await self._answer(reader, writer)
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length, code = struct.unpack("!ii", await reader.readexactly(8))
        rest = await reader.readexactly(length - 8)
        if code == CANCEL:
            pid = struct.unpack_from("!i", rest)[0]
            if pid in self._there:
                self._there[pid].cancel.set()
            return
        texts = rest.split(b"\x00")
        parameters = dict(zip(texts[::2], texts[1::2], strict=False))
        pid = next(self._pids)
        conversation = self._there[pid] = Conversation(reader, writer, pid)
        try:
            if parameters[b"user"] == b"flood":
                await {**FLOODS, **SAID}[parameters[b"database"].decode()](conversation)
            else:
                await conversation.converse(parameters)
        finally:
            del self._there[pid]
            if conversation.spec.get("record"):
                say(json.dumps(conversation.said))
            if conversation.leaked:
                say(json.dumps({"leaked": parameters[b"application_name"].decode()}))


async def main() -> None:
    server = await asyncio.start_server(Server().answer, "127.0.0.1", 0, backlog=1000)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # clients hang up on it all the time
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
