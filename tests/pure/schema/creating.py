"""CREATE as text, one entry per dialect, and a SQLite that executes its own."""

import sqlite3
from decimal import Decimal
from typing import Any

import pytest

from ferrow.model import Base, Mapped, mapped_column, table_of
from ferrow.schema import create_table
from ferrow.sql.dialect import POSTGRESQL, SQLITE


def compare(left: str, right: str) -> int:
    return (Decimal(left) > Decimal(right)) - (Decimal(left) < Decimal(right))


@pytest.fixture
def sqlite() -> Any:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.create_collation("decimal", compare)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def check(sqlite: sqlite3.Connection, model: type, *, postgresql: str, sqlite_: str) -> None:
    table = table_of(model)
    assert ";\n".join(create_table(table, POSTGRESQL)) == postgresql.strip()
    statements = create_table(table, SQLITE)
    assert ";\n".join(statements) == sqlite_.strip()
    for statement in statements:
        sqlite.execute(statement)


class Country(Base):
    __tablename__ = "countries"
    code: Mapped[str] = mapped_column(primary_key=True, max_length=2, unique=True, index=True)
