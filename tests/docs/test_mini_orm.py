"""Every Python block about SQL in mini_orm's document runs, with nothing changed but the imported name.

`reference/mini_orm.md` is that document, word for word; its blocks about vectors belong to another room. What its blocks take for
granted (repositories of the models declared before) is made here.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sqlite3
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ferrow.repository import Database, PoolConnector, SQLiteDialect, ValidationError
from tests.docs.blocks import blocks

REFERENCE = Path(__file__).with_name("reference") / "mini_orm.md"
BLOCKS = blocks(REFERENCE)


def block(containing: str) -> Any:
    """The block with this text in it, which no other one has."""
    (found,) = [one for one in BLOCKS if containing in one.text]
    return found


class Stage:
    """A module in which blocks run one after the other."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self.printed = ""

    def play(self, containing: str) -> None:
        one = block(containing)
        text = one.text.replace("from mini_orm import", "from ferrow.repository import")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * (one.line - 1) + text, str(REFERENCE), "exec"), self.module.__dict__)
        self.printed += printed.getvalue()

    def __getitem__(self, name: str) -> Any:
        return self.module.__dict__[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.module.__dict__[name] = value


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stage]:
    module = types.ModuleType("mini_orm_document")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.chdir(tmp_path)
    yield Stage(module)
    for left in vars(module).values():  # the document closes nothing, and Python 3.13 says so
        if isinstance(left, (sqlite3.Connection, PoolConnector)):
            left.close()


@pytest.fixture
def db() -> Iterator[Database]:
    with Database(sqlite3.connect(":memory:"), SQLiteDialect()) as db:
        yield db


def test_the_quick_start(stage: Stage) -> None:
    stage.play("total = repo.count")
    assert [(user.id, user.email) for user in stage["rows"]] == [(1, "alice@example.com")]
    assert stage["total"] == 1
    # What it wrote is there for others: the connection is in no transaction.
    assert not stage["conn"].in_transaction


def test_a_pool(stage: Stage) -> None:
    stage.play("transaction_guard=")
    assert os.path.exists("app.db")


def test_a_hub(stage: Stage) -> None:
    stage.play("total = repo.count")
    stage.play("hub.register_many")
    assert [user.id for user in stage["rows"]] == [1, 2]


def test_async(stage: Stage) -> None:
    stage.play("apply_schema_async(db, User)")
    assert stage.printed == "[User(id=1, email='alice@example.com')]\n"


def test_relations(stage: Stage, db: Database) -> None:
    from ferrow.repository import Repository

    stage.play("class Post:")
    stage["author_repo"] = Repository(db, stage["Author"], auto_schema=True)
    stage["post_repo"] = Repository(db, stage["Post"], auto_schema=True)
    stage.play("author_repo.create(")
    found = stage["author_with_posts"]
    assert (found.obj.name, [post.title for post in found.relations["posts"]]) == ("alice", ["p1", "p2"])
    pairs = [(one.obj.title, one.relations["author"].name) for one in stage["posts_with_author"]]
    assert pairs == [("p1", "alice"), ("p2", "alice"), ("hello", "bob")]


def test_codecs(stage: Stage, db: Database) -> None:
    from ferrow.repository import Repository

    one = block("class Article:")
    head, call, rest = one.text.partition("row = repo.insert")
    exec(compile(head, str(REFERENCE), "exec"), stage.module.__dict__)
    stage["repo"] = Repository(db, stage["Article"], auto_schema=True)
    exec(compile(call + rest, str(REFERENCE), "exec"), stage.module.__dict__)  # it has assertions of its own


def test_validation(stage: Stage) -> None:
    stage.play("class CreateUserInput")
    assert "email" in stage.printed
    with pytest.raises(ValidationError):
        stage["CreateUserInput"](email="bad-email", age=-1)


def test_every_block_is_run_or_about_vectors() -> None:
    source = Path(__file__).read_text()
    played = re.findall(r'(?:play|block)\("(.*?)"\)', source)
    for one in BLOCKS:
        assert "VectorRepository" in one.text or any(part in one.text for part in played), one.line
