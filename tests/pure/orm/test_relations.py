"""Relations in conditions and joins: the SQL, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKeyConstraint, Mapped, Q, aliased, mapped_column, relationship
from ferrow.errors import DataError, ModelError, ProgrammingError, UnknownColumn
from ferrow.orm import Session
from tests.pure.orm.recorder import Recorder
from tests.pure.orm.related import authors, books
from tests.support.related import declarative_style as m

__all__ = ["authors", "books"]


def where(query: Any) -> str:
    sql: str = query.to_sql()[0]
    return sql.partition(" WHERE ")[2]


TO_ONE = "EXISTS (SELECT authors.id FROM authors WHERE books.author_id = authors.id AND {})"
TO_MANY = "EXISTS (SELECT books.author_id FROM books WHERE authors.id = books.author_id AND {})"
BY_JUNCTION = "EXISTS (SELECT tags.id FROM book_tags JOIN tags ON tags.id = book_tags.tag_id WHERE books.id = book_tags.book_id AND {})"


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_the_sql_of_keywords(name: str) -> None:
    session = Recorder(name).session
    one, two = ("$1", "$2") if name == "postgresql" else ("?1", "?2")
    books, authors, staff = session.query(m.Book), session.query(m.Author), session.query(m.Employee)

    assert where(books.filter(author__name="x")) == TO_ONE.format(f"authors.name = {one}")
    assert where(authors.filter(books__title="x", books__pages=1)) == TO_MANY.format(
        f"books.title = {one} AND books.pages = {two}"
    )
    assert where(authors.filter(books__title="x").filter(books__pages=1)) == " AND ".join(
        [TO_MANY.format(f"books.title = {one}"), TO_MANY.format(f"books.pages = {two}")]
    )
    assert where(books.filter(tags__name="x")) == BY_JUNCTION.format(f"tags.name = {one}")
    assert where(books.filter(author__name=None)) == "NOT " + TO_ONE.format("authors.name IS NOT NULL")
    assert where(authors.filter(~Q(books__title="x"))) == "NOT " + TO_MANY.format(f"books.title = {one}")
    assert where(books.filter(author=1)) == f"author_id = {one}"
    assert where(books.filter(author=None)) == "author_id IS NULL"
    assert where(staff.filter(reports__reports__name="x")) == (
        "EXISTS (SELECT reports_2.boss_id FROM employees AS reports_2 WHERE employees.id = reports_2.boss_id AND "
        "EXISTS (SELECT reports.boss_id FROM employees AS reports WHERE reports_2.id = reports.boss_id AND "
        f"reports.name = {one}))"
    )
    assert (
        books.order_by("author__name")
        .to_sql()[0]
        .endswith("ORDER BY (SELECT authors.name FROM authors WHERE books.author_id = authors.id)")
    )


def test_one_text_for_all_values(session: Session, recorder: Recorder) -> None:
    books = session.query(m.Book)
    for name in ("Ada", "Bob"):
        books.filter(author__name=name, author__city__name="x").all()
    assert recorder.log[0][0] == recorder.log[1][0]
    assert [params for _, params in recorder.log] == [("Ada", "x"), ("Bob", "x")]


def test_keys_of_several_columns(session: Session) -> None:
    class Seat(Base):
        hall: Mapped[str] = mapped_column(primary_key=True)
        number: Mapped[int] = mapped_column(primary_key=True)
        tickets: Mapped[list[Ticket]] = relationship(back_populates="seat")

    class Ticket(Base):
        __table_args__ = (ForeignKeyConstraint(("hall", "seat_number"), "seats(hall, number)"),)
        id: Mapped[int] = mapped_column(primary_key=True)
        hall: Mapped[str | None]
        seat_number: Mapped[int | None]
        seat: Mapped[Seat] = relationship(back_populates="tickets")

    tickets = session.query(Ticket)
    seat = Seat(hall="A", number=1)
    one = "hall = $1 AND seat_number = $2"
    assert tickets.filter(seat=seat).to_sql()[1] == ("A", 1)
    assert where(tickets.filter(seat=seat)) == where(tickets.filter(seat=("A", 1))) == one
    assert where(tickets.filter(seat={"hall": "A", "number": 1})) == one
    assert where(tickets.filter(seat__ne=seat)) == f"hall IS NOT NULL AND seat_number IS NOT NULL AND NOT ({one})"
    assert where(tickets.filter(seat=None)) == "hall IS NULL OR seat_number IS NULL"
    assert tickets.filter(seat__in=[seat, ("B", 2)]).to_sql()[1] == ("A", 1, "B", 2)
    assert where(session.query(Seat).filter(tickets__id=1)) == (
        "EXISTS (SELECT tickets.hall FROM tickets WHERE seats.hall = tickets.hall AND seats.number = tickets.seat_number "
        "AND tickets.id = $1)"
    )
    with pytest.raises(ProgrammingError, match=r"2 values \(hall, number\), not with 'A'"):
        tickets.filter(seat="A")


@pytest.mark.parametrize(
    ("keyword", "value", "error", "message"),
    [
        ("author__nmae", "x", UnknownColumn, "Author has no column 'nmae'. Did you mean 'name'?"),
        ("autor__name", "x", UnknownColumn, "Book has no column 'autor' (in 'autor__name'). Did you mean 'author'?"),
        ("author__city__nam", "x", UnknownColumn, "City has no column 'nam'. Did you mean 'name'?"),
        ("author__gt", 1, ProgrammingError, "author is a relation, which 'gt' does not compare"),
        ("author__name__gtt", "x", ProgrammingError, "'gtt' is not an operator"),
        ("author__name", 1, DataError, "Author.name takes str, not int 1"),
        ("author", "one", DataError, "Author.id takes int, not str 'one'"),
        (
            "author",
            m.City(id=1, name="x"),
            ProgrammingError,
            "Book.author leads to Author, and is compared with an instance of City",
        ),
        (
            "author",
            m.Author(name="new"),
            ProgrammingError,
            "an instance of Author whose id is None, so it has no row yet",
        ),
        ("author__in", 5, DataError, "author__in takes a list of Authors or of their keys, not 5"),
        ("author__isnull", 1, DataError, "takes True or False"),
        ("tags", (1, 2), ProgrammingError, "1 value (id)"),
    ],
)
def test_keywords_that_mean_nothing(books: Any, keyword: str, value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        books.filter(**{keyword: value})
    assert message in str(caught.value)


def test_mistakes_in_expressions(session: Session, books: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"Book\.author is one object, not a collection: use has"):
        m.Book.author.any()
    with pytest.raises(ProgrammingError, match=r"Author\.books is a collection: use any"):
        m.Author.books.has()
    with pytest.raises(ProgrammingError, match=r"books\.title is a column; any\(\) is for relations"):
        m.Book.title.any()
    with pytest.raises(AttributeError, match=r"a condition on 'title' is Author\.books\.any\(title=\.\.\.\)"):
        m.Author.books.title  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    with pytest.raises(ProgrammingError, match=r"Book\.tags is a collection, so 'tags__name' is not one value"):
        books.order_by("tags__name")
    with pytest.raises(ProgrammingError, match="name a column of it, as author__id"):
        books.values_list("author")
    with pytest.raises(TypeError, match="expected a condition"):
        books.filter(m.Book.author)
    with pytest.raises(UnknownColumn, match="Did you mean 'author'"):
        books.filter_by(autor=1)


def test_aliases(session: Session) -> None:
    boss = aliased(m.Employee, "boss")

    assert session.query(boss).filter(boss.name == "x").to_sql()[0] == (
        "SELECT id, name, boss_id FROM employees AS boss WHERE name = $1"
    )
    assert where(session.query(boss).filter(reports__name="x")) == (
        "EXISTS (SELECT employees.boss_id FROM employees WHERE boss.id = employees.boss_id AND employees.name = $1)"
    )
    books = aliased(m.Author, "books")  # a name that the other rows have inside
    assert where(session.query(books).filter(books__title="x")) == (
        "EXISTS (SELECT books_2.author_id FROM books AS books_2 WHERE books.id = books_2.author_id AND books_2.title = $1)"
    )
    tags = aliased(m.Book, "book_tags")
    assert "tags_book_tags" in where(session.query(tags).filter(tags__name="x"))
    assert repr(boss) == "<aliased Employee as boss>"
    with pytest.raises(AttributeError, match="Did you mean 'name'"):
        boss.nmae  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    with pytest.raises(TypeError, match="make instances of Employee itself"):
        boss(name="x")
    with pytest.raises(ModelError, match="is an alias already"):
        aliased(boss, "other")
    with pytest.raises(ProgrammingError, match="table alias"):
        aliased(m.Employee, 'x"; DROP TABLE users; --\0')


def test_joins_along_relations(session: Session, authors: Any) -> None:
    boss = aliased(m.Employee, "boss")
    staff = session.query(m.Employee)

    assert " FROM authors JOIN books ON authors.id = books.author_id" in authors.join(m.Author.books).to_sql()[0]
    assert " LEFT JOIN books ON " in authors.left_join(m.Author.books).to_sql()[0]
    up = "FROM employees JOIN employees AS boss ON employees.boss_id = boss.id"
    assert up in staff.join(m.Employee.boss.to(boss)).to_sql()[0]
    assert up in staff.join(boss, m.Employee.boss).to_sql()[0]
    tags = "JOIN book_tags ON books.id = book_tags.book_id JOIN tags ON tags.id = book_tags.tag_id"
    assert tags in session.query(m.Book).join(m.Book.tags).to_sql()[0]
    with pytest.raises(
        ProgrammingError, match=r'boss = aliased\(Employee, "boss"\), then join\(Employee\.boss\.to\(boss\)\)'
    ):
        staff.join(m.Employee.boss)
    with pytest.raises(ProgrammingError, match=r"Employee\.boss leads to Employee, not to City"):
        staff.join(m.Employee.boss.to(m.City))
    with pytest.raises(ProgrammingError, match="knows its condition"):
        authors.join(m.Author.books, m.Book.id == 1)
