"""The examples of mini_orm's document over a connection of another driver, a pool of such, and an engine; on every database; awaited, too.

The blocks are those of `reference/mini_orm.md`, word for word, but for the connection, which is made here. For asyncio, `await` is put before
their calls, and `Async` before their classes: "the only difference is `await`".
"""

from __future__ import annotations

import ast
import inspect
import sqlite3
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

import ferrow.driver
import ferrow.repository as room
from tests.docs.test_mini_orm import REFERENCE, block
from tests.support import given, maybe
from tests.support.colours import Runner

OBJECTS = frozenset({"repo", "hub", "author_repo", "post_repo"})
CLASSES = frozenset({"Repository", "UnifiedRepository"})


class Awaited(ast.NodeTransformer):
    """What the document says of async: other classes, and `await` before each call."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(f"Async{node.id}", node.ctx), node) if node.id in CLASSES else node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        return ast.alias(f"Async{node.name}", node.asname) if node.name in CLASSES else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        if (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id in OBJECTS
        ):
            return ast.copy_location(ast.Await(node), node)
        return node


class Play:
    """A module in which blocks run one after the other, with `db` given."""

    def __init__(self, module: types.ModuleType, colour: str) -> None:
        self.names: dict[str, Any] = module.__dict__
        self._colour = colour

    async def block(self, containing: str, before: str = "", after: str = "") -> None:
        text = block(containing).text.replace("from mini_orm import", "from ferrow.repository import")
        start = text.index(before)
        end = text.index(after, start) if after else len(text)
        lines = [one for one in text[start:end].splitlines() if not one.startswith(("conn =", "db ="))]
        tree: Any = ast.parse("\n".join(lines))
        if self._colour == "async":
            tree = ast.fix_missing_locations(Awaited().visit(tree))
        code = compile(tree, str(REFERENCE), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result: Any = eval(code, self.names)
        if inspect.isawaitable(result):
            await result

    def repository(self, model: str) -> Any:
        cls: Any = room.AsyncRepository if self._colour == "async" else room.Repository
        return cls(self.names["db"], self.names[model], auto_schema=True)


def connecting(url: str, backend: str) -> tuple[Any, tuple[Any, ...], dict[str, Any], room.Dialect]:
    """How a connection of another driver is opened."""
    if backend == "sqlite":
        return sqlite3.connect, (given._path(url),), {"check_same_thread": False}, room.SQLiteDialect()
    if backend == "postgresql":
        return ferrow.driver.connect, (url,), {}, room.PostgresDialect()
    import pymysql

    database = url.rpartition("/")[2].partition("?")[0]
    return pymysql.connect, (), {**given._mysql(url), "database": database}, room.MySQLDialect()


@pytest.fixture(params=["connection", "pool", "engine"])
def db(request: pytest.FixtureRequest, url: str, backend: str, colour: str, runner: Runner) -> Iterator[Any]:
    cls: Any = room.AsyncDatabase if colour == "async" else room.Database
    connect, arguments, options, dialect = connecting(url, backend)
    if request.param == "engine":
        db = cls(url)
    elif request.param == "pool":
        db = cls(room.PoolConnector(connect, *arguments, max_size=2, **options), dialect)
    else:
        db = cls(connect(*arguments, **options), dialect)
    yield db
    close = db.aclose if colour == "async" else db.close
    runner.run(maybe(close(close_pool=True)))


@pytest.fixture
def play(db: Any, colour: str, monkeypatch: pytest.MonkeyPatch) -> Play:
    module = types.ModuleType("mini_orm_everywhere")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    made = Play(module, colour)
    made.names["db"] = db
    return made


async def test_every_example(play: Play) -> None:
    names = play.names
    await play.block("total = repo.count")
    assert [(user.id, user.email) for user in names["rows"]] == [(1, "alice@example.com")]
    assert names["total"] == 1
    await play.block("hub.register_many")
    assert [user.id for user in names["rows"]] == [1, 2]

    await play.block("class Post:")
    names["author_repo"], names["post_repo"] = play.repository("Author"), play.repository("Post")
    await play.block("author_repo.create(")
    found = names["author_with_posts"]
    assert (found.obj.name, [post.title for post in found.relations["posts"]]) == ("alice", ["p1", "p2"])
    pairs = [(one.obj.title, one.relations["author"].name) for one in names["posts_with_author"]]
    assert sorted(pairs) == [("hello", "bob"), ("p1", "alice"), ("p2", "alice")]

    await play.block("class Article:", after="row = repo.insert")
    names["repo"] = play.repository("Article")
    await play.block("class Article:", before="row = repo.insert")  # it has assertions of its own
