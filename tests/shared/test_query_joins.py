"""Joins, locks, the first of each: queries beside which other rows stand."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Session, create_engine, func
from ferrow.errors import NotSupportedError, OperationalError, ProgrammingError
from ferrow.model import table_of
from ferrow.sql import Select
from tests.support import entered, maybe

# name, titles
PEOPLE = [("Ada", ["Notes", "Engine"]), ("Alan", ["Machines"]), ("Grace", [])]


@pytest.fixture
def query(session: Any, models: ModuleType, runner: Any) -> Any:
    async def fill() -> None:
        for number, (name, titles) in enumerate(PEOPLE):
            user = await maybe(session.insert(models.User(name=name, email=f"{number}", age=number)))
            await maybe(session.insert_all([models.Post(title=title, author_id=user.id) for title in titles]))

    runner.run(fill())
    return session.query(models.User)


@pytest.fixture
def title(models: ModuleType) -> Any:
    return table_of(models.Post).column("title").ref


async def names(query: Any) -> list[str]:
    return [user.name for user in await maybe(query.order_by("id").all())]


async def test_join_by_the_foreign_key(query: Any, models: ModuleType, title: Any) -> None:
    joined = query.join(models.Post)
    assert await names(joined) == ["Ada", "Ada", "Alan"]
    assert await names(joined.distinct()) == ["Ada", "Alan"]
    assert await names(joined.filter(title == "Engine")) == ["Ada"]
    assert await maybe(joined.count()) == 3
    assert await maybe(joined.distinct().count()) == 2
    assert await maybe(joined.limit(2).count()) == 2
    assert await maybe(joined.filter(title.startswith("M")).exists()) is True
    assert await maybe(joined.sum("age")) == 1
    assert await maybe(joined.order_by("id", title).values_list("name", title)) == [
        ("Ada", "Engine"),
        ("Ada", "Notes"),
        ("Alan", "Machines"),
    ]


async def test_left_join_and_groups(query: Any, models: ModuleType) -> None:
    post = table_of(models.Post).column("id").ref
    joined = query.left_join(
        models.Post, table_of(models.Post).column("author_id").ref == table_of(models.User).column("id").ref
    )
    assert await maybe(joined.order_by("name").values("name", posts=func.count(post))) == [
        {"name": "Ada", "posts": 2},
        {"name": "Alan", "posts": 1},
        {"name": "Grace", "posts": 0},
    ]
    many = joined.annotate(posts=func.count(post)).group_by("id").filter(posts__gt=0).order_by("-posts")
    assert [user.name for user in await maybe(many.all())] == ["Ada", "Alan"]
    assert (await maybe(many.first())).name == "Ada"
    assert await maybe(many.count()) == 2


async def test_join_with_a_subquery(query: Any, models: ModuleType) -> None:
    posts = table_of(models.Post)
    author = posts.column("author_id").ref
    counted = Select([author, func.count().label("n")], posts.ref).group_by(author).subquery("counted")
    joined = query.join(counted, counted.c.author_id == table_of(models.User).column("id").ref)
    assert await names(joined.filter(counted.c.n > 1)) == ["Ada"]
    with pytest.raises(ProgrammingError, match="needs a condition"):
        query.join(counted)


async def test_pages_and_slices_of_joined_rows(query: Any, models: ModuleType) -> None:
    joined = query.join(models.Post).distinct().order_by("-name")
    page = await maybe(joined.page(1, size=1))
    assert ([user.name for user in page], page.total) == (["Alan"], 2)
    first = await maybe(joined.after(size=1))
    second = await maybe(joined.after(first.next, size=1))
    assert [user.name for user in (*first, *second)] == ["Alan", "Ada"]
    assert second.next is None


async def test_change_what_is_joined(query: Any, models: ModuleType, title: Any) -> None:
    machines = query.join(models.Post).filter(title == "Machines")
    assert await maybe(machines.update(age=99)) == 1
    assert await maybe(query.filter(age=99).values_list("name", flat=True)) == ["Alan"]


async def test_the_first_of_each(query: Any, session: Any, models: ModuleType) -> None:
    latest = session.query(models.Post).distinct("author_id").order_by("author_id", "-id")
    assert [post.title for post in await maybe(latest.all())] == ["Engine", "Machines"]
    assert await maybe(latest.values_list("title", flat=True)) == ["Engine", "Machines"]
    assert await maybe(latest.count()) == 2
    with pytest.raises(ProgrammingError, match="begins with the same expressions"):
        await maybe(session.query(models.Post).distinct("author_id").order_by("-id").all())


async def test_lock_rows(query: Any, session: Any, models: ModuleType, backend: str) -> None:
    async with entered(session.begin()):
        assert await names(query.filter(name="Ada").for_update()) == ["Ada"]
        alan = query.join(models.Post).filter(name="Alan").for_update(of=[models.User], read=True)
        if backend == "mariadb":
            with pytest.raises(NotSupportedError, match="FOR UPDATE OF"):
                await names(alan)
        else:
            assert await names(alan) == ["Alan"]
        if backend == "sqlite":
            for options in ({"nowait": True}, {"skip_locked": True}):
                with pytest.raises(NotSupportedError, match="SQLite locks the whole database"):
                    await maybe(query.for_update(**options).all())


@pytest.mark.only(backend=("postgresql", "mariadb"))  # SQLite locks no rows
async def test_locked_rows_are_left_out_or_refused(
    query: Any, url: str, backend: str, colour: str, models: ModuleType
) -> None:
    made = create_engine(url)  # for a second transaction at the same time
    other: Any = await made if colour == "async" else made
    elsewhere: Any = AsyncSession(other) if colour == "async" else Session(other)
    try:
        # Stricter than this MariaDB locks all rows it has looked at.
        async with entered(elsewhere.begin(isolation="read committed")):
            assert await names(elsewhere.query(models.User).filter(name="Ada").for_update()) == ["Ada"]
            assert await names(query.for_update(skip_locked=True)) == ["Alan", "Grace"]
            with pytest.raises(OperationalError) as caught:
                await maybe(query.for_update(nowait=True).all())
            assert caught.value.sqlstate == "55P03"
    finally:
        await maybe(other.close())


REFUSED: list[tuple[Any, str]] = [
    (lambda q, m: q.join(m.Sample), "no foreign key is declared between User and Sample"),
    (lambda q, m: q.join(m.User), "User is in this statement already"),
    (lambda q, m: q.join(m.Post).join(m.Post), "Post is in this statement already"),
    (lambda q, m: q.join("posts"), "join() takes a model, or a relation or its name, and User has no relation 'posts'"),
    (lambda q, m: q.filter(table_of(m.Post).column("title").ref == "x").all(), "the column 'title' belongs to 'posts'"),
    (lambda q, m: q.join(m.Post).after(), "needs distinct()"),
    (lambda q, m: q.for_update(of=[m.Post]).all(), "cannot be locked"),
    (lambda q, m: q.group_by("name").for_update().values(), "locks rows of tables"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
async def test_refused(query: Any, models: ModuleType, number: int, backend: str) -> None:
    ask, text = REFUSED[number]
    with pytest.raises(Exception) as caught:  # noqa: PT011  # each case says what of
        await maybe(ask(query, models))
    assert text in str(caught.value)
    assert getattr(caught.value, "sqlstate", None) is None
