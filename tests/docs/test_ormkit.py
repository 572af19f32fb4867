"""Every Python block of OrmKit's document runs, with nothing changed but the imported name.

`reference/ormkit.md` is that document, word for word. Blocks about queries run with models of every style; all of them run on
every database. What the document's blocks take for granted (tables, rows, a session) is what a `Stage` gives them.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import sys
import types
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import ferrow
from ferrow import AsyncSession
from tests.docs.blocks import blocks, played
from tests.support.colours import Runner

REFERENCE = Path(__file__).with_name("reference") / "ormkit.md"
BLOCKS = {block.line: block for block in blocks(REFERENCE)}
STYLES = ("declarative", "dataclass", "pydantic")


class Stage:
    """A database with the tables and rows of the examples, and a module in which they run."""

    def __init__(self, url: str, models: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self.models = models
        self.printed = ""
        self.module = types.ModuleType("document")
        monkeypatch.setitem(sys.modules, "document", self.module)
        self.engines: list[Any] = []
        real = ferrow.create_engine

        def create(asked: str, **options: Any) -> Any:
            # The document's programs connect to servers of their own.
            self.engines.append(real(url, **options))
            return self.engines[-1]

        monkeypatch.setattr(ferrow, "create_engine", create, raising=False)

    async def close(self) -> None:
        for engine in self.engines:
            await engine.aio.close()

    async def play(self, line: int) -> None:
        """Run a block of the document; the names it leaves stay for the next one."""
        text = BLOCKS[line].text.replace("from ormkit import", "from ferrow import")
        self.printed += await played(text, REFERENCE, line, self.module.__dict__)

    async def values(self, line: int) -> list[Any]:
        """Run a block statement by statement; what each assignment made, in order."""
        tree = ast.parse(BLOCKS[line].text.replace("from ormkit import", "from ferrow import"))
        found: list[Any] = []
        for statement in tree.body:
            code = compile(
                ast.Module([statement], []), str(REFERENCE), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
            )
            made = eval(code, self.module.__dict__)
            if inspect.isawaitable(made):
                await made
            if isinstance(statement, ast.Assign):
                assert isinstance(statement.targets[0], ast.Name)
                found.append(self[statement.targets[0].id])
        return found

    def __getitem__(self, name: str) -> Any:
        return getattr(self.module, name)


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        "sqlite",
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def stage(url: str, style: str, monkeypatch: pytest.MonkeyPatch, runner: Runner) -> Iterator[Stage]:
    stage = Stage(url, import_module(f"tests.docs.ormkit.{style}"), monkeypatch)
    yield stage
    runner.run(stage.close())


async def prepared(stage: Stage) -> AsyncSession:
    """The tables, a few rows, and the names `engine`, `session` and those of the models."""
    engine = await ferrow.create_engine(stage.url)
    models = stage.models
    await engine.create_all(models.User, models.Post, models.Profile, models.Order)
    session = AsyncSession(engine)
    user = models.User
    await session.insert_all(
        [
            user(name="Alice", email="alice@example.com", age=36, role="admin", metadata={"plan": "premium"}),
            user(name="Bob", email="bob@example.com", age=17, metadata={"settings": {"theme": "dark"}}),
            user(name="Natalie", email="natalie@example.com", age=70, status="banned", vip=True),
            user(name="Eve", email="eve@example.com", role="mod"),
        ]
    )
    alice = await session.query(user).filter(name="Alice").one()
    await session.insert_all([models.Post(title=f"Post {n}", author_id=alice.id) for n in (1, 2)])
    await session.insert_all(
        [
            models.Order(status=status, amount=amount)
            for status, amount in (("completed", 5), ("completed", 7), ("new", 9))
        ]
    )
    for name in ("User", "Post", "Profile", "Order"):
        setattr(stage.module, name, getattr(models, name))
    stage.module.engine = engine  # type: ignore[attr-defined]
    stage.module.session = session  # type: ignore[attr-defined]
    return session


def emails(users: list[Any]) -> list[str]:
    return sorted(user.email for user in users)


# --- models and the simple API: the document's own classes, as they stand there --------------------------------------------


@pytest.mark.parametrize("style", ["declarative"], indirect=True)
async def test_the_models_and_the_simple_api(stage: Stage) -> None:
    await stage.play(28)
    engine = await ferrow.create_engine(stage.url)
    await engine.create_all(stage["User"], stage["Post"])
    await stage.play(60)
    session = AsyncSession(engine)
    await session.insert(stage["User"](name="Old", email="old@example.com", age=80))
    # Its program ends by deleting the first user, who was the only one it inserted.
    await engine.execute("DELETE FROM users")
    names = stage.module.__dict__
    names["create_engine"] = ferrow.create_engine
    with contextlib.suppress(AttributeError):
        await engine.execute(
            {
                "postgresql": "ALTER SEQUENCE users_id_seq RESTART",
                "mysql": "ALTER TABLE users AUTO_INCREMENT = 1",
                "sqlite": "DELETE FROM sqlite_sequence",
            }[engine.dialect.name]
        )
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        await names["main"]()
    assert "Created user with id=1" in printed.getvalue()
    assert await session.query(stage["User"]).count() == 0


# --- queries, in every style -----------------------------------------------------------------------------------------------

ALICE, BOB, EVE, NATALIE = (f"{name}@example.com" for name in ("alice", "bob", "eve", "natalie"))

FILTERS = [
    [ALICE, NATALIE],  # age > 18
    [ALICE, NATALIE],
    [ALICE, BOB],  # age < 65
    [ALICE, BOB],
    [ALICE, BOB, NATALIE],  # age != 0: Eve's is not known
    [ALICE],  # LIKE 'A%'
    [ALICE],
    [NATALIE],  # contains "ali", and case matters
    [ALICE],
    [ALICE, EVE, NATALIE],
    [ALICE, EVE],  # admins and mods
    [ALICE, BOB, EVE],
    [ALICE, BOB, EVE, NATALIE],  # deleted_at IS NULL
    [ALICE],  # 18 <= age < 65
    [ALICE, NATALIE],  # Q | Q
    [],  # the third page
]


async def test_filters_aggregates_and_bulk_operations(stage: Stage) -> None:
    session = await prepared(stage)
    *users, count, total, average, exists, deleted, updated = await stage.values(134)
    assert [emails(found) for found in users] == FILTERS
    assert (count, total, average, exists) == (2, 12, 41.0, False)
    assert (deleted, updated) == (1, 1)
    assert sorted(await session.query(stage["User"]).values_list("role", flat=True)) == ["admin", "member", "mod"]


async def test_json_columns(stage: Stage) -> None:
    await prepared(stage)
    assert [emails(found) for found in await stage.values(186)] == [[ALICE], [BOB]]


async def test_transaction_context(stage: Stage) -> None:
    session = await prepared(stage)
    await session.query(stage["User"]).filter(name__in=["Alice", "Bob"]).delete()
    await stage.play(106)
    assert emails(await session.query(stage["User"]).all()) == [ALICE, BOB, EVE, NATALIE]


async def test_batch_operations(stage: Stage) -> None:
    session = await prepared(stage)
    await session.query(stage["User"]).delete()
    await stage.play(117)
    assert await session.query(stage["User"]).count() == 6
    assert [user.name for user in stage["users"]] == ["User1", "User2", "User3"]
    assert all(user.id for user in stage["users"])


async def test_upsert(stage: Stage) -> None:
    session = await prepared(stage)
    await session.query(stage["User"]).filter(name="Alice").update(name="Somebody")
    before = await session.query(stage["User"]).filter(email=ALICE).one()
    await stage.play(194)
    after = await session.query(stage["User"]).filter(email=ALICE).one()
    assert (stage["user"].id, after.name) == (before.id, "Alice")
    assert (after.age, after.role, after.metadata) == (36, "admin", {"plan": "premium"})
    assert [(user.name, user.email, user.id is None) for user in stage["users"]] == [
        ("A", "a@example.com", False),
        ("B", "b@example.com", False),
    ]
    assert await session.query(stage["User"]).count() == 6


async def test_streaming(stage: Stage) -> None:
    await prepared(stage)
    seen: list[Any] = []
    stage.module.process_user = seen.append  # type: ignore[attr-defined]
    await stage.play(241)
    assert emails(seen) == [ALICE, BOB, EVE, NATALIE]


async def test_eager_loading(stage: Stage) -> None:
    await prepared(stage)
    # The document imports one of the two where it declares its models, and forgets the other.
    exec("from ferrow import joinedload, selectinload", stage.module.__dict__)
    await stage.play(88)
    assert stage.printed.splitlines()[-2:] == ["Post 1 by Alice", "Post 2 by Alice"]
    assert {"Alice has 2 posts", "  - Post 1", "  - Post 2", "Bob has 0 posts"} <= {*stage.printed.splitlines()}


async def test_loading_options(stage: Stage) -> None:
    await prepared(stage)
    with_posts, with_author, without, with_both = await stage.values(249)
    assert sorted(len(user.posts) for user in with_posts) == [0, 0, 0, 2]
    assert [post.author.name for post in with_author] == ["Alice", "Alice"]
    assert [user.posts for user in without] == [[], [], [], []]
    assert [user.profile for user in with_both] == [None] * 4


# --- the rest, for typed classes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["declarative"], indirect=True)
async def test_statements(stage: Stage) -> None:
    session = await prepared(stage)
    await session.query(stage["User"]).filter(name="Alice").delete()
    stage.module.AsyncSession = AsyncSession  # type: ignore[attr-defined]
    await stage.play(271)
    assert emails(stage["users"]) == [NATALIE]
    assert await session.query(stage["User"]).filter(email=ALICE).exists()


async def test_raw_sql(stage: Stage) -> None:
    await prepared(stage)
    await stage.play(288)
    assert sorted(stage.printed.splitlines()) == ["Alice 36", "Natalie 70"]
    assert sorted(name for _, name in stage["tuples"]) == sorted(stage["names"]) == ["Alice", "Bob", "Eve", "Natalie"]


@pytest.mark.parametrize("style", ["declarative"], indirect=True)
async def test_soft_delete(stage: Stage) -> None:
    session = await prepared(stage)
    names = stage.module.__dict__
    exec("from ferrow import Base, Mapped, mapped_column", names)
    await _class_only(stage, 212)
    await stage["engine"].create_all(stage["Article"])
    names["article"] = await session.insert(stage["Article"](title="Kept"))
    await session.insert(stage["Article"](title="Other"))
    await stage.play(212)
    assert [{one.title for one in stage[name]} for name in ("articles", "all_articles", "deleted")] == [
        {"Kept", "Other"},
        {"Kept", "Other"},
        set(),
    ]
    assert [one.title for one in await session.query(stage["Article"]).with_deleted().all()] == ["Other"]


async def _class_only(stage: Stage, line: int) -> None:
    tree = ast.parse(BLOCKS[line].text.replace("from ormkit import", "from ferrow import"))
    kept = ast.Module([one for one in tree.body if isinstance(one, (ast.ImportFrom, ast.ClassDef))], [])
    exec(compile(kept, str(REFERENCE), "exec", dont_inherit=True), stage.module.__dict__)
