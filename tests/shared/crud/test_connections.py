"""`ConnectionManager`: initialize, close, get_pool, transaction; further databases; what other faces share with the functions."""

from __future__ import annotations

from typing import Any

import pytest

import ferrow.crud
import ferrow.crud.sync
from ferrow import AsyncSession, Session, create_engine
from ferrow.crud import AlreadyInitialized, NotInitialized
from ferrow.errors import Error, InterfaceError, ProgrammingError
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.crud.models import MyUser


def limits(manager: Any) -> Any:
    return getattr(manager.engine, "_core", manager.engine).pool.limits


# --- initialize and close --------------------------------------------------------------------------------------------------


async def test_before_initialize_every_call_says_what_to_do(empty: Any) -> None:
    with pytest.raises(
        NotInitialized, match=r"^ConnectionManager has not been initialized\. Call .*initialize\(dsn=\.\.\.\)"
    ) as caught:
        await maybe(empty.select_all(MyUser))
    assert isinstance(caught.value, RuntimeError)
    for call in (empty.ConnectionManager.get_pool, empty.ConnectionManager.transaction):
        with pytest.raises(NotInitialized):
            call()
    await maybe(empty.ConnectionManager.close())


async def test_initialize_and_close(empty: Any, url: str) -> None:
    manager = empty.ConnectionManager
    await maybe(manager.initialize(dsn=url, min_size=1, max_size=2, timeout=50, kwargs={"connect_timeout": 50}))
    assert manager.initialized
    assert (limits(manager).max_size, limits(manager).acquire_timeout) == (2, 50)
    await maybe(manager.engine.create_all(MyUser))
    assert (await maybe(empty.insert(MyUser(name="a", email="a")))).id == 1
    await maybe(manager.close())
    await maybe(manager.close())
    assert not manager.initialized
    with pytest.raises(NotInitialized):
        await maybe(empty.select_all(MyUser))


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_second_initialize(empty: Any, url: str, tmp_path: Any) -> None:
    manager = empty.ConnectionManager
    await maybe(manager.initialize(dsn=url, max_size=2))
    engine = manager.engine
    await maybe(manager.initialize(dsn=url, max_size=2))  # nothing
    with pytest.raises(AlreadyInitialized, match=r"for another database\. Call close\(\) first"):
        await maybe(manager.initialize(dsn=f"sqlite:///{tmp_path}/other.db"))
    with pytest.raises(RuntimeError, match="with other options"):
        await maybe(manager.initialize(dsn=url, max_size=3))
    with pytest.raises(AlreadyInitialized):
        manager.use(create_engine(f"sqlite:///{tmp_path}/other.db"))
    assert repr(manager.engine) == repr(engine)
    await maybe(manager.close())
    await maybe(manager.initialize(dsn=f"sqlite:///{tmp_path}/other.db"))
    assert "other.db" in repr(manager)


REFUSED = {
    "open": (True, "opens the pool itself"),
    "configure": (print, "connection options"),
    "check": (print, "check_after"),
    "num_workers": (3, "no workers"),
    "reset": (print, "reset by themselves"),
    "max_waiting": (3, "PoolTimeout"),
    "connection_class": (int, "one class"),
    "kwargs": ({"row_factory": print}, "rows='dict'"),
    "pool_size": (3, "'max_size'"),
    "min_siez": (3, "Did you mean 'min_size'"),
    "min_size": (-1, "at least 0"),
}


@pytest.mark.parametrize("option", REFUSED)
@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_options_there_is_nothing_like(empty: Any, url: str, option: str) -> None:
    value, advice = REFUSED[option]
    with pytest.raises(InterfaceError, match=advice) as caught:
        await maybe(empty.ConnectionManager.initialize(dsn=url, **{option: value}))
    assert isinstance(caught.value, TypeError) == (option == "open")
    assert not empty.ConnectionManager.initialized


@pytest.mark.parametrize("colour", ["sync"])
@pytest.mark.parametrize(
    ("options", "most"),
    [({}, 10), ({"min_size": 20}, 20), ({"min_size": 3, "max_size": None}, 3), ({"max_size": 4}, 4)],
)
async def test_max_size(empty: Any, options: dict[str, Any], most: int) -> None:
    await maybe(empty.ConnectionManager.initialize(dsn="sqlite::memory:", **options))
    assert limits(empty.ConnectionManager).max_size == most


