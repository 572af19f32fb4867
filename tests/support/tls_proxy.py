"""A proxy that speaks TLS with clients and plain text with the server behind it, and writes down what it was asked.

with tls_proxy(url, certificate) as between:
    connect(between.url + "?sslmode=require")
    assert between.events == ["SSLRequest", "S", "TLS", "startup encrypted"]
"""

from __future__ import annotations

import asyncio
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from ferrow.wire.postgresql import address
from ferrow.wire.url import parse
from tests.support.certificates import Certificate
from tests.support.hostile import message

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
CANCEL = struct.pack("!i", 80877102)
ERROR = message(b"E", b"SFATAL\0C53300\0Msorry, \x1b[31mtoo many clients\0\0")
NO_ENTRY = message(b"E", b"SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for this host, no encryption\0\0")
NO_ENTRY_TLS = message(b"E", b"SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for this host, SSL encryption\0\0")

ANSWERS = {
    "accepts": b"S",
    "refuses": b"N",
    "error": ERROR,
    "garbage": b"X",
    "closes": b"",
    "stuffed": b"S" + message(b"E", b"SFATAL\0CXX000\0Mstuffed\0\0"),
    "stuffed N": b"N" + message(b"E", b"SFATAL\0CXX000\0Mstuffed\0\0"),
}
"""What it may say to an SSLRequest; with the last two more comes than is an answer."""


class TlsProxy:
    """See the module. Any thread may read its lists; `answer` may be changed between connections."""

    def __init__(
        self,
        url: str,
        certificate: Certificate,
        *,
        answer: str = "accepts",
        direct: bool = True,
        alpn: bool = True,
        plain: bool = True,
        encrypted: bool = True,
        clients: Path | None = None,
        behind: bool = False,
        goodbye: bool = True,
        maximum: ssl.TLSVersion | None = None,
    ) -> None:
        where = address(parse(url))
        self._server = where
        self.answer = answer
        self._behind = behind  # whether what is behind it is to be spoken to in TLS too: then it is an eavesdropper
        self._direct, self._plain, self._encrypted = direct, plain, encrypted
        self._goodbye = goodbye  # whether it ends TLS before it hangs up, as PostgreSQL does not
        self._context = context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.cert, certificate.key)
        if maximum is not None:
            context.maximum_version = maximum
        if alpn:
            context.set_alpn_protocols(["postgresql"])
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        context.sni_callback = lambda _, name, __: self.server_names.append(name)
        self.events: list[str] = []
        """What clients did, in order."""
        self.plain_text = b""
        """Everything that clients said without encryption, but for the SSLRequest itself."""
        self.server_names: list[str | None] = []
        """What clients called the server (SNI); None: they did not say."""
        self._loop = asyncio.new_event_loop()
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready.set,), daemon=True)
        self.port = 0
        self._thread.start()
        assert ready.wait(20)
        parts = urlsplit(url)
        user = parts.netloc.rpartition("@")[0]
        self.url = parts._replace(netloc=f"{user}@127.0.0.1:{self.port}", query="").geturl()

    def at(self, host: str, **options: str) -> str:
        """The URL with another name of this machine, and with options."""
        from urllib.parse import urlencode

        return self.url.replace("127.0.0.1", host) + ("?" + urlencode(options) if options else "")

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    def _run(self, ready: Callable[[], None]) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready()
        loop.run_forever()
        # Who was accepted in the last turn becomes a connection in the next ones, unless the server is closed before.
        for _ in range(3):
            loop.run_until_complete(asyncio.sleep(0))
        server.close()
        for _ in range(10):  # who has just been accepted becomes a task later, and transports end a turn after that
            for task, writer in self._tasks.items():
                task.cancel()
                writer.transport.abort()  # a task that was cancelled before it began does not
            loop.run_until_complete(asyncio.sleep(0.001))
        loop.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks[task] = writer
        task.add_done_callback(self._tasks.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, EOFError, ssl.SSLError):
                await self._talk(reader, writer)
        finally:
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client: Plain = Plain(reader, writer)
        first = await client.read()
        if first == SSL_REQUEST:
            name = self.answer  # a test may change it meanwhile
            answer = ANSWERS[name]
            self.events += ["SSLRequest", name if name not in ("accepts", "refuses") else answer.decode()]
            await client.write(answer)
            if name == "accepts":
                client = await self._encrypt(reader, writer, b"")
            elif name == "error":
                writer.close()
                return
            elif name == "closes":
                return
            # Whatever else was said, it is waited for what the client does next.
            first = await client.read()
        elif first[:1] == b"\x16":
            self.events.append("direct")
            if not self._direct:
                return
            client = await self._encrypt(reader, writer, first)
            first = await client.read()
        if not first:
            return
        how = "encrypted" if isinstance(client, Encrypted) else "plain"
        if how == "plain":
            self.plain_text += first
        if first[4:8] == CANCEL:
            self.events.append(f"cancel {how}")
        else:
            self.events.append(f"startup {how}")
            if not (self._encrypted if how == "encrypted" else self._plain):
                await client.write(NO_ENTRY if how == "plain" else NO_ENTRY_TLS)
                return
        await self._pass_on(client, first)

    async def _encrypt(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> Encrypted:
        client = Encrypted(reader, writer, self._context, first)
        await client.handshake()
        self.events.append("TLS")
        return client

    async def _pass_on(self, client: Plain, first: bytes) -> None:
        where = self._server
        if isinstance(where, str):
            reader, writer = await asyncio.open_unix_connection(where)
        else:
            reader, writer = await asyncio.open_connection(*where)
        server = Plain(reader, writer)
        if self._behind:
            await server.write(SSL_REQUEST)
            assert await server.read() == b"S"
            trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            server = encrypted = Encrypted(reader, writer, trusting, b"", server_side=False)
            await encrypted.handshake()
        await server.write(first)

        async def pump(source: Plain, target: Plain) -> None:
            while data := await source.read():
                if type(source) is Plain and source is client:
                    self.plain_text += data
                await target.write(data)

        ways = [asyncio.ensure_future(pump(client, server)), asyncio.ensure_future(pump(server, client))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await (client.end() if self._goodbye else client.hang_up())
        finally:
            writer.transport.abort()
            for way in ways:
                way.add_done_callback(lambda way: way.cancelled() or way.exception())  # nobody else asks
                way.cancel()


class Plain:
    """A connection as it is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.read(65536)

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def end(self) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


class Encrypted(Plain):
    """The same in TLS."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        context: ssl.SSLContext,
        first: bytes,
        *,
        server_side: bool = True,
    ) -> None:
        super().__init__(reader, writer)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._incoming.write(first)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)

    async def handshake(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._reader.read(65536)
                if not data:
                    raise EOFError from None
                self._incoming.write(data)
            except ssl.SSLError:
                await self._flush()  # the alert
                raise
        await self._flush()

    async def read(self) -> bytes:
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._reader.read(65536)
                if not data:
                    return b""
                self._incoming.write(data)

    async def write(self, data: bytes) -> None:
        self._tls.write(data)
        await self._flush()

    async def end(self) -> None:
        with suppress(ssl.SSLError):
            self._tls.unwrap()
        with suppress(OSError):
            await self._flush()
        await self.hang_up()

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await super().write(data)


@contextmanager
def tls_proxy(url: str, certificate: Certificate, **behaviour: object) -> Iterator[TlsProxy]:
    """A proxy in front of the server of `url`; its own `url` leads through it. For `behaviour` see `TlsProxy`."""
    between = TlsProxy(url, certificate, **behaviour)  # type: ignore[arg-type]
    try:
        yield between
    finally:
        between.close()
