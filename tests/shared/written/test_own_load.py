"""`user.load("posts")`: an object finds the unit of work it belongs to."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import NotLoaded, ProgrammingError, UnknownColumn
from tests.shared.written.conftest import Open
from tests.support import maybe


@pytest.fixture
def style() -> str:
    return "declarative"


async def test_in_the_block_of_a_session(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        ada = await maybe(session.get(m.Author, 1))
        assert await maybe(ada.load("books")) is ada
        assert [book.title for book in ada.books] == ["Letters", "Notes"]
        await maybe(ada.load(m.Author.city, "books.tags"))
        assert (ada.city.name, len(ada.books[1].tags)) == ("London", 2)
        await maybe(ada.load(selectinload(m.Author.books).limit(1)))
        assert [book.title for book in ada.books] == ["Letters"]
        await maybe(ada.books[0].load("author"))
        assert ada.books[0].author is ada
        ada.books[0].title = "changed"
        with pytest.raises(UnknownColumn, match="Author has no relation 'boks'"):
            await maybe(ada.load("boks"))
        with pytest.raises(ProgrammingError, match="say which relations"):
            await maybe(ada.load())
        await maybe(session.commit())
        await maybe(ada.load("sent"))  # following goes on
        assert len(ada.sent) == 2
    with pytest.raises(
        ProgrammingError, match=r"load\('city'\) of a Author that belongs to no session.*session\.load\("
    ):
        await maybe(ada.load("city"))


async def test_in_begin(bare: Any, models: ModuleType, colour: str) -> None:
    async def work(tx: Any) -> None:
        book = await maybe(bare.get(models.Book, 1))
        await maybe(book.load("author.city"))
        assert book.author.city.name == "London"
        new = models.Tag(id=50, name="new")
        await maybe(bare.insert(new))
        await maybe(new.load("books"))
        assert new.books == []
        kept.append(book)

    kept: list[Any] = []
    if colour == "async":
        async with bare.begin() as tx:
            await work(tx)
            async with bare.begin():
                pass
            await maybe(kept[0].load("tags"))
    else:
        with bare.begin() as tx:
            await work(tx)
            with bare.begin():
                pass
            await maybe(kept[0].load("tags"))
    assert len(kept[0].tags) == 2
    with pytest.raises(ProgrammingError, match="belongs to no session"):
        await maybe(kept[0].load("tags"))


async def test_outside_of_any_block(bare: Any, models: ModuleType) -> None:
    ada = await maybe(bare.get(models.Author, 1))
    with pytest.raises(ProgrammingError, match=r"load\(Author\.books\).*with Session\(engine\) as session"):
        await maybe(ada.load(models.Author.books))
    with pytest.raises(ProgrammingError, match="belongs to no session"):
        await maybe(models.Author(name="new").load("books"))
    with pytest.raises(NotLoaded, match=r"options\(selectinload.*session\.load\(.*load_for\(.*lazy="):
        _ = ada.books


async def test_not_loaded_names_the_line_that_read_it(bare: Any, unit: Open, models: ModuleType, colour: str) -> None:
    async with unit() as session:
        found = session.query(models.Author).options(selectinload("books")).order_by("id").all()
        found = await maybe(found)
        book = await maybe(session.get(models.Book, 4))
        for one, relation in ((found[0], "city"), (found[0].books[0], "tags"), (book, "author")):
            with pytest.raises(NotLoaded) as caught:
                getattr(one, relation)
            text = str(caught.value)
            assert f"{type(one).__name__}.{relation} is a relation that has not been loaded" in text
            if colour == "sync":  # the other colour is awaited by the tests' own helper
                assert "which was read at" in text
                assert "test_own_load.py:" in text
            for fix in (
                "options(selectinload(" if relation == "tags" else "options(joinedload(",
                "session.load(",
                "lazy=",
            ):
                assert fix in text
    with pytest.raises(NotLoaded, match=r"which was read at .*\.py:"):  # the unit is over
        _ = found[0].city


async def test_not_loaded_names_the_line_outside_of_any_block(bare: Any, models: ModuleType, colour: str) -> None:
    from ferrow import select

    author = models.Author
    reads = [
        lambda: bare.get(author, 1),
        lambda: bare.query(author).order_by("id").all(),
        lambda: bare.query(author).order_by("id").first(),
        lambda: bare.query(author).options(selectinload("city")).order_by("id").all(),
        lambda: bare.query(author).order_by("id").page(1, size=2),
        lambda: bare.execute(select(author).order_by("id")),
    ]
    for read in reads:
        author.__ferrow_lines__._last.clear()
        found = await maybe(read())
        found = found.scalars().all() if hasattr(found, "scalars") else getattr(found, "items", found)
        one = found[0] if isinstance(found, list) else found
        with pytest.raises(NotLoaded, match=r"Author\.books .* which was read at [^ ]+\.py:\d+\.") as caught:
            _ = one.books
        if colour == "sync":
            assert "test_own_load.py:" in str(caught.value)


async def test_only_the_last_lines_are_kept(bare: Any, models: ModuleType, colour: str) -> None:
    ada = await maybe(bare.get(models.Author, 1))
    for place in range(5):  # each on another line
        space: dict[str, Any] = {"maybe": maybe, "bare": bare, "author": models.Author}
        source = "async def read():\n" + "    0\n" * place + "    await maybe(bare.get(author, 1))"
        exec(compile(source, "program.py", "exec"), space)
        await space["read"]()
    with pytest.raises(NotLoaded) as caught:
        _ = ada.books
    text = str(caught.value)
    if colour == "sync":
        assert "read at program.py:6 or at program.py:5 or at program.py:4." in text
    assert text.count(" or at ") <= 2
