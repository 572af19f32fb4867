"""Columns that are added: the text per dialect, or why it cannot be done."""

from __future__ import annotations

import pytest

from ferrow import Base, Computed, ForeignKey, Mapped, mapped_column
from ferrow.model import table_of
from ferrow.schema.alter import add_column
from ferrow.schema.answers import answers_of
from ferrow.schema.index import drop_index
from ferrow.sql.dialect import ALL, named


class House(Base):
    __tablename__ = "houses"

    id: Mapped[int] = mapped_column(primary_key=True)
    needed: Mapped[str]
    note: Mapped[str | None] = mapped_column(unique=True, max_length=9, check="note <> ''")
    floors: Mapped[int] = mapped_column(server_default="1")
    built: Mapped[int | None] = mapped_column(server_default="abs(-1)")
    double: Mapped[int | None] = mapped_column(Computed("floors * 2"))
    half: Mapped[int | None] = mapped_column(Computed("floors / 2", stored=False))
    other: Mapped[int | None] = mapped_column(ForeignKey("houses.id", ondelete="SET NULL"))
    default: Mapped[int] = mapped_column(ForeignKey("houses.id"), server_default="1")


ADDED = {
    "note": {
        "sqlite": ["ALTER TABLE houses ADD COLUMN note VARCHAR(9) CHECK (note <> '')"],
        "postgresql": ["ALTER TABLE houses ADD COLUMN note varchar(9) CHECK (note <> '')"],
        "mysql": ["ALTER TABLE houses ADD COLUMN note varchar(9) CHECK (note <> '')"],
    },
    "floors": {
        "sqlite": ["ALTER TABLE houses ADD COLUMN floors INTEGER NOT NULL DEFAULT (1)"],
        "postgresql": ["ALTER TABLE houses ADD COLUMN floors integer NOT NULL DEFAULT 1"],
        "mysql": ["ALTER TABLE houses ADD COLUMN floors int NOT NULL DEFAULT (1)"],
    },
    "other": {
        "sqlite": ["ALTER TABLE houses ADD COLUMN other INTEGER REFERENCES houses (id) ON DELETE SET NULL"],
        "postgresql": [
            "ALTER TABLE houses ADD COLUMN other integer",
            "ALTER TABLE houses ADD CONSTRAINT fk_houses_other FOREIGN KEY (other) REFERENCES houses (id) ON DELETE SET NULL",
        ],
        "mysql": [
            "ALTER TABLE houses ADD COLUMN other int",
            "ALTER TABLE houses ADD CONSTRAINT fk_houses_other FOREIGN KEY (other) REFERENCES houses (id) ON DELETE SET NULL",
        ],
    },
}


@pytest.mark.parametrize("dialect", ALL)
@pytest.mark.parametrize("column", ADDED)
def test_columns_that_are_added(column: str, dialect: str) -> None:
    table = table_of(House)
    assert add_column(table, table.column(column), named(dialect)) == ADDED[column][dialect]
    assert answers_of(named(dialect)).obstacle(table.column(column)) is None


@pytest.mark.parametrize("dialect", ALL)
@pytest.mark.parametrize(
    ("column", "sqlite_alone", "said"),
    [
        ("id", False, "it belongs to the primary key"),
        ("needed", False, "it is NOT NULL, and rows that exist have no value for it"),
        ("built", True, "SQLite adds only constant defaults, and abs(-1) is none"),
        ("double", True, "SQLite adds computed columns only with stored=False"),
        ("half", None, ""),
        ("default", True, "SQLite adds a foreign key only without a server_default"),
    ],
)
def test_columns_that_are_not(column: str, sqlite_alone: bool | None, said: str, dialect: str) -> None:
    found = answers_of(named(dialect)).obstacle(table_of(House).column(column))
    if sqlite_alone is None or (sqlite_alone and dialect != "sqlite"):
        assert found is None
    else:
        assert found is not None
        assert found.startswith(said)


def test_indexes_that_are_dropped() -> None:
    texts = {dialect: drop_index(table_of(House), "by it", named(dialect)) for dialect in ALL}
    assert texts == {
        "postgresql": 'DROP INDEX "by it"',
        "sqlite": 'DROP INDEX "by it"',
        "mysql": "DROP INDEX `by it` ON houses",
    }