async def test_the_dsn_shows_no_password(empty: Any) -> None:
    empty.ConnectionManager.use(create_engine("postgresql://user:secret@localhost/app"))
    with pytest.raises(AlreadyInitialized) as caught:
        await maybe(empty.ConnectionManager.initialize(dsn="postgresql://user:other@localhost/app"))
    assert "secret" not in f"{caught.value}{empty.ConnectionManager!r}"
    assert "other@" not in str(caught.value)


# --- raw SQL ---------------------------------------------------------------------------------------------------------------


async def test_get_pool(crud: Any) -> None:
    pool = crud.ConnectionManager.get_pool()
    async with entered(pool.connection()) as conn:
        async with entered(conn.cursor()) as cur:
            await maybe(
                cur.execute("INSERT INTO my_user (name, email, is_active) VALUES (%s, %s, %s)", ["a", "a", True])
            )
            assert cur.rowcount == 1
            await maybe(cur.execute("SELECT name, email FROM my_user WHERE name = %(name)s", {"name": "a"}))
            assert [column[0] for column in cur.description] == ["name", "email"]
            assert await maybe(cur.fetchone()) == ("a", "a")
            assert await maybe(cur.fetchall()) == []
    assert len(await maybe(crud.select_all(MyUser))) == 1
    with pytest.raises(ZeroDivisionError):
        async with entered(pool.connection()) as conn:
            cur = await maybe(conn.execute("DELETE FROM my_user"))
            assert cur.rowcount == 1
            raise ZeroDivisionError
    assert len(await maybe(crud.select_all(MyUser))) == 1
    async with entered(pool.connection()) as conn:
        await maybe(conn.execute("DELETE FROM my_user"))
        await maybe(conn.rollback())
        await maybe(conn.execute("UPDATE my_user SET age = %s", [7]))
        await maybe(conn.commit())
        assert await maybe(conn.cursor(rows="dict").execute("SELECT age FROM my_user")) is not None
        assert await maybe(conn.native.query("SELECT 1"))
    assert (await maybe(crud.select_all(MyUser)))[0].age == 7
    assert repr(pool)


