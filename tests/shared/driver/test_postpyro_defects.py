"""What PostPyro's implementation promises and gets wrong: each test is named after a finding of its review.

The document is the contract; these are the places where the code behind it breaks its word, and ours must not.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import inspect
import sys
import threading
import time as clock
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ferrow
from ferrow import driver, errors
from tests.support import entered, maybe
from tests.support.certificates import Authority
from tests.support.tls_proxy import tls_proxy


async def test_f_d1_an_unknown_column_is_a_key_error(conn: Any) -> None:
    row = await maybe(conn.query_one("SELECT 1 AS id, 'x' AS name"))
    assert (row["name"], row["id"]) == ("x", 1)
    with pytest.raises(KeyError, match=r"any name.*'id', 'name'"):
        row["any name"]


async def test_f_d2_rows_have_all_their_methods(conn: Any) -> None:
    row = await maybe(conn.query_one("SELECT 1 AS id, 'x' AS name"))
    assert (row.get("id"), row.get("nope", 0)) == (1, 0)
    assert (row.keys(), row.values(), row.items()) == (["id", "name"], [1, "x"], [("id", 1), ("name", "x")])
    assert (row.to_dict(), list(row), repr(row)) == ({"id": 1, "name": "x"}, [1, "x"], "Row(id=1, name='x')")


async def test_f_d3_transactions_can_be_begun_committed_and_rolled_back(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer)"))
    async with entered(await maybe(conn.begin())) as tx:
        await maybe(tx.execute("INSERT INTO t VALUES (1)"))
    with pytest.raises(ZeroDivisionError):
        async with entered(await maybe(conn.begin())) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (2)"))
            raise ZeroDivisionError
    assert await maybe(conn.query("SELECT n FROM t")) == [(1,)]


@pytest.mark.postgresql
def test_f_d7_other_threads_go_on_while_one_waits(postgresql_url: str) -> None:
    """Whoever held the GIL while waiting for the lock would keep this thread from giving it up."""
    # The deadline is for the defect alone, which then fails instead of waiting for ever.
    with driver.connect(postgresql_url, command_timeout=30) as waiting, driver.connect(postgresql_url) as holder:
        holder.query("SELECT pg_advisory_lock(1)")
        answers: list[Any] = []
        pid = waiting.info()["backend_pid"]
        thread = threading.Thread(target=lambda: answers.extend(waiting.query("SELECT pg_advisory_lock(1), 7")))
        thread.start()
        sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'"
        while thread.is_alive() and holder.query_one(sql, [pid]) == (0,):
            pass
        assert sum(range(100_000)) == 4_999_950_000
        assert not answers
        holder.query("SELECT pg_advisory_unlock(1)")
        thread.join()
        assert [answer[1] for answer in answers] == [7]


@pytest.mark.postgresql
def test_f_d7_threads_count_while_the_server_sleeps(postgresql_url: str) -> None:
    """The interpreter takes the GIL from nobody here: others run where it is given up, and nowhere else."""
    usual = sys.getswitchinterval()
    with driver.connect(postgresql_url) as conn:
        ready, done = threading.Event(), threading.Event()
        counted = 0

        def count() -> None:
            nonlocal counted
            ready.set()
            while not done.is_set():
                counted += 1
                clock.sleep(0)  # gives it up

        thread = threading.Thread(target=count)
        sys.setswitchinterval(1000)
        try:
            thread.start()
            ready.wait()
            before = counted
            conn.query("SELECT pg_sleep(0.1)")
            after = counted
        finally:
            sys.setswitchinterval(usual)
            done.set()
        thread.join()
        assert after > before


@pytest.mark.postgresql
async def test_f_d7_the_event_loop_goes_on_while_one_waits(postgresql_url: str) -> None:
    async with driver.AsyncConnection(postgresql_url) as waiting, driver.AsyncConnection(postgresql_url) as holder:
        await waiting.query("SET lock_timeout = '15s'")  # for the defect alone, which would wait for ever
        await holder.query("SELECT pg_advisory_lock(1)")
        pid = (await waiting.info())["backend_pid"]
        blocked = asyncio.create_task(waiting.query_one("SELECT 7 FROM pg_advisory_lock(1)"))
        sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'"
        while not blocked.done() and await holder.query_one(sql, [pid]) == (0,):
            pass
        assert not blocked.done(), "nobody could give up the lock: the loop stood still"
        await holder.query("SELECT pg_advisory_unlock(1)")
        assert await blocked == (7,)


@pytest.mark.postgresql
@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_f_d8_what_asks_for_encryption_never_goes_in_plain_text(postgresql_url: str, tmp_path: Path, mode: str) -> None:
    authority = Authority(tmp_path)
    with tls_proxy(postgresql_url, authority.issue("server", "localhost")) as between:
        url = between.at("localhost", sslmode=mode, sslrootcert=str(authority.cert))
        with driver.connect(url) as conn:
            assert conn.query_one("SELECT 7") == (7,)
        between.answer = "refuses"
        with pytest.raises(driver.OperationalError, match=rf"does not support TLS.*sslmode={mode}"):
            driver.connect(url)
    assert between.plain_text == b""


def test_f_d9_asking_how_it_is_never_raises_under_threads(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    conn = driver.connect(url)
    failures: list[BaseException] = []

    def guarded(work: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                for _ in range(50):
                    work()
            except BaseException as error:
                failures.append(error)

        return run

    questions = [conn.is_closed, conn.ping, conn.info, lambda: repr(conn), lambda: conn.query("SELECT 1")]
    threads = [threading.Thread(target=guarded(work)) for work in questions for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    conn.close()
    assert conn.is_closed()
    assert capfd.readouterr() == ("", "")


async def test_f_d10_a_batch_keeps_to_the_transaction_around_it(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer)"))
    tx = await maybe(conn.begin())
    await maybe(conn.execute_batch(["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]))
    assert tx.is_active()
    await maybe(tx.rollback())
    assert await maybe(conn.query("SELECT n FROM t")) == []


async def test_f_d10_a_batch_drives_no_prepared_statement_out(pg: Any) -> None:
    await maybe(pg.prepare("SELECT 42"))
    await maybe(pg.execute_batch([f"SELECT {number}" for number in range(1000)]))
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 42'"
    assert await maybe(pg.query_one(kept)) == (1,)
    assert (await maybe(pg.info()))["cached_statements"] == 2


async def test_f_d11_values_are_not_kept_behind_the_callers_back(conn: Any) -> None:
    rows = await maybe(conn.query("SELECT 'a text that somebody might want to cache' AS text"))
    (value,) = rows[0]
    reference = ["a fresh string, ".upper()]
    (fresh,) = reference
    # Held by the row and by us, as the other one is by its list and by us.
    assert sys.getrefcount(value) == sys.getrefcount(fresh)


def test_f_d12_the_names_of_pep_249_are_there() -> None:
    assert (driver.apilevel, driver.threadsafety, driver.paramstyle) == ("2.0", 2, "numeric")
    assert issubclass(driver.Error, Exception)
    assert issubclass(driver.Warning, Exception)
    assert issubclass(driver.DatabaseError, driver.Error)
    for name in ["Interface", "Data", "Operational", "Integrity", "Internal", "Programming", "NotSupported"]:
        assert issubclass(getattr(driver, f"{name}Error"), driver.DatabaseError)


@pytest.mark.parametrize(
    "sqlstate", ["28P01", "28000", "40P01", "40001", "57P01", "57P02", "57P03", "57P04", "57P05", "08006", "53300"]
)
def test_f_d13_what_may_pass_is_an_operational_error(sqlstate: str) -> None:
    error = errors.from_server({"code": sqlstate, "message": "sorry"})
    assert isinstance(error, driver.OperationalError)
    assert error.sqlstate == sqlstate


@pytest.mark.postgresql
def test_f_d13_a_refused_connection_and_a_wrong_password(postgresql_url: str) -> None:
    with pytest.raises(driver.OperationalError, match=r"127\.0\.0\.1:1"):
        driver.connect("postgresql://user:pass@127.0.0.1:1/db")
    with pytest.raises(driver.OperationalError) as caught:
        driver.connect(postgresql_url, password="wrong")
    assert caught.value.sqlstate == "28P01"


async def test_f_d13_a_lost_race_is_an_operational_error(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer); INSERT INTO t VALUES (0)"))
    with driver.connect(postgresql_url) as other:
        tx = await maybe(pg.begin(isolation="serializable"))
        await maybe(tx.query("SELECT * FROM t"))
        other.execute("UPDATE t SET n = n + 1")
        with pytest.raises(driver.OperationalError) as caught:
            await maybe(tx.execute("UPDATE t SET n = n + 1"))
        assert caught.value.sqlstate == "40001"
        await maybe(tx.rollback())


@pytest.mark.postgresql
def test_f_d13_a_deadlock_is_an_operational_error(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as one, driver.connect(postgresql_url) as other:
        one.script("CREATE TABLE t (id integer, n integer); INSERT INTO t VALUES (1, 0), (2, 0)")
        failed: list[driver.DatabaseError] = []

        def update(conn: driver.Connection, number: int) -> None:
            try:
                conn.execute("UPDATE t SET n = n + 1 WHERE id = $1", [number])
            except driver.DatabaseError as error:
                failed.append(error)

        for conn, number in ((one, 1), (other, 2)):
            conn.script("SET deadlock_timeout = '10ms'; BEGIN")
            update(conn, number)
        thread = threading.Thread(target=update, args=(one, 2))
        thread.start()
        update(other, 1)
        # The one that lost holds its locks no longer: the other one ends by itself.
        thread.join()
        assert [(type(error), error.sqlstate) for error in failed] == [(errors.DeadlockDetected, "40P01")]
        assert isinstance(failed[0], driver.OperationalError)


async def test_f_d13_a_shutdown_is_an_operational_error(pg: Any) -> None:
    with pytest.raises(driver.OperationalError):
        await maybe(pg.query("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert await maybe(pg.ping()) is False


async def test_f_d14_many_values_need_no_text_made_of_them(conn: Any) -> None:
    names = ["Robert'); DROP TABLE users; --", "O'Hara", "ü", '"', "\\", "$1", "?"]
    await maybe(conn.script("CREATE TABLE users (id integer, name text)"))
    from ferrow.driver import Shape

    rows = list(enumerate(names))
    await maybe(conn.run_many("INSERT INTO users VALUES ($1, $2)", rows, Shape.tuples()))
    assert await maybe(conn.query("SELECT id, name FROM users ORDER BY id")) == rows


def test_f_d15_there_is_one_version_and_a_true_stub() -> None:
    versions = {driver.get_version(), driver.__version__, ferrow.__version__, importlib.metadata.version("ferrow")}
    assert len(versions) == 1
    package = Path(ferrow.__path__[0])
    assert (package / "py.typed").exists()
    stub = (package / "_core.pyi").read_text()
    for kind in (driver.Row, driver.Result, driver.Shape):
        for name, _ in inspect.getmembers(kind, callable):
            assert name.startswith("_") or f"def {name}(" in stub


async def test_f_d16_prepared_statements_survive_ddl(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (a integer)"))
    await maybe(conn.execute("INSERT INTO t VALUES (1)"))
    select = await maybe(conn.prepare("SELECT * FROM t"))
    assert (await maybe(conn.query_one(select))).to_dict() == {"a": 1}
    await maybe(conn.script("ALTER TABLE t ADD COLUMN b text DEFAULT 'x'"))
    assert (await maybe(conn.query_one(select))).to_dict() == {"a": 1, "b": "x"}
    await maybe(conn.script("ALTER TABLE t DROP COLUMN a"))
    assert (await maybe(conn.query_one(select))).to_dict() == {"b": "x"}
    await maybe(conn.script("DROP TABLE t; CREATE TABLE t (b integer); INSERT INTO t VALUES (9)"))
    assert (await maybe(conn.query_one(select))).to_dict() == {"b": 9}
