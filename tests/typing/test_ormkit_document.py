"""No false alarm: both checkers are silent about the examples of OrmKit's document, put into functions as they stand."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.docs.blocks import blocks

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests/docs/reference/ormkit.md"

PRELUDE = """
from __future__ import annotations

import datetime
from typing import Any

from ferrow import (
    AsyncEngine, AsyncSession, Base, ForeignKey, JSON, Mapped, create_engine, joinedload, mapped_column, relationship, selectinload,
)


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(max_length=100)
    email: Mapped[str] = mapped_column(unique=True)
    age: Mapped[int | None] = mapped_column(nullable=True)
    metadata: Mapped[dict[str, Any]] = mapped_column(JSON)
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[User] = relationship(back_populates="posts")


class Order(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


def process_user(user: User) -> None: ...
"""

SESSIONS = {212, 271}
"""Blocks of soft deletion and of sessions that collect: theirs is another page."""


def program(target: Path) -> None:
    """Each block as a function of its own, but for the models, which are a module."""
    models, *others = [block for block in blocks(REFERENCE) if block.line not in SESSIONS]
    (target / "models.py").write_text(models.text.replace("from ormkit", "from ferrow"))
    text = PRELUDE
    for block in others:
        body = textwrap.indent(block.text.replace("from ormkit", "from ferrow"), "    ")
        text += f"\n\nasync def block_{block.line}(engine: AsyncEngine, session: AsyncSession) -> None:\n{body}\n"
    (target / "examples.py").write_text(text)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_checkers_have_no_objection(tmp_path: Path) -> None:
    program(tmp_path)
    # The examples use a name again for a value of another type, and write `dict` without its arguments: strict mypy's own taste.
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--allow-redefinition",
        "--allow-untyped-defs",
        "--allow-any-generics",
        "--no-error-summary",
    ]
    done = subprocess.run(
        [*command, "--config-file", ROOT / "tests/typing/mypy.ini", tmp_path / "models.py", tmp_path / "examples.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stdout, done.stdout
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps(
            {
                "typeCheckingMode": "standard",
                "venvPath": str(Path(sys.prefix).parent),
                "venv": Path(sys.prefix).name,
                "extraPaths": [str(ROOT / "python")],
            }
        )
    )
    done = subprocess.run(
        [Path(sys.executable).parent / "basedpyright", "--level", "error", "-p", tmp_path],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
