"""Hostile text in the places of relations that take a name: refused before anything is sent, or quoted as a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow import aliased, joinedload, selectinload
from ferrow.errors import Error
from ferrow.sql import dialect
from tests.pure.orm.recorder import Recorder
from tests.support.related import declarative_style as m

HOSTILE = [
    "1=1 OR id", "books; DROP TABLE books; --", "name' OR '1'='1", 'id"; DELETE FROM books; --', "books)--", "*", "''", '""', "%s", "$1",
    "?", "books\0", "a" * 100, "name) UNION SELECT secret FROM canary --", "author__name; --", "__class__", "__init__", "books__", "\\", "\u202e",
]  # fmt: skip

texts = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=30)


@given(text=texts)
def test_names_of_relations_and_what_is_beyond_them(text: str) -> None:
    recorder = Recorder()
    authors, books = recorder.session.query(m.Author), recorder.session.query(m.Book)
    known = {
        "id",
        "title",
        "pages",
        "author_id",
        "author",
        "tags",
        "categories",
        "name",
        "in",
        "ne",
        "eq",
        "notin",
        "isnull",
    }
    if text.partition("__")[0] in known | {"isnotnull"}:
        return
    for refused in (
        lambda: authors.filter(**{f"books__{text}": 1}),
        lambda: books.order_by(f"author__{text}"),
        lambda: authors.options(selectinload(text)),
        lambda: authors.options(selectinload(f"books.{text}")),
        lambda: authors.options(joinedload("books").joinedload(text)),
        lambda: m.Author.books.any(**{text: 1}),
    ):
        with pytest.raises(Error):
            refused()
    assert recorder.log == []


@given(text=texts)
def test_an_alias_is_a_name_and_nothing_else(text: str) -> None:
    try:
        alias = aliased(m.Author, text)
        sql = Recorder().session.query(alias).filter(books__title="x").to_sql()[0]
    except Error:
        return
    name = dialect.POSTGRESQL.quote(text)
    assert sql == (
        f"SELECT {name}.id, {name}.name, {name}.city_id FROM authors AS {name} WHERE EXISTS "
        f"(SELECT books.author_id FROM books WHERE {name}.id = books.author_id AND books.title = $1)"
    )
