"""What OrmKit's programs call by other names, or ask of engines, transactions and sessions: the tables of its specification."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

import ferrow
import ferrow.model
from ferrow import AsyncEngine, Base, CheckConstraint, ForeignKey, Index, Mapped, Q, UniqueConstraint, mapped_column
from ferrow.errors import ProgrammingError, UniqueViolation, UnknownColumn
from ferrow.orm import AsyncSessionTransaction
from tests.support import entered, maybe


class Shelf(Base):
    __tablename__ = "shelves"
    __table_args__ = (
        UniqueConstraint("room", "number"),
        CheckConstraint("number > 0", name="positive"),
        Index("room", name="by_room"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(max_length=20)
    number: Mapped[int] = mapped_column(server_default="1")
    note: Mapped[str | None]


class Slot(Base):
    __tablename__ = "slots"

    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)


def test_the_names_mean_ours() -> None:
    assert ferrow.ConnectionPool is AsyncEngine
    assert ferrow.Transaction is AsyncSessionTransaction
    assert {f"Rust{one.__name__}": one for one in (ferrow.schema.ColumnInfo, ferrow.schema.IndexInfo)} == {
        "RustColumnInfo": ferrow.RustColumnInfo,
        "RustIndexInfo": ferrow.RustIndexInfo,
    }
    assert ferrow.RustConstraintInfo is ferrow.schema.ConstraintInfo
    assert ferrow.RustTableInfo is ferrow.schema.TableInfo


NAMES = {
    "ferrow": (
        "create_engine create_pool create_session session_context ConnectionPool QueryResult AsyncSession Transaction Query Base Mapped mapped_column "
        "ForeignKey JSON SoftDeleteMixin relationship select insert update delete Q selectinload joinedload lazyload noload RustColumnInfo "
        "RustIndexInfo RustConstraintInfo RustTableInfo ManyToManyCollection"
    ),
    "ferrow.orm": "LoadOption",
    "ferrow.errors": "IntegrityError OperationalError NoResultFound MultipleResultsFound",
}
MEMBERS: dict[Any, str] = {
    AsyncEngine: (
        "url is_postgres is_sqlite execute transaction get_tables get_columns get_indexes get_constraints get_table_info close create_all drop_all"
    ),
    ferrow.QueryResult: (
        "all first one one_or_none tuples column columns_as_tuples scalar scalars columns column_names rowcount is_empty to_models to_model"
    ),
    ferrow.AsyncSession: (
        "add add_all delete commit rollback flush begin transaction insert insert_all get get_or_raise update remove remove_all bulk_update soft_delete "
        "restore force_delete upsert upsert_all query execute execute_raw"
    ),
    AsyncSessionTransaction: "add add_all delete",
    ferrow.ManyToManyCollection: "add remove clear",
    ferrow.model.Column: (
        "name python_type primary_key nullable unique index default server_default max_length foreign_key autoincrement is_json sql_type"
    ),
    Base: "to_dict from_dict",
    ferrow.SoftDeleteMixin: "is_deleted mark_deleted mark_restored deleted_at __soft_delete__",
    Q: "to_sql",
}


@pytest.mark.parametrize("module", NAMES)
def test_every_name_of_the_specification_is_there(module: str) -> None:
    found = import_module(module)
    assert [name for name in NAMES[module].split() if not hasattr(found, name)] == []


@pytest.mark.parametrize("cls", MEMBERS, ids=lambda cls: cls.__name__)
def test_every_member_of_the_specification_is_there(cls: type) -> None:
    slots = {name for base in cls.__mro__ for name in getattr(base, "__slots__", ())}
    assert [name for name in MEMBERS[cls].split() if not hasattr(cls, name) and name not in slots] == []


async def test_tables_that_exist(engine: Any, backend: str) -> None:
    assert await maybe(engine.get_tables()) == []
    await maybe(engine.create_all(Shelf, Slot))
    await maybe(engine.execute("CREATE VIEW look AS SELECT id FROM shelves"))
    assert await maybe(engine.get_tables()) == ["shelves", "slots"]

    columns = await maybe(engine.get_columns("shelves"))
    assert [(one.name, one.nullable, one.is_primary_key) for one in columns] == [
        ("id", False, True),
        ("room", False, False),
        ("number", False, False),
        ("note", True, False),
    ]
    assert columns[1].data_type.lower().endswith("(20)")
    assert columns[2].default.strip("()") == "1"
    assert columns[1].default is None
    indexes = await maybe(engine.get_indexes("shelves"))
    assert ("by_room", ["room"], False) in [(one.name, one.columns, one.unique) for one in indexes]
    constraints = await maybe(engine.get_constraints("shelves"))
    told = [(one.constraint_type, one.columns) for one in constraints]
    told += [("UNIQUE", one.columns) for one in indexes if one.unique]  # in MariaDB they are one and the same
    assert sorted(told) == [("CHECK", []), ("PRIMARY KEY", ["id"]), ("UNIQUE", ["room", "number"])]
    assert [one.name for one in constraints if one.constraint_type == "CHECK"] == ["positive"]

    slots = await maybe(engine.get_table_info("slots"))
    assert (slots.name, [one.name for one in slots.columns if one.is_primary_key]) == ("slots", ["shelf_id", "place"])
    (key,) = [one for one in slots.constraints if one.constraint_type == "FOREIGN KEY"]
    assert (key.columns, key.references_table, key.references_column) == (["shelf_id"], "shelves", "id")
    assert slots.columns == await maybe(engine.get_columns("slots"))
    for ask in (engine.get_table_info, engine.get_columns, engine.get_indexes, engine.get_constraints):
        with pytest.raises(ProgrammingError, match=r"there is no table 'slot'\. Did you mean 'slots'"):
            await maybe(ask("slot"))
    await maybe(engine.execute("DROP VIEW look"))


async def test_which_database_it_is(engine: Any, backend: str) -> None:
    told = {"postgresql": engine.is_postgres(), "sqlite": engine.is_sqlite(), "mariadb": engine.is_mysql()}
    assert told == {name: name == backend for name in told}


async def test_a_statement_for_many_rows_in_a_transaction(engine: Any, backend: str) -> None:
    await maybe(engine.create_all(Shelf))
    marks = "$1, $2" if backend == "postgresql" else "?, ?"
    insert = f"INSERT INTO shelves (room, number) VALUES ({marks})"
    async with entered(engine.transaction()) as tx:
        assert await maybe(tx.execute_many(insert, [["a", 1], ["a", 2], ["b", 1]])) == 3
        assert await maybe(tx.execute_many(insert, [])) == 0
    with pytest.raises(UniqueViolation):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute_many(insert, [["c", 1], ["a", 1]]))
    assert (await maybe(engine.execute("SELECT count(*) FROM shelves"))).scalar() == 3


@pytest.mark.only(colour="async")
async def test_a_transaction_may_be_awaited(engine: Any) -> None:
    await engine.create_all(Shelf)
    with pytest.raises(KeyError):
        async with await engine.transaction() as tx:
            await tx.execute("INSERT INTO shelves (room) VALUES ('a')")
            raise KeyError
    async with await engine.transaction() as tx:
        assert tx.is_active()
        assert (await engine.execute("SELECT count(*) FROM shelves")).scalar() == 0


async def test_a_transaction_that_gives_the_session(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Shelf))
    async with entered(session.transaction()) as work:
        work.add(Shelf(room="a", number=1))
        one = await maybe(work.insert(Shelf(room="b", number=1)))
        one.note = "changed"
    assert await maybe(session.query(Shelf).order_by("room").values_list("room", "note")) == [
        ("a", None),
        ("b", "changed"),
    ]
    with pytest.raises(KeyError):
        async with entered(session.transaction()) as work:
            await maybe(work.query(Shelf).delete())
            async with entered(session.transaction()) as inner:
                inner.add(Shelf(room="c", number=1))
            raise KeyError
    assert await maybe(session.query(Shelf).count()) == 2
    with pytest.raises(ferrow.errors.Error, match=r"(?i)read.?only"):
        async with entered(session.transaction(readonly=True)) as work:
            await maybe(work.query(Shelf).delete())


async def test_chains_of_begin(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Shelf))
    gone = await maybe(session.insert(Shelf(room="gone", number=1)))
    async with entered(session.begin()) as tx:
        assert tx.add(Shelf(room="a", number=1)).add_all([Shelf(room="b", number=1)]).delete(gone) is tx
    assert await maybe(session.query(Shelf).order_by("room").values_list("room", flat=True)) == ["a", "b"]


async def test_delete_need_not_be_awaited(session: Any, engine: Any, colour: str) -> None:
    await maybe(engine.create_all(Shelf))
    one, other, third = await maybe(session.insert_all([Shelf(room=room, number=1) for room in "abc"]))
    session.delete(one)
    assert session.deleted == [one]
    await maybe(session.commit())
    async with entered(session.transaction()) as work:
        work.delete(other)
        await maybe(work.delete(third))
        assert work.deleted == [other, third]
    assert await maybe(session.query(Shelf).count()) == 0
    with pytest.raises(ProgrammingError, match="Insert it first"):
        session.delete(Shelf(room="d"))


async def test_a_q_by_itself(session: Any, engine: Any, backend: str) -> None:
    dialect = {"mariadb": "mysql"}.get(backend, backend)
    await maybe(engine.create_all(Shelf))
    await maybe(
        session.insert_all([Shelf(room=room, number=number) for room, number in (("a", 1), ("a", 2), ("b", 3))])
    )
    text, values = (Q(room="a") & ~Q(number=1)).to_sql(Shelf, dialect)
    found = await maybe(engine.query(f"SELECT number FROM shelves WHERE {text}", values))
    assert [row[0] for row in found] == [2]
    text, values = (Q(number=3) | Q(number=1)).to_sql(Shelf, dialect, 1)
    first = "$1" if backend == "postgresql" else "?1"
    sql = f"SELECT number FROM shelves WHERE room <> {first} AND ({text})"
    assert [row[0] for row in await maybe(engine.query(sql, ["a", *values]))] == [3]
    with pytest.raises(UnknownColumn, match="Did you mean 'number'"):
        Q(numbr=1).to_sql(Shelf)
