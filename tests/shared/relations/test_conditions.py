"""`any`, `has`, comparisons, aliases and joins, on real rows."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import aliased, select
from ferrow.errors import ProgrammingError, UnknownColumn
from ferrow.model import table_of
from ferrow.model.relation_ref import RelationRef
from ferrow.orm.relation_joining import relation_join
from ferrow.sql import Select
from tests.support import maybe


def ref(model: type, key: str) -> Any:
    """`User.posts`, in every style."""
    table = table_of(model)
    return RelationRef(table.relations[key], table.ref)


def column(model: type, key: str) -> Any:
    return table_of(model).column(key).ref


async def ids(query: Any) -> list[int]:
    return [one.id for one in await maybe(query.order_by("id").all())]


async def test_any_and_has(session: Any, models: ModuleType) -> None:
    m = models
    authors, books, employees = session.query(m.Author), session.query(m.Book), session.query(m.Employee)
    title, city = column(m.Book, "title"), column(m.City, "name")

    assert await ids(authors.filter(ref(m.Author, "books").any())) == [1, 2]
    assert await ids(authors.filter(ref(m.Author, "books").any(title == "Notes"))) == [1]
    assert await ids(authors.filter(ref(m.Author, "books").any(title == "Notes", pages__gt=100))) == []
    assert await ids(authors.filter(~ref(m.Author, "books").any(tags__name="math"))) == [2, 3]
    assert await ids(books.filter(ref(m.Book, "author").has(name="Ada"))) == [1, 2]
    assert await ids(books.filter(ref(m.Book, "author").has(ref(m.Author, "city").has(city == "Paris")))) == [3]
    assert await ids(books.filter(ref(m.Book, "author").has())) == [1, 2, 3]
    # Inside, the columns are those of the other rows, also where it is the same table.
    name, inner = column(m.Employee, "name"), ref(m.Employee, "reports")
    assert await ids(employees.filter(inner.any(name == "Leaf"))) == [2]
    assert await ids(employees.filter(inner.any(inner.any(name == "Leaf")))) == [1]
    assert await ids(employees.filter(inner.any(inner.any(name == "Leaf") & (name == "Mid")))) == [1]


async def test_comparing_with_instances(session: Any, models: ModuleType) -> None:
    m = models
    ada = await maybe(session.get(m.Author, 1))
    author, profile = ref(m.Book, "author"), ref(m.Author, "profile")
    books, authors = session.query(m.Book), session.query(m.Author)

    assert await ids(books.filter(author == ada)) == [1, 2]
    assert await ids(books.filter(author != ada)) == [3]
    assert await ids(books.filter(author == None)) == [4]  # noqa: E711
    assert await ids(books.filter(author.is_not_null())) == [1, 2, 3]
    assert await ids(books.filter(author.in_([ada, 2]))) == [1, 2, 3]
    assert await ids(books.filter(author.not_in([ada, None]))) == [3]
    assert await ids(authors.filter(profile == 1)) == [1]
    assert await ids(authors.filter(profile.is_(None))) == [2, 3]
    assert await ids(authors.filter(ref(m.Author, "books") == 3)) == [2]


async def test_aliases_are_models(session: Any, models: ModuleType) -> None:
    boss: Any = aliased(models.Employee, "boss")

    found = await maybe(session.query(boss).filter(boss.name == "Mid").all())

    assert [type(one) for one in found] == [models.Employee]
    assert [one.name for one in found] == ["Mid"]
    assert await ids(session.query(boss).filter(boss.reports.any(name="Leaf"))) == [2]
    assert await ids(session.query(boss).filter(boss__name="Root")) == [2]
    assert await ids(session.query(boss).filter(boss.boss == found[0])) == [3, 4]


async def rows(session: Any, query: Select) -> list[tuple[Any, ...]]:
    from ferrow._core import Shape
    from ferrow.sql import compile, dialect

    core = getattr(session, "_core", session)
    compiled = compile(query, dialect.ALL[core._dialect.name])
    engine = core._engine
    found = engine.run(compiled.sql, query.values, Shape.tuples(compiled.result_kinds), compiled.kinds)
    return list((await found).rows)


async def test_joins(session: Any, models: ModuleType) -> None:
    m = models
    author, title = column(m.Author, "name"), column(m.Book, "title")
    authors, books = table_of(m.Author).ref, table_of(m.Book).ref
    boss: Any = aliased(m.Employee, "boss")
    tags = Select([title, column(m.Tag, "name")], books).joined(*relation_join(ref(m.Book, "tags")))
    employees = Select([column(m.Employee, "name"), boss.name], table_of(m.Employee).ref)

    joined = Select([author, title], authors).joined(*relation_join(ref(m.Author, "books")))
    left = Select([author, title], authors).joined(*relation_join(ref(m.Author, "books"), left=True))
    up = employees.joined(*relation_join(ref(m.Employee, "boss").to(boss), left=True))

    assert sorted(await rows(session, joined)) == [("Ada", "Letters"), ("Ada", "Notes"), ("Bob", "Cooking")]
    assert ("Cy", None) in await rows(session, left)
    assert sorted(await rows(session, tags)) == [("Letters", "old"), ("Notes", "math"), ("Notes", "old")]
    assert dict(await rows(session, up)) == {"Root": None, "Mid": "Root", "Leaf": "Mid", "Twig": "Mid"}


async def test_joins_by_the_name_of_a_relation(session: Any, models: ModuleType) -> None:
    books, authors = session.query(models.Book), session.query(models.Author)
    name, title = column(models.Tag, "name"), column(models.Book, "title")
    assert sorted(await maybe(books.join("tags").values_list("title", name))) == [
        ("Letters", "old"),
        ("Notes", "math"),
        ("Notes", "old"),
    ]
    assert ("Cy", None) in await maybe(authors.left_join("books").values_list("name", title))
    statement: Any = select(models.Book)
    with pytest.raises(UnknownColumn, match=r"^join\(\) takes .* Book has no relation 'tag'\. Did you mean 'tags'\?"):
        books.join("tag")
    with pytest.raises(ProgrammingError, match=r"join\(Tag, on\); or along a relation: join\(Book\.tags\)$"):
        books.join(models.Tag)
    with pytest.raises(ProgrammingError, match=r"not the name 'tags'; along a relation: columns\(Model\)\['tags'\]$"):
        statement.join("tags")


async def test_the_class_has_the_relation_once_it_is_a_model(session: Any, models: ModuleType, style: str) -> None:
    books: Any = models.Author.books
    assert await ids(session.query(models.Author).filter(books.any(title="Notes"))) == [1]
    if style == "declarative":
        with pytest.raises(TypeError, match="no truth value"):
            bool(books)
