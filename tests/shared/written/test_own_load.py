"""`user.load("posts")`: an object finds the unit of work it belongs to."""

from __future__ import annotations

import weakref
from contextlib import AsyncExitStack
from types import ModuleType
from typing import Any

import pytest

from ferrow import Session, selectinload
from ferrow.errors import NotLoaded, ProgrammingError, UnknownColumn
from tests.shared.written.conftest import Open
from tests.support import entered, maybe
from tests.support.related import related


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
        author.__ferrow_lines__.clear()
        found = await maybe(read())
        found = found.scalars().all() if hasattr(found, "scalars") else getattr(found, "items", found)
        one = found[0] if isinstance(found, list) else found
        with pytest.raises(NotLoaded, match=r"Author\.books .* which was read at [^ ]+\.py:\d+\.") as caught:
            _ = one.books
        if colour == "sync":
            assert "test_own_load.py:" in str(caught.value)


def reader(place: int, call: str) -> Any:
    """A function whose line `place` of program.py makes a call."""
    space: dict[str, Any] = {"maybe": maybe}
    source = "async def read(session, author):\n" + "    0\n" * (place - 2) + f"    return await maybe({call})"
    exec(compile(source, "program.py", "exec"), space)
    return space["read"]


def read_at(one: Any) -> str:
    with pytest.raises(NotLoaded) as caught:
        _ = one.books
    return str(caught.value).partition(" which was read at ")[2].partition(". Load it")[0]


@pytest.mark.parametrize("within", ["", "block", "begin"])
async def test_of_several_lines_the_right_one_is_named(
    bare: Any, unit: Open, models: ModuleType, colour: str, within: str
) -> None:
    """Of each of few objects; of one of many it is said which lines have read many."""
    author = models.Author
    await maybe(bare.get(author, 1))
    author.__ferrow_lines__.clear()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(unit()) if within == "block" else bare
        if within == "begin":
            await stack.enter_async_context(entered(session.begin()))
        key = {place: place - 1 for place in (2, 3, 4)}
        found = [await reader(place, f"session.get(author, {key[place]})")(session, author) for place in key]
        two = await reader(5, "session.query(author).filter(id__gt=1).order_by('id').all()")(session, author)
        lone = await reader(6, "session.query(author).filter(id=1).first()")(session, author)
        await maybe(session.query(models.Book).all())  # of another model
        if colour == "async":  # there it is the tests' own helper that awaits
            assert {read_at(one).count(".py:") for one in (*found, *two, lone)} == {1}
            return
        if not within:
            assert [read_at(one) for one in (*found, *two, lone)] == [f"program.py:{at}" for at in (2, 3, 4, 5, 5, 6)]
        else:  # a row is one instance there, and the last to read it is named
            assert [read_at(one) for one in found] == [f"program.py:{at}" for at in (6, 5, 5)]


async def test_only_the_last_lines_are_kept(bare: Any, models: ModuleType, colour: str) -> None:
    author = models.Author
    await maybe(bare.insert_all([author(id=number, name="", city_id=None) for number in range(10, 20)]))
    await maybe(bare.get(author, 1))
    author.__ferrow_lines__.clear()
    many = [await reader(place, "session.query(author).order_by('-id').all()")(bare, author) for place in range(2, 7)]
    one = await reader(7, "session.get(author, 1)")(bare, author)
    if colour == "sync":
        assert read_at(one) == "program.py:7"
        assert read_at(many[0][0]) == "program.py:6 or at program.py:5 or at program.py:4"
        kept = [await reader(8, "session.get(author, 2)")(bare, author) for _ in range(70)]
        assert [read_at(each) for each in (kept[0], kept[-1])] == [
            "program.py:8 or at program.py:7 or at program.py:6",
            "program.py:8",
        ]
    assert read_at(many[0][0]).count(" or at ") <= 2


def test_nothing_is_kept_alive_and_frames_are_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from ferrow import create_engine
    from ferrow.orm import sites

    engine = create_engine("sqlite://")
    models = related("declarative")
    engine.create_all(models.City, models.Author)
    session = Session(engine)
    session.insert(models.Author(id=1, name="Ada", city_id=None))
    one = weakref.ref(session.get(models.Author, 1))
    assert one() is None
    walks: list[int] = []
    monkeypatch.setattr(sites, "_here", lambda: walks.append(1) or ("program.py", 1))
    session.query(models.Author).all()
    assert len(walks) == 1
    with session.begin():
        session.query(models.Author).all()
        assert len(walks) == 2
        session.query(models.City).all()
    with Session(engine) as block:
        kept = block.get(models.Author, 1)
        assert len(walks) == 3
        group = block._core._engine.unit.groups[models.Author]
        assert group.instances == {1: kept}
        del kept
        block.query(models.Author).count()
        assert group.instances == {}, "what nobody holds is let go of"
    engine.close()
