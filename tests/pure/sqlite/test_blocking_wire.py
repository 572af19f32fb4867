import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from ferrow._core import Shape
from ferrow.abc import Status, Wire
from ferrow.errors import ConnectionLost, InterfaceError, OperationalError
from ferrow.wire.blocking.sqlite import BlockingSqliteWire, open_sqlite
from ferrow.wire.drive import drive
from ferrow.wire.settings import Settings
from tests.pure.sqlite.ask import TUPLES
from tests.pure.sqlite.test_threads import ENDLESS


@pytest.fixture
def wire(path: str) -> BlockingSqliteWire:
    return open_sqlite(Settings(dialect="sqlite", database=path))


def test_it_is_a_wire(wire: BlockingSqliteWire) -> None:
    as_wire: Wire = wire
    assert as_wire.dialect == "sqlite"
    drive(wire.script("CREATE TABLE t (a); BEGIN"))
    assert wire.status is Status.TRANSACTION
    assert drive(wire.run_many("INSERT INTO t VALUES (?)", [[1], [2]], TUPLES)).rowcount == 2
    drive(wire.script("COMMIT"))
    assert drive(wire.run("SELECT a FROM t", None, Shape.column())).rows == [1, 2]
    assert (wire.status, wire.busy, wire.closed) == (Status.IDLE, False, False)
    assert drive(wire.settle(1)) is True
    drive(wire.close())
    assert wire.closed
    assert drive(wire.settle(1)) is False
    with pytest.raises(InterfaceError, match="Connection is closed"):
        drive(wire.run("SELECT 1", None, TUPLES))


def test_threads_take_turns(wire: BlockingSqliteWire) -> None:
    drive(wire.script("CREATE TABLE t (a INTEGER)"))

    def work(number: int) -> None:
        for i in range(200):
            drive(wire.run("INSERT INTO t VALUES (?)", [number * 1000 + i], TUPLES))
            assert drive(wire.run("SELECT ? AS n", [i], Shape.column())).rows == [i]

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, number) for number in range(6)]:
            done.result()
    assert drive(wire.run("SELECT count(*) FROM t", None, Shape.column())).rows == [1200]
    drive(wire.close())


def test_abort_from_another_thread(wire: BlockingSqliteWire) -> None:
    threading.Timer(0.1, wire.abort).start()
    with pytest.raises(ConnectionLost, match=r"^Connection is closed$"):
        drive(wire.run(ENDLESS, None, TUPLES))
    assert wire.closed


def test_a_model_that_queries_gets_an_error_not_a_deadlock(wire: BlockingSqliteWire) -> None:
    call: Callable[..., object] = lambda a: drive(wire.run("SELECT 1", None, TUPLES))  # noqa: E731
    with pytest.raises(InterfaceError, match="its own results"):
        drive(wire.run("SELECT 1 AS a", None, Shape.instances(object, ["a"], build="call", factory=call)))
    drive(wire.close())


def test_modes(path: str) -> None:
    with pytest.raises(OperationalError, match="unable to open"):
        open_sqlite(Settings(dialect="sqlite", database=path, mode="rw"))
    wire = open_sqlite(Settings(dialect="sqlite", database=path))
    drive(wire.script("CREATE TABLE t (a)"))
    reader = open_sqlite(Settings(dialect="sqlite", database=path, mode="ro"))
    with pytest.raises(OperationalError, match="readonly"):
        drive(reader.run("INSERT INTO t VALUES (1)", None, TUPLES))
    drive(reader.close())
    drive(wire.close())
