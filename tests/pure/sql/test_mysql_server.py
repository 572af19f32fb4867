"""What MySQL's own server is told instead of what MariaDB is."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import NotSupportedError
from ferrow.model import table_of
from ferrow.sql import Delete, Insert, Select, TableRef, Update, compile, func
from ferrow.sql.column import ColumnRef
from ferrow.sql.dialect import MYSQL, MYSQL_SERVER
from ferrow.types import Integer, PlainJson, Text
from ferrow.wording import Steps, Wording


class Drawer(Base):
    __tablename__ = "mysql_drawers"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    depth: Mapped[int]


class Coded(Base):
    __tablename__ = "mysql_coded"
    code: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(server_default="3")


def refs(model: type) -> tuple[Any, ...]:
    return tuple(column.ref for column in table_of(model).columns)


TABLE = table_of(Drawer).ref
ID, LABEL, SIZE, DEPTH = refs(Drawer)


def steps(statement: Any) -> Steps:
    sql = compile(statement, MYSQL).sql
    assert isinstance(sql, Wording)
    assert "LAST_INSERT_ID" not in sql  # MariaDB's
    return sql.steps


def test_a_select_is_one_statement() -> None:
    assert steps(Select([ID], TABLE, LABEL == "a")) == Steps("SELECT id FROM mysql_drawers WHERE label = ?1")


def test_a_generated_key_is_asked_for() -> None:
    assert steps(Insert(TABLE, [LABEL, SIZE], None, [ID, DEPTH])) == Steps(
        "INSERT INTO mysql_drawers (label, size) VALUES (?1, ?2)",
        after=("SELECT id, depth FROM mysql_drawers WHERE id = LAST_INSERT_ID()",),
    )


def test_keys_of_several_rows_are_one_after_the_other() -> None:
    rows = Insert.of_rows(TABLE, [LABEL], [["a"], ["b"], ["c"]], [ID])
    assert steps(rows).after == (
        "SELECT id FROM mysql_drawers WHERE id IN (LAST_INSERT_ID(), LAST_INSERT_ID() + 1 * @@auto_increment_increment, "
        "LAST_INSERT_ID() + 2 * @@auto_increment_increment) ORDER BY id",
    )


def test_a_key_that_is_given_finds_its_row() -> None:
    code, size = refs(Coded)
    assert steps(Insert(table_of(Coded).ref, [code], None, [size])).after == (
        "SELECT size FROM mysql_coded WHERE code = ?1",
    )


def test_models_of_one_table_each_know_their_own_key() -> None:
    class Numbered(Base):
        __tablename__ = "mysql_twice"
        id: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str]

    class Named(Base):
        __tablename__ = "mysql_twice"
        code: Mapped[str] = mapped_column(primary_key=True)
        size: Mapped[int] = mapped_column(server_default="3")

    id_, code = refs(Numbered)
    mine, size = refs(Named)  # this one's reference is the younger
    for _ in range(2):
        assert steps(Insert(table_of(Numbered).ref, [code], None, [id_])).after == (
            "SELECT id FROM mysql_twice WHERE id = LAST_INSERT_ID()",
        )
        assert steps(Insert(table_of(Named).ref, [mine], None, [size])).after == (
            "SELECT size FROM mysql_twice WHERE code = ?1",
        )
    mixed = Insert(table_of(Numbered).ref, [mine], None, [size])  # columns of the one, the table of the other
    assert steps(mixed).after == ("SELECT size FROM mysql_twice WHERE id = LAST_INSERT_ID()",)
    with pytest.raises(NotSupportedError, match="a row whose key is not given of 'mysql_twice' cannot be read again"):
        steps(Insert(TableRef("mysql_twice"), [mine], None, [size]))


def test_an_upsert_finds_the_row_that_was_there() -> None:
    insert = Insert(TABLE, [LABEL, SIZE], None, [ID])
    sent = steps(insert.on_conflict_do_update(LABEL, [SIZE]))
    assert sent.sql.endswith(", id = LAST_INSERT_ID(id)")
    assert "ON DUPLICATE KEY UPDATE" in sent.sql
    assert sent.after[0].endswith("WHERE id = LAST_INSERT_ID() FOR UPDATE")


def test_rows_are_read_before_they_go() -> None:
    assert steps(Delete(TABLE, SIZE > 3, [ID])) == Steps(
        "DELETE FROM mysql_drawers WHERE size > ?1",
        before=("SELECT id FROM mysql_drawers WHERE size > ?1 FOR UPDATE",),
    )
    assert steps(Delete(TABLE, SIZE > 3)).texts == ("DELETE FROM mysql_drawers WHERE size > ?1",)


def test_what_reads_a_column_stands_before_what_sets_it() -> None:
    update = Update(TABLE, [(SIZE, 1), (DEPTH, SIZE + 1)], ID == 1)
    assert steps(update).sql == "UPDATE mysql_drawers SET depth = size + ?2, size = ?1 WHERE id = ?3"


def test_a_swap_has_no_such_order() -> None:
    with pytest.raises(NotSupportedError, match="MySQL sets one column after the other, so size, depth cannot take"):
        steps(Update(TABLE, [(SIZE, DEPTH), (DEPTH, SIZE)], ID == 1))


def test_rows_that_cannot_be_found_again_are_refused() -> None:
    foreign = TableRef("mysql_foreign")
    name, number = ColumnRef(foreign, "name", Text()), ColumnRef(foreign, "number", Integer())
    with pytest.raises(NotSupportedError, match="a row whose key is not given of 'mysql_foreign' cannot be read again"):
        steps(Insert(foreign, [name], ["a"], [number]))
    with pytest.raises(NotSupportedError, match="a row of a query of 'mysql_drawers' cannot be read again"):
        steps(Insert.from_query(TABLE, [LABEL], Select([LABEL], TABLE), [ID]))


def test_documents_are_compared_in_the_order_in_which_they_are_sorted() -> None:
    compared = MYSQL_SERVER.sortable(PlainJson(), PlainJson(), leaf=True)
    assert compared is not None
    assert compared.format("meta") == MYSQL_SERVER.json.order("CAST(meta AS json)")


def test_there_is_one_engine_dialect() -> None:
    assert MYSQL.other is MYSQL_SERVER
    assert MYSQL_SERVER.other is None
    assert MYSQL_SERVER.name == MYSQL.name


def test_subqueries_of_the_changed_table_are_put_aside() -> None:
    largest = Select([func.max(SIZE)], TABLE)
    aside = "SELECT * FROM (SELECT max(size) FROM mysql_drawers) AS apart"
    chosen = Select([ID], TABLE, SIZE > 3)
    rows = "SELECT * FROM (SELECT id FROM mysql_drawers WHERE size > ?1) AS apart"
    other = Select([ColumnRef(TableRef("others"), "id", Integer())], TableRef("others"))
    for statement, sql in (
        (Update(TABLE, [(DEPTH, largest.scalar())]), f"UPDATE mysql_drawers SET depth = ({aside})"),
        (Delete(TABLE, ID.in_(chosen)), f"DELETE FROM mysql_drawers WHERE id IN ({rows})"),
        (
            Delete(TABLE, ID.in_(other)),
            "DELETE FROM mysql_drawers WHERE mysql_drawers.id IN (SELECT others.id FROM others)",
        ),
        (Insert(TABLE, [SIZE], [largest.scalar()]), f"INSERT INTO mysql_drawers (size) VALUES (({aside}))"),
    ):
        assert steps(statement).sql == sql
