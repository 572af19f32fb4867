"""Functions in Python, called by SQL."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from ferrow.errors import DataError, InterfaceError, NotSupportedError, OperationalError, ProgrammingError
from tests.support import maybe
from tests.support.sqlite_values import value


async def test_postgresql_has_none_of_this(pg: Any) -> None:
    with pytest.raises(NotSupportedError, match=r"conn\.sqlite is what only SQLite can do"):
        _ = pg.sqlite


@pytest.mark.parametrize("given", [None, 0, -(2**63), 1.5, "", "Grüße\0!", b"", b"\0\xff"])
async def test_values_cross_both_ways(lite: Any, given: Any) -> None:
    seen: list[Any] = []
    await maybe(lite.sqlite.create_function("echo", lambda x: (seen.append(x), x)[1]))
    found = await value(lite, "SELECT echo(?)", [given])
    assert (found, type(found)) == (given, type(given))
    assert (seen, type(seen[0])) == ([given], type(given))


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("returned", "stored"),
    [
        (True, 1),
        (Decimal("1.10"), "1.10"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05.000000"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ({"a": [1]}, '{"a":[1]}'),
        (memoryview(b"ab"), b"ab"),
        (bytearray(b"ab"), b"ab"),
        (Colour.RED, "red"),
    ],
)
async def test_results_are_stored_as_parameters_are(lite: Any, returned: Any, stored: Any) -> None:
    await maybe(lite.sqlite.create_function("give", lambda: returned, arguments=0))
    assert await value(lite, "SELECT give()") == stored
    assert await value(lite, "SELECT ?", [returned]) == stored


async def test_any_number_of_arguments_and_overloads(lite: Any) -> None:
    sqlite = lite.sqlite
    await maybe(sqlite.create_function("many", lambda *values: len(values)))
    assert await value(lite, "SELECT many() || MANY(1) || many(1, 2)") == "012"
    await maybe(sqlite.create_function("one", lambda x: f"one {x}", arguments=1))
    await maybe(sqlite.create_function("one", lambda x, y: f"two {x} {y}", arguments=2))
    assert await value(lite, "SELECT one(1) || ', ' || one(1, 2)") == "one 1, two 1 2"
    with pytest.raises(ProgrammingError, match="wrong number of arguments"):
        await value(lite, "SELECT one()")


async def test_replacing_and_removing(lite: Any) -> None:
    await maybe(lite.sqlite.create_function("f", lambda: 1))
    assert await value(lite, "SELECT f()") == 1
    await maybe(lite.sqlite.create_function("f", lambda: 2))
    assert await value(lite, "SELECT f()") == 2
    await maybe(lite.sqlite.create_function("f", None))
    with pytest.raises(ProgrammingError, match="no such function: f"):
        await value(lite, "SELECT f()")
    await maybe(lite.sqlite.create_function("upper", lambda text: text.upper() + "!", arguments=1))
    assert await value(lite, "SELECT upper('straße')") == "STRASSE!"


async def test_what_is_removed_and_closed_is_let_go(lite: Any) -> None:
    import gc
    import weakref

    class Thing:
        def __call__(self) -> int:
            return 1

    thing = Thing()
    gone = weakref.ref(thing)
    await maybe(lite.sqlite.create_function("f", thing))
    await maybe(lite.sqlite.create_collation("c", lambda a, b, held=thing: 0 if a == b else 1))
    assert await value(lite, "SELECT f() WHERE 'a' = 'a' COLLATE c") == 1
    del thing
    await maybe(lite.sqlite.create_collation("c", None))
    await maybe(lite.close())
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("where", ["SELECT fail(1)", "SELECT fail(n) FROM t", "INSERT INTO t SELECT fail(1)"])
async def test_an_exception_is_the_cause_and_the_connection_stays_usable(lite: Any, where: str) -> None:
    await maybe(lite.script("CREATE TABLE t (n); INSERT INTO t VALUES (1)"))

    def fail(n: int) -> float:
        return n / 0

    await maybe(lite.sqlite.create_function("fail", fail))
    with pytest.raises(OperationalError) as caught:
        await maybe(lite.query(where))
    assert str(caught.value) == "the function fail() raised ZeroDivisionError: division by zero"
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert caught.value.query == where
    assert await value(lite, "SELECT count(*) FROM t") == 1
    with pytest.raises(OperationalError) as caught:
        await maybe(lite.run_many("SELECT fail(?)", [(1,), (2,)], _tuples()))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def _tuples() -> Any:
    from ferrow.driver import Shape

    return Shape.tuples()


async def test_a_transaction_survives_a_function_that_fails(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (n)"))
    await maybe(lite.sqlite.create_function("fail", lambda: 1 // 0))
    tx = await maybe(lite.begin())
    await maybe(tx.execute("INSERT INTO t VALUES (1)"))
    with pytest.raises(OperationalError):
        await maybe(tx.execute("INSERT INTO t VALUES (fail())"))
    await maybe(tx.commit())
    assert await value(lite, "SELECT count(*) FROM t") == 1


async def test_what_cannot_be_stored_is_an_error_that_says_so(lite: Any) -> None:
    for wrong, words in [
        (object(), "a value of type object cannot be stored"),
        (2**64, "outside SQLite"),
        (float("nan"), "NaN"),
        ("\ud800", "lone surrogate"),
    ]:
        await maybe(lite.sqlite.create_function("f", lambda wrong=wrong: wrong, arguments=0))
        with pytest.raises(DataError, match=r"the function f\(\) returned what cannot be stored") as caught:
            await value(lite, "SELECT f()")
        assert words in str(caught.value)


class Longest:
    """An aggregate of two arguments, for windows too."""

    def step(self, key: int, text: str) -> None:
        raise AssertionError(key, text)

    def inverse(self, key: int, text: str) -> None:
        raise AssertionError(key, text)

    def value(self) -> int:
        return 0

    finalize = value


async def test_a_text_that_is_none_is_not_handed_over(lite: Any) -> None:
    """The callable has not raised anything: it was not called."""
    await maybe(lite.sqlite.create_function("second", lambda one, two: [one, two]))
    await maybe(lite.sqlite.create_aggregate("longest", Longest))
    await maybe(lite.sqlite.create_window_function("widest", Longest))
    await maybe(lite.sqlite.create_collation("own", lambda one, two: (one > two) - (one < two)))
    wrong = "CAST(x'61ff' AS TEXT)"
    for name, over in (("second", ""), ("longest", ""), ("widest", ""), ("widest", " OVER ()")):
        words = rf"the function {name}\(\) was not called: argument 2 is the text 'a\\xff', which is not UTF-8; CAST\(\.\.\. AS BLOB\)"
        with pytest.raises(DataError, match=words) as caught:
            await value(lite, f"SELECT {name}(1, {wrong}){over}")
        assert isinstance(caught.value.__cause__, UnicodeDecodeError)
    with pytest.raises(
        DataError, match=r"the collation own was not called: what it orders is the text 'a\\xff', which is not"
    ):
        await value(lite, f"SELECT 'b' < {wrong} COLLATE own")
    assert await value(lite, "SELECT second('ä', 'b')") == '["ä","b"]'


async def test_ctrl_c_in_a_function_is_ctrl_c(lite: Any) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    await maybe(lite.sqlite.create_function("f", interrupted))
    if type(lite).__name__.startswith("Async"):
        return  # in a thread of its own nobody presses it
    with pytest.raises(KeyboardInterrupt):
        await value(lite, "SELECT f()")
    assert await value(lite, "SELECT 1") == 1


async def test_a_function_cannot_use_its_own_connection(lite: Any, colour: str) -> None:
    core = lite.wire.core

    def nosy() -> int:
        if colour == "sync":
            return int(lite.query_one("SELECT 1")[0])
        return int(core.run("SELECT 1", None, _tuples()).rows[0][0])

    await maybe(lite.sqlite.create_function("nosy", nosy))
    with pytest.raises(OperationalError, match="use another connection") as caught:
        await value(lite, "SELECT nosy()")
    assert isinstance(caught.value.__cause__, InterfaceError)
    assert await value(lite, "SELECT 1") == 1


async def test_a_function_may_use_another_connection(lite: Any, sqlite_url: str) -> None:
    from ferrow import driver

    with driver.connect(sqlite_url) as other:
        await maybe(lite.sqlite.create_function("other", lambda: other.query_one("SELECT 5")[0]))
        assert await value(lite, "SELECT other()") == 5


async def test_functions_run_where_the_connection_is_used(lite: Any, colour: str) -> None:
    await maybe(lite.sqlite.create_function("thread", threading.get_ident))
    for _ in range(5):
        assert (await value(lite, "SELECT thread()") == threading.get_ident()) == (colour == "sync")


async def test_several_threads_may_be_inside_functions_at_once(sqlite_url: str) -> None:
    """Each holds the GIL by turns; two that wait for each other show that none keeps it."""
    from ferrow import driver

    barrier = threading.Barrier(2, timeout=30)
    done = []

    def work() -> None:
        with driver.connect(sqlite_url) as conn:
            conn.sqlite.create_function("meet", lambda: barrier.wait() * 0 + 1)
            done.append(conn.query_one("SELECT meet() + meet()")[0])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [2, 2]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("ferrow_x", {}, "is one of Ferrow's own"),
        ("Decimal_Add", {}, "is one of Ferrow's own"),
        ("", {}, "1 to 255 bytes"),
        ("x" * 256, {}, "1 to 255 bytes"),
        ("a\0b", {}, "zero byte"),
        ("f", {"arguments": -2}, "cannot have -2 arguments"),
        ("f", {"arguments": 100_000}, "cannot have 100000 arguments"),
    ],
)
async def test_names_and_numbers_are_checked(lite: Any, name: str, options: Any, words: str) -> None:
    with pytest.raises(ProgrammingError, match=words):
        await maybe(lite.sqlite.create_function(name, lambda: 1, **options))
    if name.lower().startswith(("ferrow", "decimal")):
        for remove in (lite.sqlite.create_function, lite.sqlite.create_aggregate):
            with pytest.raises(ProgrammingError, match=words):
                await maybe(remove(name, None))


async def test_what_cannot_be_called_is_refused(lite: Any) -> None:
    async def later() -> int:
        return 1

    for wrong, words in [(later, "is an async def"), (5, "5 cannot be called")]:
        for create in (lite.sqlite.create_function, lite.sqlite.create_collation, lite.sqlite.create_aggregate):
            with pytest.raises(ProgrammingError, match=words):
                await maybe(create("f", wrong))


async def test_deterministic_functions_can_be_indexed_when_they_are_allowed_to(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (a TEXT)"))
    await maybe(lite.sqlite.create_function("twice", lambda a: a * 2, deterministic=True, directonly=False))
    await maybe(lite.script("CREATE INDEX i ON t (twice(a)); INSERT INTO t VALUES ('x')"))
    assert await value(lite, "SELECT a FROM t WHERE twice(a) = 'xx'") == "x"
    await maybe(lite.sqlite.create_function("loose", lambda a: a, directonly=False))
    with pytest.raises(ProgrammingError, match="non-deterministic"):
        await maybe(lite.script("CREATE INDEX j ON t (loose(a))"))


async def test_schemas_may_not_use_functions_by_default(lite: Any) -> None:
    await maybe(lite.sqlite.create_function("f", lambda: 1, arguments=0))
    await maybe(lite.script("CREATE VIEW v AS SELECT f() AS one"))
    with pytest.raises(ProgrammingError, match=r"unsafe use of f\(\)"):
        await value(lite, "SELECT one FROM v")
    await maybe(lite.sqlite.create_function("f", lambda: 1, arguments=0, directonly=False))
    assert await value(lite, "SELECT one FROM v") == 1


async def test_functions_cannot_be_changed_while_a_cursor_may_call_them(lite: Any) -> None:
    await maybe(lite.sqlite.create_function("f", lambda x: x))
    cursor = lite.wire.core.open_cursor("SELECT f(column1) FROM (VALUES (1), (2))", None, _tuples())
    with pytest.raises(OperationalError, match="close the cursors of this connection first"):
        await maybe(lite.sqlite.create_function("f", None))
    cursor.close()
    await maybe(lite.sqlite.create_function("f", None))
