"""Registered models, and tables that are made when they are needed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import ferrow.repository.registry as registry
from ferrow.errors import NotSupportedError, ProgrammingError
from tests.support import entered, maybe
from tests.support.repository_models import Author, Person, Post


@pytest.fixture
def ensured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that were seen to, in order."""
    seen: list[str] = []
    ensure = registry.ensure

    async def counting(engine: Any, table: Any, **options: Any) -> Any:
        seen.append(table.name)
        return await ensure(engine, table, **options)

    monkeypatch.setattr(registry, "ensure", counting)
    return seen


async def test_tables_are_made_once_for_all_repositories_of_a_database(bare: Any, ensured: list[str]) -> None:
    repo = bare.repo(Person, auto_schema=True)
    assert not repo.is_registered()
    await maybe(repo.insert(Person(email="a")))
    assert repo.is_registered()
    await maybe(repo.list())
    assert await maybe(bare.repo(Person, auto_schema=True).count()) == 1
    assert await maybe(bare.Hub(bare.source, auto_schema=True).count(Person)) == 1
    assert ensured == ["person"]


async def test_registering(bare: Any, ensured: list[str]) -> None:
    repo = bare.repo(Person)
    await maybe(repo.register())
    assert (repo.is_registered(), ensured) == (True, [])
    await maybe(repo.register(ensure=True))
    await maybe(repo.register_many(ensure=True))
    assert ensured == ["person"]
    assert await maybe(repo.count()) == 0
    eager = bare.repo(Author, auto_schema=True)
    await maybe(eager.register())
    assert ensured == ["person", "author"]
    left = bare.repo(Post, auto_schema=True)
    await maybe(left.register(ensure=False))
    with pytest.raises(ProgrammingError):  # nobody makes the table any more
        await maybe(left.count())
    assert ensured == ["person", "author"]


async def test_tasks_that_begin_together(url: str) -> None:
    from ferrow import create_engine
    from ferrow.repository import AsyncRepository

    engine = await create_engine(url)
    repo = AsyncRepository(engine, Person, auto_schema=True)
    await asyncio.gather(*[repo.insert(Person(email=str(number))) for number in range(6)])
    assert await repo.count() == 6
    await engine.close()


async def test_strict_repositories(kit: Any) -> None:
    repo = kit.repo(Person, require_registration=True)
    calls = (
        lambda: repo.insert(Person()),
        lambda: repo.insert_many([Person()]),
        lambda: repo.update(Person(id=1)),
        lambda: repo.delete(Person(id=1)),
        lambda: repo.get(1),
        lambda: repo.list(),
        lambda: repo.count(),
        lambda: repo.exists(),
        lambda: repo.update_where({"age": 1}, where=[]),
        lambda: repo.delete_where(where=[]),
        lambda: repo.get_or_create(lookup={"email": "x"}),
        lambda: repo.create(Person()),
        lambda: repo.get_related(1, include=[]),
        lambda: repo.list_related(include=[]),
    )
    for call in calls:
        with pytest.raises(
            ValueError, match=r"Model Person is not registered. Call register\(\) before performing actions."
        ):
            await maybe(call())
    await maybe(repo.register())
    assert await maybe(repo.count()) == 0


async def test_a_session_makes_tables_in_its_transaction(bare: Any, backend: str) -> None:
    """Defect 3: the first use of another model committed what the session had done so far."""
    if backend == "mariadb":
        session = bare.Session(bare.source, auto_schema=True)
        with pytest.raises(NotSupportedError):  # CREATE TABLE would commit what the session has done so far
            async with entered(session):
                await maybe(session.insert(Person(email="a")))
        assert await maybe(session.count(Person)) == 0
        return
    session = bare.Session(bare.source, auto_schema=True)
    with pytest.raises(ZeroDivisionError):
        async with entered(session):
            await maybe(session.insert(Person(email="a")))
            await maybe(session.insert(Author(name="b")))  # the first use of another model commits nothing
            raise ZeroDivisionError
    # Neither table is there now, so both are made again.
    assert (await maybe(session.count(Person)), await maybe(session.count(Author))) == (0, 0)
    async with entered(session.begin()):
        await maybe(session.create(Author(), relations={"posts": [Post()]}))
        assert await maybe(session.count(Post)) == 1
    assert await maybe(bare.repo(Post).count()) == 1


async def test_tables_of_related_models_are_made_before(bare: Any, ensured: list[str]) -> None:
    """Defect 3: in the transaction of `create` they would end it on MariaDB."""
    authors = bare.repo(Author, auto_schema=True)
    author = await maybe(authors.create(Author(), relations={"posts": [Post(), Post()]}))
    assert ensured == ["author", "post"]
    found = await maybe(authors.get_related(author.id, include="posts"))
    assert len(found.relations["posts"]) == 2
    assert ensured == ["author", "post"]


@pytest.mark.parametrize("through", ["repo", "hub", "session"])
async def test_a_table_that_is_another_one_is_an_error_or_made_anew(bare: Any, through: str) -> None:
    """What `schema_conflict` says, on the first action."""

    def made(**options: Any) -> Any:
        options["auto_schema"] = True
        if through == "repo":
            return bare.repo(Author, **options).count()
        return (bare.Hub if through == "hub" else bare.Session)(bare.source, **options).count(Author)

    await maybe(bare.engine.script("CREATE TABLE author (id bigint NOT NULL PRIMARY KEY, name bigint)"))
    await maybe(bare.engine.script("INSERT INTO author VALUES (1, 2)"))
    for options in ({}, {"schema_conflict": "raise"}):
        with pytest.raises(ValueError, match="Incompatible schema for table 'author'"):
            await maybe(made(**options))
        assert [tuple(row) for row in await maybe(bare.engine.query("SELECT * FROM author"))] == [(1, 2)]
    assert await maybe(made(schema_conflict="recreate")) == 0
    assert (await maybe(bare.repo(Author).insert(Author(name="Ada")))).id is not None
    assert await maybe(made(schema_conflict="raise")) == 1, "there is nothing to be done any more"