async def test_a_connection_inside_a_transaction_is_that_transactions(crud: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with entered(crud.ConnectionManager.transaction()):
            await maybe(crud.insert(MyUser(name="a", email="a")))
            async with entered(crud.ConnectionManager.get_pool().connection()) as conn:
                cur = await maybe(conn.execute("SELECT count(*) FROM my_user"))
                assert await maybe(cur.fetchone()) == (1,)
                await maybe(conn.execute("UPDATE my_user SET age = 1"))
            raise ZeroDivisionError
    assert await maybe(crud.select_all(MyUser)) == []


async def test_raw_functions(crud: Any, backend: str) -> None:
    await maybe(crud.insert_many([MyUser(name="a", email="50%", age=1), MyUser(name="b", email="b", age=2)]))
    assert await maybe(
        crud.select_raw("SELECT name FROM my_user WHERE age = %s AND email LIKE '%%!%%' ESCAPE '!'", [1])
    ) == [{"name": "a"}]
    assert await maybe(crud.select_raw("SELECT name FROM my_user WHERE email LIKE '%b'")) == [{"name": "b"}]
    assert await maybe(crud.select_raw("SELECT age FROM my_user WHERE name = %(n)s", {"n": "b"})) == [{"age": 2}]
    native = "$1" if backend == "postgresql" else "?"
    for mark in (native, "?", "$1"):
        assert await maybe(crud.select_raw(f"SELECT age FROM my_user WHERE name = {mark}", ["b"])) == [{"age": 2}], mark
    found = await maybe(crud.select_raw("SELECT * FROM my_user ORDER BY id", model_class=MyUser))
    assert found == await maybe(crud.select_all(MyUser))
    assert await maybe(crud.execute_raw("UPDATE my_user SET age = age + %s", [10])) == 2
    with pytest.raises(ProgrammingError, match=r"execute_raw\(\) runs such statements"):
        await maybe(crud.select_raw("UPDATE my_user SET age = 0"))
    with pytest.raises(Error):
        await maybe(crud.select_raw("SELECT age FROM my_user WHERE name = %s", ["a", "b"]))
    with pytest.raises(ProgrammingError, match="a number called total"):
        await maybe(crud.paginate_raw(None, "SELECT name FROM my_user", "SELECT 1", 1, 2))
    rows, total = await maybe(
        crud.paginate_raw(None, "SELECT count(*) AS total FROM my_user", "SELECT name FROM my_user ORDER BY name", 1, 1)
    )
    assert (rows, total) == ([{"name": "a"}], 2)


# --- several databases, several faces --------------------------------------------------------------------------------------


def functions(colour: str, source: Any) -> Any:
    return ferrow.crud.Functions(source) if colour == "sync" else ferrow.crud.AsyncFunctions(source)


async def test_functions_of_another_database(crud: Any, colour: str, runner: Runner) -> None:
    engine = create_engine("sqlite::memory:")
    other = functions(colour, engine)
    chosen: Any = engine if colour == "sync" else engine.aio
    await maybe(chosen.create_all(MyUser))
    await maybe(other.insert(MyUser(name="there", email="x")))
    assert await maybe(crud.select_all(MyUser)) == []
    async with entered(other.transaction()):
        assert (await maybe(other.select_one(MyUser, name="there"))).email == "x"
    assert "memory" in repr(other)
    await maybe(chosen.close())


async def test_a_manager_of_ones_own(url: str, colour: str) -> None:
    manager: Any = ferrow.crud.Connections() if colour == "sync" else ferrow.crud.AsyncConnections()
    other = functions(colour, manager)
    await maybe(manager.initialize(dsn=url))
    assert await maybe(other.select_raw("SELECT 1 AS one")) == [{"one": 1}]
    await maybe(manager.close())
    with pytest.raises(NotInitialized):
        await maybe(other.select_raw("SELECT 1 AS one"))


async def test_an_engine_that_was_given_is_left_open(empty: Any, engine: Any) -> None:
    empty.ConnectionManager.use(engine)
    empty.ConnectionManager.use(engine)
    await maybe(empty.ConnectionManager.close())
    assert await maybe(engine.query("SELECT 1"))
    with pytest.raises(InterfaceError, match="needs an engine"):
        empty.ConnectionManager.use("sqlite::memory:")


async def test_calls_join_the_transaction_of_another_face(crud: Any, engine: Any, colour: str) -> None:
    session: Any = Session(engine) if colour == "sync" else AsyncSession(engine)
    with pytest.raises(ZeroDivisionError):
        async with entered(session.begin()) as tx:
            tx.add(MyUser(name="pending", email="p"))
            found = await maybe(crud.select_one(MyUser, name="pending"))  # what is pending is written first
            assert found is not None
            made = await maybe(crud.insert(MyUser(name="mine", email="m")))
            assert (await maybe(session.get(MyUser, made.id))).name == "mine"
            assert await maybe(crud.delete(found)) is True
            raise ZeroDivisionError
    assert await maybe(crud.select_all(MyUser)) == []


async def test_a_unit_of_work_follows_what_the_functions_read(crud: Any, engine: Any, colour: str) -> None:
    session: Any = Session(engine) if colour == "sync" else AsyncSession(engine)
    first = await maybe(crud.insert(MyUser(name="a", email="a")))
    async with entered(session.begin()):
        user = await maybe(crud.select_one(MyUser, id=first.id))
        user.age = 5
        made = await maybe(crud.insert(MyUser(name="b", email="b")))
        made.age = 6
        gone = await maybe(crud.insert(MyUser(name="c", email="c")))
        gone.age = 7
        await maybe(crud.delete(gone))
    assert [one.age for one in await maybe(crud.select_all(MyUser))] == [5, 6]


async def test_savepoints(crud: Any) -> None:
    async with entered(crud.ConnectionManager.transaction()):
        await maybe(crud.insert(MyUser(name="a", email="a")))
        with pytest.raises(ZeroDivisionError):
            async with entered(crud.ConnectionManager.transaction()):
                await maybe(crud.insert(MyUser(name="b", email="b")))
                raise ZeroDivisionError
    assert [one.name for one in await maybe(crud.select_all(MyUser))] == ["a"]
