"""What a repository over an engine takes beside a session of the same: one row by key, and ten thousand rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from typing import Any

from bench.case import Group, Loop, Work, async_case, group, loops, sync_case
from bench.check import all_instances, one_instance
from bench.data import USERS, keys, naive
from bench.floor import postgres, sqlite
from bench.settings import postgres_url, sqlite_url

QUERIES = 300
GET = "one instance by primary key, repository and session"
LIST = "10,000 instances, repository and session"
SESSION_GET, SESSION_LIST = "Ferrow session.get", "Ferrow session.query.all"
REPOSITORY_GET, REPOSITORY_LIST = "Ferrow repository.get", "Ferrow repository.list"


def _cases(gets: Group, lists: Group, url: Callable[[], str], models: str, *decoded: Any) -> None:
    def over(
        repository: bool, make: Callable[[Any, Any], Callable[[], object]], check: Any
    ) -> Callable[[], Iterator[Work]]:
        def body() -> Iterator[Work]:
            from ferrow import Session, create_engine
            from ferrow.repository import Repository

            model: type[Any] = import_module(models).Typed
            engine = create_engine(url())
            yield Work(make(Repository(engine, model) if repository else Session(engine), model), check)
            engine.close()

        return body

    def get_of(repo: Any, model: Any) -> Callable[[], object]:
        return lambda: [repo.get(key) for key in keys(QUERIES)][-1]

    def session_get(session: Any, model: Any) -> Callable[[], object]:
        return lambda: [session.get(model, key) for key in keys(QUERIES)][-1]

    one, every = one_instance(QUERIES, *decoded), all_instances(*decoded)
    sync_case(gets, "driver", SESSION_GET)(over(False, session_get, one))
    sync_case(gets, "ferrow-orm", REPOSITORY_GET)(over(True, get_of, one))
    sync_case(lists, "driver", SESSION_LIST)(over(False, lambda s, m: lambda: s.query(m).all(), every))
    sync_case(lists, "ferrow-orm", REPOSITORY_LIST)(over(True, lambda r, m: lambda: r.list(), every))


def _cases_async(
    gets: dict[Loop, Group], lists: dict[Loop, Group], url: Callable[[], str], models: str, *decoded: Any
) -> None:
    def over(repository: bool, make: Callable[[Any, Any], Callable[[], object]], check: Any) -> Any:
        async def body() -> AsyncIterator[Work]:
            from ferrow import AsyncSession, create_engine
            from ferrow.repository import AsyncRepository

            model: type[Any] = import_module(models).Typed
            engine = await create_engine(url())
            yield Work(make(AsyncRepository(engine, model) if repository else AsyncSession(engine), model), check)
            await engine.close()

        return body

    def get_of(repo: Any, model: Any) -> Callable[[], object]:
        async def run() -> object:
            return [await repo.get(key) for key in keys(QUERIES)][-1]

        return run

    def session_get(session: Any, model: Any) -> Callable[[], object]:
        async def run() -> object:
            return [await session.get(model, key) for key in keys(QUERIES)][-1]

        return run

    one, every = one_instance(QUERIES, *decoded), all_instances(*decoded)
    async_case(gets, "driver", SESSION_GET)(over(False, session_get, one))
    async_case(gets, "ferrow-orm", REPOSITORY_GET)(over(True, get_of, one))
    async_case(lists, "driver", SESSION_LIST)(over(False, lambda s, m: lambda: s.query(m).all(), every))
    async_case(lists, "ferrow-orm", REPOSITORY_LIST)(over(True, lambda r, m: lambda: r.list(), every))


PG_GET = group("pg-repository-get-sync", f"PostgreSQL: {GET}", ops=QUERIES)
PG_LIST = group("pg-repository-list-sync", f"PostgreSQL: {LIST}", ops=USERS, unit="instance")
PG_GETS = loops("pg-repository-get", f"PostgreSQL: {GET}", ops=QUERIES)
PG_LISTS = loops("pg-repository-list", f"PostgreSQL: {LIST}", ops=USERS, unit="instance")
SQLITE_GET = group("sqlite-repository-get-sync", f"SQLite: {GET}", ops=QUERIES)
SQLITE_LIST = group("sqlite-repository-list-sync", f"SQLite: {LIST}", ops=USERS, unit="instance")
SQLITE_GETS: dict[Loop, Group] = {
    "asyncio": group("sqlite-repository-get-asyncio", f"SQLite: {GET}, asyncio", ops=QUERIES)
}
SQLITE_LISTS: dict[Loop, Group] = {
    "asyncio": group("sqlite-repository-list-asyncio", f"SQLite: {LIST}, asyncio", ops=USERS, unit="instance")
}

_cases(PG_GET, PG_LIST, postgres_url, "bench.models.postgresql")
_cases_async(PG_GETS, PG_LISTS, postgres_url, "bench.models.postgresql")
_cases(SQLITE_GET, SQLITE_LIST, sqlite_url, "bench.models.sqlite", naive)
_cases_async(SQLITE_GETS, SQLITE_LISTS, sqlite_url, "bench.models.sqlite", naive)
postgres.points(PG_GET)
postgres.points_async(PG_GETS)
postgres.table(PG_LIST)
postgres.table_async(PG_LISTS)
sqlite.points(SQLITE_GET)
sqlite.points_async(SQLITE_GETS)
sqlite.table(SQLITE_LIST)
sqlite.table_async(SQLITE_LISTS)
