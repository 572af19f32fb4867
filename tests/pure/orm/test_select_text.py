"""The SQL of statements over models, for each dialect, and what they refuse to be."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, Q, delete, func, insert, mapped_column, optional, select, update
from ferrow.errors import ModelError, NotSupportedError, NoValues, ProgrammingError, UnknownColumn
from ferrow.sql import literal


class Writer(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Book(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str | None] = mapped_column(name="full_text")
    writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))
    editor_id: Mapped[int | None] = mapped_column()


class Loan(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey((Writer, "id")))
    taker_id: Mapped[int] = mapped_column(ForeignKey((Writer, "id")))


COUNT = func.count(Book.id).label("n")
BOOKS = "books.id, books.title, books.full_text, books.writer_id, books.editor_id"

# What stands for a placeholder is {1}, {2}, ...
TEXTS: list[tuple[Any, str, tuple[Any, ...]]] = [
    (select(Book.title), "SELECT title FROM books", ()),
    (select(Book.text), "SELECT books.full_text AS text FROM books", ()),
    (select(Book.title, Book.id).where(Book.id > 3).limit(2), "SELECT title, id FROM books WHERE id > {1} LIMIT {2}", (3, 2)),
    (select(Book, Writer.name).join(Writer), f"SELECT {BOOKS}, writers.name FROM books JOIN writers ON books.writer_id = writers.id", ()),
    (select(Writer.name).join(Book, (Book.writer_id == Writer.id) & (Book.title == "x")), "SELECT writers.name FROM writers JOIN books ON books.writer_id = writers.id AND books.title = {1}", ("x",)),
    (select(Writer.name, optional(Book.title)).left_join(Book), "SELECT writers.name, books.title FROM writers LEFT JOIN books ON books.writer_id = writers.id", ()),
    (select(optional(Writer.name), optional(Book.title)).full_join(Book), "SELECT writers.name, books.title FROM writers FULL JOIN books ON books.writer_id = writers.id", ()),
    (select(Writer.name, Book.title).cross_join(Book), "SELECT writers.name, books.title FROM writers CROSS JOIN books", ()),
    (select(Writer.name, COUNT).join(Book).group_by("name").having(func.count() > 1).order_by("-n"), "SELECT writers.name, count(books.id) AS n FROM writers JOIN books ON books.writer_id = writers.id GROUP BY writers.name HAVING count(*) > {1} ORDER BY n DESC", (1,)),
    (select(func.count()).select_from(Book), "SELECT count(*) FROM books", ()),
    (select(Book.title).filter_by(text="x"), "SELECT title FROM books WHERE full_text = {1}", ("x",)),
    (select(Book.title).distinct().order_by("title", desc=True), "SELECT DISTINCT title FROM books ORDER BY title DESC", ()),
    (select(Book.title).where(Book.writer_id.in_(select(Writer.id).where(Writer.name == "x"))), "SELECT books.title FROM books WHERE books.writer_id IN (SELECT writers.id FROM writers WHERE writers.name = {1})", ("x",)),
    (select(Writer).where(select(Book.id).where(Book.writer_id == Writer.id).exists()), "SELECT writers.id, writers.name FROM writers WHERE EXISTS (SELECT books.id FROM books WHERE books.writer_id = writers.id)", ()),
    (select(Writer.name, select(func.max(Book.id)).where(Book.writer_id == Writer.id).scalar().label("newest")), "SELECT writers.name, (SELECT max(books.id) FROM books WHERE books.writer_id = writers.id) AS newest FROM writers", ()),
    (select(Book.title).union(select(Writer.name)).order_by("title").limit(1), "SELECT books.title FROM books UNION SELECT writers.name FROM writers ORDER BY title LIMIT {1}", (1,)),
    (select(Writer).where(Writer.id == 1).union_all(select(Writer).where(Q(name="x"))), "SELECT id, name FROM writers WHERE id = {1} UNION ALL SELECT id, name FROM writers WHERE name = {2}", (1, "x")),
    (update(Book).join(Writer).where(Writer.name == "x").values(title="y"), "UPDATE books SET title = {1} FROM writers WHERE books.writer_id = writers.id AND writers.name = {2}", ("y", "x")),
    (insert(Writer).from_select(["name"], select(Book.title)), "INSERT INTO writers (name) SELECT books.title FROM books", ()),
    (insert(Writer).values(name="x").on_conflict_do_nothing("name"), "INSERT INTO writers (name) VALUES ({1}) ON CONFLICT (name) DO NOTHING", ("x",)),
    (insert(Writer).values({"id": 1, "name": "x"}, {"id": 2, "name": "y"}).on_conflict_do_update("id"), "INSERT INTO writers (id, name) VALUES ({1}, {2}) ON CONFLICT (id) DO UPDATE SET name = excluded.name", (1, "x")),
    (insert(Writer).values(name="x").on_conflict_do_update("name", {"name": "y"}), "INSERT INTO writers (name) VALUES ({1}) ON CONFLICT (name) DO UPDATE SET name = {2}", ("x", "y")),
]  # fmt: skip


def written(text: str, dialect: str) -> str:
    return text.replace("{", "$" if dialect == "postgresql" else "?").replace("}", "")


@pytest.mark.parametrize(("statement", "text", "values"), TEXTS, ids=[row[1][:70] for row in TEXTS])
def test_texts(statement: Any, text: str, values: Any, dialect: str) -> None:
    sql, params = statement.to_sql(dialect)

    assert sql == written(text, dialect)
    assert params == values
    assert statement.compile(dialect).sql == sql


def test_what_the_dialects_say_differently() -> None:
    latest = select(Book.title).distinct(Book.writer_id).order_by(Book.writer_id)
    assert latest.to_sql()[0] == "SELECT DISTINCT ON (writer_id) title FROM books ORDER BY writer_id"
    locked = select(Book.id).for_update(skip_locked=True)
    assert locked.to_sql()[0] == "SELECT id FROM books FOR UPDATE SKIP LOCKED"
    assert select(Book.id).for_update(of=[Book], read=True).to_sql()[0] == "SELECT id FROM books FOR SHARE OF books"
    assert select(Book.id).for_update().to_sql("sqlite")[0] == "SELECT id FROM books"
    with pytest.raises(NotSupportedError):
        locked.to_sql("sqlite")
    removed = delete(Book).join(Writer).where(Writer.name == "x")
    assert removed.to_sql()[0] == (
        "DELETE FROM books USING writers WHERE books.writer_id = writers.id AND writers.name = $1"
    )
    assert "EXISTS" in removed.to_sql("sqlite")[0]
    with pytest.raises(NotSupportedError, match="'oracle'"):
        removed.to_sql("oracle")


def test_subqueries_and_common_table_expressions() -> None:
    counted = select(Book.writer_id, func.count().label("n")).group_by(Book.writer_id)
    sub = counted.subquery("counted")
    statement = select(Writer.name, sub.c.n).join(sub, sub.c.writer_id == Writer.id).where(sub.c.n > 1)
    assert statement.to_sql()[0] == (
        "SELECT writers.name, counted.n FROM writers JOIN (SELECT books.writer_id, count(*) AS n FROM books "
        "GROUP BY books.writer_id) AS counted ON counted.writer_id = writers.id WHERE counted.n > $1"
    )
    named = counted.cte("counted")
    assert select(named.c.n).select_from(named).to_sql()[0].startswith("WITH counted AS (")
    assert select(named.c.n).order_by(named.c.n.desc()).to_sql()[0].startswith("WITH counted AS (")


def test_one_row_without_a_table() -> None:
    assert select(literal(1)).to_sql() == ("SELECT CAST($1 AS bigint)", (1,))


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: select(), ProgrammingError, "needs something to select"),  # type: ignore[call-overload]
    (lambda: select("title"), ProgrammingError, "not the text 'title'"),  # type: ignore[call-overload]
    (lambda: select(int, Book), ModelError, "int is not a model"),
    (lambda: select(Book.title).join(Book), ProgrammingError, "in this statement already"),
    (lambda: select(Book.title).join(Loan), ProgrammingError, "no foreign key is declared between Book and Loan"),
    (lambda: select(Writer.id).select_from(Writer).join(Loan), ProgrammingError, "2 foreign keys .* Loan.giver_id, Loan.taker_id"),
    (lambda: select(Book.title).join(Writer, True), TypeError, "expected a condition"),
    (lambda: select(Book.title).join("writers"), ProgrammingError, "join() takes a model"),
    (lambda: select(Book.title).where(False), TypeError, "expected a condition"),
    (lambda: select(Book.title).where("1 = 1"), TypeError, "expected a condition"),
    (lambda: select(Book.title).order_by(3), ProgrammingError, "order_by() takes names"),
    (lambda: select(Book.title).order_by("titel"), UnknownColumn, "Did you mean 'title'"),
    (lambda: select(Book, Book.title).order_by("-titel"), UnknownColumn, "Did you mean 'title'"),
    (lambda: select(Book).limit(-1), ValueError, "from 0 on"),
    (lambda: select(Book).limit("3"), TypeError, "whole number"),
    (lambda: select(func.count()).filter_by(title="x"), ProgrammingError, "select_from(Model)"),
    (lambda: select(Book).filter_by(titel="x"), UnknownColumn, "Did you mean 'title'"),
    (lambda: select(Book.title).union(select(Book.id)).to_sql(), ProgrammingError, "UNION"),
    (lambda: select(Book.title).union(select(Writer.name)).order_by("nmae"), UnknownColumn, "title"),
    (lambda: select(func.count()).to_sql(), ProgrammingError, "select_from(Model)"),
    (lambda: select(Book.title, Writer.name).to_sql(), ProgrammingError, "writers"),
    (lambda: optional(int), ModelError, "int is not a model"),
    (lambda: insert(Book).values().to_sql(), NoValues, "No values specified for INSERT"),
    (lambda: insert(Book).to_sql(), ValueError, "No values specified for INSERT"),
    (lambda: update(Book).to_sql(), ValueError, "No values specified for UPDATE"),
    (lambda: insert(Book).returning(Book.id).values(title="x"), AttributeError, "returning() comes last"),
    (lambda: insert(Book).returning("titel"), UnknownColumn, "Did you mean 'title'"),
    (lambda: insert(Writer).values(name="x").from_select(["name"], select(Book.title)).to_sql(), ProgrammingError, "say one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "error", "text"), REFUSED, ids=[f"{n}-{row[2]}" for n, row in enumerate(REFUSED)])
def test_refused(attempt: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        attempt()
    for part in text.split(" .* "):
        assert part in str(caught.value)


def test_every_method_returns_another_statement() -> None:
    base = select(Writer.name, COUNT)
    before = base.select_from(Writer).to_sql
    for change in (
        base.join(Book), base.where(Writer.id == 1), base.group_by(Writer.name), base.having(COUNT > 1),
        base.order_by("name"), base.limit(1), base.offset(1), base.distinct(), base.for_update(),
    ):  # fmt: skip
        assert change is not base
    assert base.where(Writer.id == 1).to_sql is not before
    assert repr(select(Book.title)) == "<RowSelect SELECT title FROM books>"
    assert repr(select(func.count())).startswith("<RowSelect the statement does not say")


def test_in_notebooks() -> None:
    shown = select(Book.title).where(Book.title == "<b>")._repr_html_()
    assert shown == "<pre><code>SELECT title FROM books WHERE title = $1</code></pre><ol><li>&lt;b&gt;</li></ol>"
    assert "say values" in insert(Book)._repr_html_()
