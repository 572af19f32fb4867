"""A PostgreSQL server that speaks TLS itself: one of the system's packages, because the embedded one was built without."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ferrow import driver
from ferrow.errors import DatabaseError
from ferrow.testing.postgres.account import server_account
from ferrow.testing.postgres.port import free_port
from tests.support.certificates import Certificate
from tests.support.watch import Watch

PASSWORD = "hunter2"
USERS = {"ada": "scram-sha-256", "clear": "password", "old": "md5", "cert": "cert"}
"""Who may log in, over TLS only, and how. "ada" may do everything."""

ROLES = f"""
CREATE ROLE clear LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE cert LOGIN;
SET password_encryption = 'md5';
CREATE ROLE old LOGIN PASSWORD '{PASSWORD}';
"""


def programs() -> Path | None:
    """The folder of the newest one installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    other = shutil.which("postgres")
    return Path(other).parent if other else None


class TlsServer:
    """See the module; `use` gives it another certificate."""

    def __init__(self, folder: Path, programs: Path, certificate: Certificate, clients: Path) -> None:
        self._programs, self._account = programs, server_account()
        self._data = folder / "data"
        folder.chmod(0o755)
        self._data.mkdir()
        self._account.own(self._data)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run("initdb", "-U", "ada", "-A", "scram-sha-256", "--pwfile", str(secret), "-N", "-E", "UTF8")
        lines = [f"hostssl all {user} all {method}\n" for user, method in USERS.items()]
        (self._data / "pg_hba.conf").write_text("".join(lines))
        (self._data / "clients.crt").write_bytes(clients.read_bytes())
        self._account.own(self._data / "clients.crt")
        self._put(certificate)
        if not any(self._starts(folder) for _ in range(5)):  # somebody may take the port before the server does
            raise AssertionError("the server does not start")

    def _starts(self, folder: Path) -> bool:
        self.port = free_port()
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "ssl": "on",
            "ssl_cert_file": "server.crt",
            "ssl_key_file": "server.key",
            "ssl_ca_file": "clients.crt",
        }
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in options.items())],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            start_new_session=True,  # Ctrl-C is for the test run
            **self._account.popen(),
        )
        self._watch = Watch(self._process.pid, folder, signal="QUIT")
        for _ in range(200):
            if self._process.poll() is not None:
                break
            try:
                with driver.connect(self.url(sslmode="require")) as conn:
                    conn.script(ROLES)
                return True
            except DatabaseError:
                time.sleep(0.1)
        self.close()
        return False

    def url(self, user: str = "ada", host: str = "localhost", **options: object) -> str:
        """The URL for a user; `options` as of libpq."""
        from urllib.parse import urlencode

        query = urlencode({name: str(value) for name, value in options.items()})
        return f"postgresql://{user}:{PASSWORD}@{host}:{self.port}/postgres?{query}"

    def use(self, certificate: Certificate) -> None:
        """From the next connection on."""
        self._put(certificate)
        with driver.connect(self.url(sslmode="require")) as conn:
            conn.execute("SELECT pg_reload_conf()")
        for _ in range(100):
            with socket.create_connection(("127.0.0.1", self.port)) as sock:
                if _shown(sock) == certificate.der:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not show its new certificate")

    def close(self) -> None:
        self._process.send_signal(signal.SIGINT)  # which disconnects everybody; SIGTERM would wait for them
        try:
            self._process.wait(30)
        finally:
            self._watch.dismiss()

    def _put(self, certificate: Certificate) -> None:
        for source, name in ((certificate.cert, "server.crt"), (certificate.key, "server.key")):
            target = self._data / name
            target.write_bytes(source.read_bytes())
            target.chmod(0o600)
            self._account.own(target)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            check=True,
            capture_output=True,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **self._account.popen(),
        )


def _shown(sock: socket.socket) -> bytes | None:
    import ssl

    from tests.support.tls_proxy import SSL_REQUEST

    sock.sendall(SSL_REQUEST)
    assert sock.recv(1) == b"S"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with context.wrap_socket(sock) as tls:
        return tls.getpeercert(binary_form=True)


@contextmanager
def tls_server(folder: Path, programs: Path, certificate: Certificate, clients: Path) -> Iterator[TlsServer]:
    """A server that shows `certificate` and accepts clients' certificates of the authority in the file `clients`."""
    server = TlsServer(folder, programs, certificate, clients)
    try:
        yield server
    finally:
        server.close()
