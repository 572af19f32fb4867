"""What docs/mysql.md says that MariaDB cannot do is an error that names it, raised before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ferrow import Base, ForeignKey, Index, Mapped, delete, func, insert, mapped_column, optional, select, update
from ferrow.driver import Listener
from ferrow.errors import DataError, NotSupportedError, ProgrammingError
from ferrow.repository import ensure_schema, ensure_schema_async
from ferrow.sql import Delete, Select, TableRef, Update, compile, true
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "mysql.md"


class Ware(Base):
    __tablename__ = "refused_wares"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    price: Mapped[Decimal | None]
    weight: Mapped[float | None]


class Plain(Base):
    __tablename__ = "refused_plain"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class Deferred(Base):
    __tablename__ = "refused_deferred"
    id: Mapped[int] = mapped_column(primary_key=True)
    ware_id: Mapped[int] = mapped_column(ForeignKey("refused_wares.id", deferrable="deferred"))


class Partial(Base):
    __tablename__ = "refused_partial"
    __table_args__ = (Index("number", where="number > 0"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class Computed(Base):
    __tablename__ = "refused_computed"
    __table_args__ = (Index(sql="number + 1", name="more"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


def _newest(**materialized: bool) -> Any:
    return select(Ware.id).where(Ware.price > 1).cte("newest", **materialized)


def _lateral() -> Any:
    table = Ware.__columns__["id"].table.ref
    other = TableRef("refused_wares", alias="other")
    first = Select([Ware.name.of(other)], other).where(Ware.price.of(other) < Ware.price).limit(1)
    less = first.subquery("less", lateral=True)
    return Select([Ware.name, less.c.name.label("other")], table).left_join(less, true())


def _with(statement: type) -> Any:
    newest, table = _newest(), Ware.__columns__["id"].table.ref
    if statement is Update:
        return Update(table, [(Ware.name, "x")], Ware.id == newest.c.id, from_=[newest])
    return Delete(table, Ware.id == newest.c.id, using=[newest])


def _sum(**frame: Any) -> Any:
    return select(func.sum(Ware.price).over(order_by=Ware.id, **frame))


Build = Callable[[], Any]
STATEMENTS: dict[str, tuple[Build, str]] = {
    "UPDATE with RETURNING": (lambda: update(Ware).values(name="x").returning("name"), "UPDATE has no RETURNING"),
    "WITH in UPDATE": (lambda: _with(Update), "no WITH in UPDATE"),
    "WITH in DELETE": (lambda: _with(Delete), "no WITH in .*DELETE"),
    "changes in WITH": (lambda: select(delete(Ware).returning(Ware.id).cte("gone").c.id), "has no DELETE in WITH"),
    "FULL JOIN": (lambda: select(optional(Ware.id)).full_join(Plain, Plain.number == Ware.id), "no FULL JOIN"),
    "LATERAL": (_lateral, "no LATERAL"),
    "GROUPS": (lambda: _sum(groups=(-1, 0)), "GROUPS"),
    "EXCLUDE": (lambda: _sum(rows=(-1, 0), exclude="current row"), "EXCLUDE"),
    "FILTER": (lambda: select(func.array_agg(Ware.name).filter(Ware.id > 1)), r"no FILTER for array_agg\(\)"),
    "FOR UPDATE OF": (lambda: select(Ware).for_update(of=[Ware]), "FOR UPDATE OF"),
    "MATERIALIZED": (lambda: select(_newest(materialized=True).c.id), "MATERIALIZED"),
    "on_conflict_do_nothing().returning()": (
        lambda: insert(Ware).values(name="x").on_conflict_do_nothing().returning("id"),
        "RETURNING",
    ),
}


@pytest.fixture
def wares(engine: Any, colour: str, runner: Runner) -> Any:
    runner.run(maybe(engine.create_all(Ware)))
    return session_of(engine, colour)


@pytest.mark.only(backend="mariadb")
@pytest.mark.parametrize("name", STATEMENTS)
async def test_statements(wares: Any, engine: Any, name: str) -> None:
    build, words = STATEMENTS[name]
    statement = build()
    with pytest.raises(NotSupportedError, match=r"MariaDB|mysql") as caught:
        if hasattr(statement, "work"):
            await maybe(wares.execute(statement))
        else:
            compile(statement, engine.dialect)
    assert re.search(words, str(caught.value)), caught.value


@pytest.mark.only(backend="mariadb")
@pytest.mark.parametrize(
    ("model", "words"), [(Deferred, "deferrable="), (Partial, "where="), (Computed, "expressions")]
)
async def test_tables(wares: Any, engine: Any, model: type, words: str) -> None:
    with pytest.raises(NotSupportedError, match=f"MariaDB.*{words}"):
        await maybe(engine.create_all(Ware, model))
    assert await maybe(engine.get_tables()) == ["refused_wares"]


@pytest.mark.only(backend="mariadb")
async def test_tables_inside_a_transaction(wares: Any, engine: Any, colour: str) -> None:
    ensure = ensure_schema_async if colour == "async" else ensure_schema
    for change in (lambda: engine.create_all(Plain), lambda: engine.drop_all(Ware), lambda: ensure(engine, Plain)):
        with pytest.raises(NotSupportedError, match="transaction"):
            async with entered(wares.begin()):
                await maybe(wares.insert(Ware(name="x")))
                await maybe(change())
    assert await maybe(wares.query(Ware).count()) == 0
    assert await maybe(engine.get_tables()) == ["refused_wares"]


@pytest.mark.only(backend="mariadb")
async def test_what_connections_cannot_do(wares: Any, engine: Any) -> None:
    async with entered(engine.connection()) as connection:
        for attempt, words in (
            (lambda: connection.copy_in("refused_wares", [(1, "x", None, None)]), "COPY"),
            (lambda: connection.listen("news"), "notifications"),
            (lambda: connection.notify("news"), "notifications"),
        ):
            with pytest.raises(NotSupportedError, match=words):
                await maybe(attempt())
    with pytest.raises(NotSupportedError, match="DEFERRABLE"):
        async with entered(engine.transaction(deferrable=True, readonly=True, isolation="serializable")):
            pass
    await maybe(engine.execute("CREATE PROCEDURE refused_two() BEGIN SELECT 1; SELECT 2; END"))
    try:
        with pytest.raises(NotSupportedError, match="several results"):
            await maybe(engine.execute("CALL refused_two()"))
    finally:
        await maybe(engine.execute("DROP PROCEDURE refused_two"))


@pytest.mark.only(backend="mariadb", colour="sync")
def test_listeners(engine: Any) -> None:
    with pytest.raises(NotSupportedError, match="notifications"):
        Listener(str(engine.settings.redacted))


@pytest.mark.only(backend="mariadb")
async def test_values(wares: Any) -> None:
    for values in ({"weight": float("nan")}, {"weight": float("inf")}, {"price": Decimal("0." + "1" * 31)}):
        with pytest.raises(DataError):
            await maybe(wares.insert(Ware(name="x", **values)))
    assert await maybe(wares.query(Ware).count()) == 0


def test_all_that_the_page_names_is_tried() -> None:
    """The list of docs/mysql.md; what is not a statement is in the other tests."""
    (said,) = re.findall(
        r"\* `NotSupportedError`, before anything is sent: (.*?)\.\n\*", DOCUMENT.read_text(), re.DOTALL
    )
    there = [re.sub(r"\s+", " ", part).strip() for part in re.split(r",(?![^(]*\))", said)]
    assert there == [
        "UPDATE with RETURNING",
        "WITH in UPDATE and DELETE",
        "FULL JOIN",
        "LATERAL",
        "the frames (`GROUPS`, `EXCLUDE`)",
        "FILTER in functions like `array_agg`",
        "`FOR UPDATE OF`",
        "`MATERIALIZED`",
        "deferred foreign keys",
        "partial indexes and those of expressions",
        "COPY",
        "notifications",
    ]


@pytest.mark.only(backend="mariadb")
@pytest.mark.parametrize(
    ("setting", "value", "way"),
    [
        ("set_isolation_level", "SERIALIZABLE", r"transaction\(isolation='serializable'\)"),
        ("set_read_only", True, r"begin\(readonly=True\)"),
        ("set_read_only", False, r"begin\(readonly=False\)"),
    ],
)
async def test_settings_of_a_transaction_that_has_begun(engine: Any, setting: str, value: Any, way: str) -> None:
    await maybe(engine.script("CREATE TABLE settings (a int)"))
    async with entered(engine.connection()) as conn:
        async with entered(conn.transaction()) as tx:
            before = conn.wire.requests
            with pytest.raises(NotSupportedError, match=way):
                await maybe(getattr(tx, setting)(value))
            assert conn.wire.requests == before
            await maybe(tx.execute("INSERT INTO settings VALUES (1)"))
        assert (await maybe(conn.query_one("SELECT count(*) FROM settings")))[0] == 1


@pytest.mark.only(backend="mariadb")
@pytest.mark.parametrize("sql", ["COMMIT", "/* x */ BEGIN", "SET autocommit = 0"])
async def test_a_batch_is_one_transaction_already(engine: Any, sql: str) -> None:
    await maybe(engine.script("CREATE TABLE settings (a int)"))
    async with entered(engine.connection()) as conn:
        with pytest.raises(ProgrammingError, match="cannot be part of a batch") as raised:
            await maybe(conn.execute_batch(["INSERT INTO settings VALUES (1)", sql]))
        assert (raised.value.statement, raised.value.query) == (2, sql)
        assert (await maybe(conn.query_one("SELECT count(*) FROM settings")))[0] == 0
