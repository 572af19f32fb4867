"""Every Python block of PicoPG's document runs, with nothing changed but the imported name.

`reference/picopg.md` is that document, word for word. Its blocks build upon each other, so they run in their order, in both call
styles where the document's own `await` allows: the sync one is the same text without the word.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ferrow.crud
import ferrow.crud.connections
import ferrow.crud.sync
from ferrow import create_engine
from tests.docs.blocks import blocks, played
from tests.support import maybe
from tests.support.colours import Runner

REFERENCE = Path(__file__).with_name("reference") / "picopg.md"
BLOCKS = {block.line: block for block in blocks(REFERENCE)}
MODELS, CONNECTIONS, INSERT, SELECT_ONE, SELECT_ALL, UPDATE, DELETE, PAGINATE, PARTIAL, BUILDER = BLOCKS


class Stage:
    """A module in which the blocks run, and the database that their program finds."""

    def __init__(self, url: str, colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.colour = colour
        self.module = types.ModuleType("document")
        monkeypatch.setitem(sys.modules, "document", self.module)
        self.asked: dict[str, Any] = {}

        def create(dsn: str, **options: Any) -> Any:
            # The document's program connects to a server of its own.
            self.asked = {"dsn": dsn, **options}
            return create_engine(url, **options)

        monkeypatch.setattr(ferrow.crud.connections, "create_engine", create)

    @property
    def manager(self) -> Any:
        return (ferrow.crud.sync if self.colour == "sync" else ferrow.crud).ConnectionManager

    async def play(self, line: int) -> str:
        """Run a block; the names it leaves stay for the next one. What it printed is returned."""
        text = BLOCKS[line].text.replace("from picopg import", "from ferrow.crud import")
        if self.colour == "sync":
            text = re.sub(r"\bawait |\basync (?=def )", "", text).replace(
                "ferrow.crud import", "ferrow.crud.sync import"
            )
        return await played(text, REFERENCE, line, self.module.__dict__)

    def __getitem__(self, name: str) -> Any:
        return getattr(self.module, name)


@pytest.fixture(params=["postgresql", "sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql":
        request.applymarker("postgresql")
    return str(request.param)


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, backend: str, colour: str, monkeypatch: pytest.MonkeyPatch, runner: Runner
) -> Iterator[Stage]:
    stage = Stage(request.getfixturevalue(f"{backend}_url"), colour, monkeypatch)
    yield stage
    runner.run(maybe(stage.manager.close()))


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_the_document_from_its_beginning_to_its_end(stage: Stage) -> None:
    await stage.play(MODELS)
    await stage.play(CONNECTIONS)
    assert not stage.manager.initialized
    await maybe(stage["startup"]())
    assert stage.asked == {"dsn": "postgresql://user:password@host:port/dbname", "min_size": 5, "max_size": 10}
    user = stage["User"]
    await maybe(stage.manager.engine.execute("CREATE SCHEMA app_data"))
    await maybe(stage.manager.engine.create_all(user))

    printed = await stage.play(INSERT)
    inserted = stage["inserted_user"]
    assert printed.splitlines() == ["1", str(inserted.created_at)]
    assert stage["new_user"].user_id is None

    assert await stage.play(SELECT_ONE) == "Found user: alice\n"
    assert stage["user_by_id"] == stage["user_by_email"] == stage["user_by_partial"] == inserted
    await stage.play(SELECT_ALL)
    assert stage["active_users"] == [inserted]

    stage.module.user_to_update = inserted  # type: ignore[attr-defined]
    assert await stage.play(UPDATE) == "alice.new@example.com\n"

    insert_many = (ferrow.crud.sync if stage.colour == "sync" else ferrow.crud).insert_many
    await maybe(insert_many([user(username=f"u{n}", email=f"{n}@example.com") for n in range(14)]))
    assert await stage.play(PAGINATE) == "Total active users: 15\nUsers on page 2: 5\n"

    assert await stage.play(DELETE) == "Deletion successful: True\n"
    assert await stage.play(DELETE) == "Deletion successful: False\n"
    await maybe(stage["shutdown"]())
    assert not stage.manager.initialized


async def test_the_advanced_components(stage: Stage) -> None:
    await stage.play(CONNECTIONS)
    exec("from ferrow.crud import BaseModel", stage.module.__dict__)  # imported in the first block
    await stage.play(PARTIAL)
    printed = await stage.play(BUILDER)
    assert printed.splitlines() == [
        'INSERT INTO "post" (title, content, author_id) VALUES (%s, %s, %s) RETURNING *',
        "['Hello', 'World', 1]",
    ]
    # What the document says about the two: the statement runs as it is, the filter can be passed on.
    await maybe(stage["startup"]())
    await maybe(stage.manager.engine.create_all(stage["Post"]))
    functions = ferrow.crud.sync if stage.colour == "sync" else ferrow.crud
    assert await maybe(functions.execute_raw(stage["query"], stage["params"])) == 1
    found = await maybe(functions.select_all(stage["Post"], where=stage["filter_by_author"]))
    assert found == []
    found = await maybe(functions.select_all(stage["Post"], where=stage["PartialPost"](author_id=1)))
    assert [(one.id, one.title) for one in found] == [(1, "Hello")]


def test_every_block_is_played() -> None:
    assert len(BLOCKS) == 10
