"""Loading relations: the SQL of each way, and options that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import (
    Base,
    ForeignKey,
    Mapped,
    Q,
    joinedload,
    lazyload,
    mapped_column,
    noload,
    raiseload,
    relationship,
    select,
    selectinload,
)
from ferrow.errors import NotLoaded, ProgrammingError, UnknownColumn
from ferrow.orm import Session
from tests.pure.orm.recorder import Recorder, answer
from tests.pure.orm.related import authors
from tests.support.related import declarative_style as m

__all__ = ["authors"]


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
