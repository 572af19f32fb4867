"""A fresh interpreter that imports a library and declares 300 models of 8 columns: what a large program pays at each start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.case import Kind, Work, group, sync_case

MODELS = 300
GROUP = group("any-declare", f"A fresh interpreter that declares {MODELS} models of 8 columns", ops=1, unit="start")
OURS = """from ferrow import Base, Mapped, mapped_column
{models}"""
DESCRIBED = """
from ferrow.model import table_of
for model in Base.__subclasses__():
    for column in table_of(model).columns:
        column.type
"""
THEIRS = """from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column
class Base(DeclarativeBase): pass
{models}
configure_mappers()
"""
MODEL = """
class Model{n}(Base):
    __tablename__ = "table{n}"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column({length})
    email: Mapped[str] = mapped_column(unique=True)
    age: Mapped[int | None] = mapped_column()
    title: Mapped[str]
    price: Mapped[float]
    active: Mapped[bool]
    rank: Mapped[int] = mapped_column(default=3)
"""


def source(program: str, length: str) -> str:
    """A module with all models."""
    return program.format(models="".join(MODEL.format(n=n, length=length) for n in range(MODELS)))


CASES: list[tuple[Kind, str, str]] = [
    ("ferrow-orm", "Ferrow", source(OURS, "max_length=100")),
    ("ferrow-orm", "Ferrow, and every column's type found", source(OURS, "max_length=100") + DESCRIBED),
    ("orm", "SQLAlchemy", source(THEIRS, "String(100)")),
    ("info", "an empty module", ""),
]


def add(kind: Kind, name: str, text: str) -> None:
    """A case that starts an interpreter; the module is compiled once, as a program's own modules are."""

    @sync_case(GROUP, kind, name)
    def case() -> Iterator[Work]:
        with TemporaryDirectory() as place:
            Path(place, "declared_models.py").write_text(text)
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{place}/cache"}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {place!r}); import declared_models"]

            def run() -> None:
                subprocess.run(command, check=True, env=environment)

            yield Work(run)


for one in CASES:
    add(*one)
