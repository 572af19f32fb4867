"""Relations in queries: the SQL, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import (
    Base,
    ForeignKey,
    ForeignKeyConstraint,
    Mapped,
    Q,
    aliased,
    joinedload,
    lazyload,
    mapped_column,
    noload,
    raiseload,
    relationship,
    select,
    selectinload,
)
from ferrow.errors import DataError, ModelError, NotLoaded, ProgrammingError, UnknownColumn
from ferrow.orm import Session
from tests.pure.orm.recorder import Recorder, answer
from tests.support.related import declarative_style as m


def where(query: Any) -> str:
    sql: str = query.to_sql()[0]
    return sql.partition(" WHERE ")[2]


@pytest.fixture
def books(session: Session) -> Any:
    return session.query(m.Book)


@pytest.fixture
def authors(session: Session) -> Any:
    return session.query(m.Author)


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
    assert where(tickets.filter(seat__ne=seat)) == f"NOT ({one})"
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


@pytest.mark.parametrize(
    ("option", "error", "message"),
    [
        (lambda: selectinload("bokks"), UnknownColumn, "Author has no relation 'bokks'. Did you mean 'books'?"),
        (lambda: selectinload("books.tagz"), UnknownColumn, "Book has no relation 'tagz'. Did you mean 'tags'?"),
        (lambda: selectinload("name"), ProgrammingError, "Author.name is a column, not a relation"),
        (lambda: selectinload(m.Book.tags), ProgrammingError, "Book.tags is not a relation of Author"),
        (lambda: selectinload(m.Author.books).joinedload("pages"), ProgrammingError, "Book.pages is a column"),
        (lambda: noload("books.tags"), ProgrammingError, "goes through Author.books, which is not loaded"),
        (lambda: "books", ProgrammingError, "options() takes load options such as selectinload('posts'), not 'books'"),
    ],
)
def test_options_that_mean_nothing(authors: Any, option: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        authors.options(option())
    assert message in str(caught.value)


@pytest.mark.parametrize("make", [selectinload, joinedload, noload, raiseload, lazyload])
def test_options_without_a_path(make: Any) -> None:
    for path in ((), ("",), ("a..b",), (5,), (m.Book.title,)):
        with pytest.raises(ProgrammingError):
            make(*path)
    assert repr(make("books.tags")) == f"<{make.__name__} books.tags>"


def test_nothing_follows_what_loads_nothing() -> None:
    with pytest.raises(ProgrammingError, match="<noload books> loads nothing"):
        noload("books").selectinload("tags")


def test_the_sql_of_loading(session: Session, recorder: Recorder) -> None:
    recorder.answers(
        answer(m.Author(id=7, name="Ada")), answer(m.Book(id=1, title="x", pages=1, author_id=7)), answer()
    )
    session.query(m.Author).options(selectinload("books.tags")).all()

    assert list(recorder.log[1:]) == [
        (
            "SELECT id, title, pages, author_id FROM books WHERE author_id = ANY($1) ORDER BY pages DESC, id",
            ([7],),
        ),
        (
            "SELECT book_tags.book_id, tags.id, tags.name FROM book_tags JOIN tags ON tags.id = book_tags.tag_id "
            "WHERE book_tags.book_id = ANY($1) ORDER BY tags.id",
            ([1],),
        ),
    ]


def test_the_sql_of_a_joined_object(session: Session, recorder: Recorder) -> None:
    session.query(m.Book).options(joinedload("author")).filter(id=1).limit(2).all()

    assert recorder.log == [
        (
            "SELECT books.id, books.title, books.pages, books.author_id, author.id, author.name, author.city_id FROM books "
            "LEFT JOIN authors AS author ON books.author_id = author.id WHERE books.id = $1 LIMIT $2",
            (1, 2),
        )
    ]


def test_relations_that_are_always_loaded(session: Session, recorder: Recorder) -> None:
    class Shelf(Base):
        __tablename__ = "shelves"
        id: Mapped[int] = mapped_column(primary_key=True)
        volumes: Mapped[set[Volume]] = relationship(back_populates="shelf", lazy="selectin")
        nothing: Mapped[list[Volume]] = relationship(lazy="noload")
        refused: Mapped[list[Volume]] = relationship(lazy="raise")

    class Volume(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))
        shelf: Mapped[Shelf] = relationship(back_populates="volumes", lazy="joined")

    volume = Volume(id=1, shelf_id=5)
    recorder.answers(answer(Shelf(id=5)), answer(volume))
    shelf = session.query(Shelf).one()
    assert shelf.volumes == {volume}
    assert shelf.nothing == []
    with pytest.raises(NotLoaded, match=r"Shelf\.refused"):
        _ = shelf.refused
    with pytest.raises(NotLoaded, match=r"Volume\.shelf"):  # not back again
        _ = volume.shelf

    recorder.answers(answer(Shelf(id=5)), answer(volume))
    found = session.get(Shelf, 5)
    assert found is not None
    assert found.volumes == {volume}

    recorder.answers(answer(Shelf(id=6)))
    alone = session.query(Shelf).options(raiseload("volumes")).one()
    with pytest.raises(NotLoaded):
        _ = alone.volumes


def test_select_takes_relations_too() -> None:
    assert "EXISTS" in select(m.Book).where(m.Book.author.has(name="x")).to_sql("sqlite")[0]
    assert "EXISTS" in select(m.Book).where(Q(author__name="x")).to_sql("postgresql")[0]
