"""An honest server for statements that carry a tag and get it back, which says one thing wrongly."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

from tests.support.hostile import message
from tests.support.hostility.mutations import said
from tests.support.hostility.scram import Scram
from tests.support.hostility.table import COLUMN

PASSWORD = "pencil"
LINGER = 0.2  # seconds without a word from the client, after something wrong, before the server hangs up
CANCELLED = b"SERROR\x00VERROR\x00C57014\x00Mcanceling statement due to user request\x00\x00"
REFUSED = b"SERROR\x00VERROR\x00C57014\x00MCOPY failed\x00\x00"


class Over(Exception):
    """The conversation has come to its end."""


class Conversation:
    """One connection. `spec`: at which message (`at`, counted from 0, if it is of that `kind`) to say what, and what `then`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self.reader = reader
        self.writer = writer
        self.pid = pid
        self.spec: dict[str, Any] = {}
        self.said: list[tuple[str, str]] = []
        self.cancel = asyncio.Event()
        self.leaked = False
        self._wrong = False
        self._status = b"I"
        self._statements: dict[bytes, bytes] = {}
        self._portals: dict[bytes, list[Any]] = {}
        self._skips = False

    async def emit(self, kind: bytes, body: bytes = b"") -> None:
        """Say a message, rightly or, where the time has come, wrongly."""
        number = len(self.said)
        self.said.append((kind.decode(), body.hex()))
        # A conversation that moments decide, as where a statement is cancelled, may come to another message there.
        if number != self.spec.get("at") or kind.decode() != self.spec.get("kind", kind.decode()):
            self.writer.write(message(kind, body))
            return
        self._wrong = True
        # In one piece: a row that comes a moment after the end of an answer is one of the next, for all that a client can tell.
        self.writer.write(b"".join(said(part, kind, body) for part in self.spec["say"]))
        if self.spec["then"] == "close":
            raise Over
        if self.spec["then"] == "stall":
            async with asyncio.timeout(LINGER * 2):
                await self.reader.read()
            raise Over

    async def hear(self) -> tuple[bytes, bytes]:
        async with asyncio.timeout(LINGER if self._wrong else 60):
            kind, length = struct.unpack("!ci", await self.reader.readexactly(5))
            return kind, await self.reader.readexactly(length - 4)

    async def converse(self, parameters: dict[bytes, bytes]) -> None:
        self.spec = json.loads(parameters.get(b"application_name") or b"{}")
        await self._log_in(parameters[b"user"])
        while True:
            kind, body = await self.hear()
            if kind == b"X":
                raise Over
            if kind == b"S":
                self._skips = False
                await self.emit(b"Z", self._status)
            elif not self._skips:
                answer = getattr(self, f"_on_{kind.decode()}", None)
                if answer is None:
                    raise Over  # two that no longer understand each other
                await answer(body)

    async def _log_in(self, user: bytes) -> None:
        if user == b"scram":
            scram = Scram(PASSWORD)
            await self.emit(b"R", struct.pack("!i", 10) + b"SCRAM-SHA-256\x00\x00")
            first = await self._password()
            text = first[first.index(b"\x00") + 5 :].decode()
            await self.emit(b"R", struct.pack("!i", 11) + scram.first(text).encode())
            proof = scram.last((await self._password()).decode())
            if proof is None:
                raise Over
            await self.emit(b"R", struct.pack("!i", 12) + proof.encode())
        await self.emit(b"R", struct.pack("!i", 0))
        await self.emit(b"S", b"server_version\x0018.0\x00")
        await self.emit(b"S", b"client_encoding\x00UTF8\x00")
        await self.emit(b"K", struct.pack("!ii", self.pid, 815))
        await self.emit(b"Z", b"I")

    async def _password(self) -> bytes:
        kind, body = await self.hear()
        if kind != b"p":
            raise Over
        self.leaked |= PASSWORD.encode() in body
        return body

    async def _on_P(self, body: bytes) -> None:
        name, sql, _ = body.split(b"\x00", 2)
        self._statements[name] = sql
        await self.emit(b"1")

    async def _on_D(self, body: bytes) -> None:
        sql = self._statements[body[1:-1]]
        tagged = b"$1" in sql
        await self.emit(b"t", struct.pack("!hi", 1, 23) if tagged else struct.pack("!h", 0))
        if sql.startswith(b"SELECT"):
            await self.emit(b"T", struct.pack("!h", 1) + COLUMN)
        else:
            await self.emit(b"n")

    async def _on_B(self, body: bytes) -> None:
        portal, name, rest = body.split(b"\x00", 2)
        formats = struct.unpack_from("!h", rest)[0]
        value = rest[2 + 2 * formats + 2 :]
        tag = value[4:8] if len(value) >= 8 else b""
        self._portals[portal] = [self._statements[name], tag, 3 if b"rows" in self._statements[name] else 1]
        await self.emit(b"2")

    async def _on_E(self, body: bytes) -> None:
        name, _, limit = body.partition(b"\x00")
        portal = self._portals[name]
        sql, tag, left = portal
        most = struct.unpack("!i", limit)[0] or left
        if sql.startswith(b"COPY"):
            return await (self._copy_in() if b"STDIN" in sql else self._copy_out())
        if b"sleep" in sql:
            await self.cancel.wait()
            return await self._refuse(CANCELLED)
        if not sql.startswith(b"SELECT"):
            return await self._command(sql)
        for _ in range(min(most, left)):
            await self.emit(b"D", struct.pack("!hi", 1, 4) + tag)
        portal[2] -= min(most, left)
        if left > most:
            return await self.emit(b"s")
        await self.emit(b"C", b"SELECT 1\x00")

    async def _on_C(self, body: bytes) -> None:
        await self.emit(b"3")

    async def _on_H(self, body: bytes) -> None:
        pass

    async def _on_Q(self, body: bytes) -> None:
        for sql in body[:-1].split(b";"):
            if sql.strip():
                await self._command(sql.strip())
            else:
                await self.emit(b"I")
        await self.emit(b"Z", self._status)

    async def _command(self, sql: bytes) -> None:
        word = sql.split()[0]
        self._status = {b"BEGIN": b"T", b"COMMIT": b"I", b"ROLLBACK": b"I"}.get(word, self._status)
        await self.emit(b"C", (b"INSERT 0 1" if word == b"INSERT" else word) + b"\x00")

    async def _refuse(self, error: bytes) -> None:
        self._skips = True
        await self.emit(b"E", error)

    async def _copy_in(self) -> None:
        await self.emit(b"G", struct.pack("!bhh", 0, 1, 0))
        rows = 0
        while (heard := await self.hear())[0] in (b"d", b"H", b"S"):
            rows += heard[1].count(b"\n")
        if heard[0] == b"c":
            return await self.emit(b"C", b"COPY %d\x00" % rows)
        await self._refuse(REFUSED)

    async def _copy_out(self) -> None:
        await self.emit(b"H", struct.pack("!bhh", 0, 1, 0))
        await self.emit(b"d", b"7\n")
        await self.emit(b"d", b"7\n")
        await self.emit(b"c")
        await self.emit(b"C", b"COPY 2\x00")
