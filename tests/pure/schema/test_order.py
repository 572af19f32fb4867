import sqlite3
from itertools import permutations

import pytest

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.model import Base, ForeignKey, Mapped, Table, mapped_column, table_of
from ferrow.schema import create_all, create_table, drop_all, order
from ferrow.sql.dialect import POSTGRESQL, SQLITE


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("authors.id"))


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey((Post, "id")))
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    elsewhere: Mapped[int | None] = mapped_column(ForeignKey("not_given.id"))


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    captain_id: Mapped[int | None] = mapped_column(ForeignKey("players.id"))


class Player(Base):
    __tablename__ = "players"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))


class Fan(Base):
    __tablename__ = "fans"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))


def tables(*models: type) -> list[Table]:
    return [table_of(model) for model in models]


def test_tables_come_after_those_they_refer_to() -> None:
    for given in permutations(tables(Author, Post, Comment)):
        assert [table.name for table in order(given)] == ["authors", "posts", "comments"]


def test_the_given_order_is_kept_where_foreign_keys_do_not_care() -> None:
    assert [table.name for table in order(tables(Team, Author))] == ["teams", "authors"]
    assert [table.name for table in order(tables(Author, Team, Author))] == ["authors", "teams"]


def test_postgresql_closes_a_circle_afterwards() -> None:
    statements = create_all(tables(Fan, Team, Player), POSTGRESQL)

    assert [statement.split(" (")[0] for statement in statements[:3]] == [
        "CREATE TABLE IF NOT EXISTS teams",
        "CREATE TABLE IF NOT EXISTS fans",
        "CREATE TABLE IF NOT EXISTS players",
    ]
    assert "REFERENCES" not in statements[0]
    assert "REFERENCES teams (id) ON DELETE CASCADE" in statements[1]
    assert statements[3:] == [
        "DO $ferrow$ BEGIN ALTER TABLE teams ADD CONSTRAINT fk_teams_captain_id FOREIGN KEY (captain_id) "
        "REFERENCES players (id); EXCEPTION WHEN duplicate_object THEN NULL; END $ferrow$"
    ]
    assert create_all(tables(Team, Player), POSTGRESQL, if_not_exists=False)[-1] == (
        "ALTER TABLE teams ADD CONSTRAINT fk_teams_captain_id FOREIGN KEY (captain_id) REFERENCES players (id)"
    )


def test_a_name_cannot_end_the_text_it_stands_in() -> None:
    class A(Base):
        __tablename__ = "a$ferrow$"
        id: Mapped[int] = mapped_column(primary_key=True)
        b_id: Mapped[int] = mapped_column(ForeignKey("bs.id"))

    class B(Base):
        __tablename__ = "bs"
        id: Mapped[int] = mapped_column(primary_key=True)
        a_id: Mapped[int] = mapped_column(ForeignKey("a$ferrow$.id"))

    with pytest.raises(ProgrammingError, match=r"must not contain \$ferrow\$"):
        create_all(tables(A, B), POSTGRESQL)


def test_drop_goes_backwards() -> None:
    for dialect in (POSTGRESQL, SQLITE):
        assert drop_all(tables(Comment, Author, Post), dialect) == [
            "DROP TABLE IF EXISTS comments",
            "DROP TABLE IF EXISTS posts",
            "DROP TABLE IF EXISTS authors",
        ]
    assert drop_all(tables(Author), SQLITE, if_exists=False) == ["DROP TABLE authors"]
    assert drop_all(tables(Team, Player), POSTGRESQL) == ["DROP TABLE IF EXISTS players, teams"]
    assert drop_all(tables(Team, Player), SQLITE) == [
        "PRAGMA defer_foreign_keys = ON",
        "DROP TABLE IF EXISTS players",
        "DROP TABLE IF EXISTS teams",
    ]


def test_sqlite_creates_and_drops_a_circle_with_rows_in_it() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    for _ in range(2):
        for statement in create_all(tables(Fan, Team, Player), SQLITE):
            connection.execute(statement)
    connection.execute("INSERT INTO teams (id) VALUES (1)")
    connection.execute("INSERT INTO players (id, team_id) VALUES (1, 1)")
    connection.execute("INSERT INTO fans (team_id) VALUES (1)")
    connection.execute("UPDATE teams SET captain_id = 1")

    connection.execute("BEGIN")
    for statement in drop_all(tables(Fan, Team, Player), SQLITE):
        connection.execute(statement)
    connection.execute("COMMIT")

    assert connection.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'").fetchall() == []
    connection.close()


def test_schemas_tell_tables_of_one_name_apart() -> None:
    class Here(Base):
        __tablename__ = "things"
        __schema__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)

    class There(Base):
        __tablename__ = "things"
        __schema__ = "b"
        id: Mapped[int] = mapped_column(primary_key=True)
        other: Mapped[int] = mapped_column(ForeignKey("a.things.id"))

    class Near(Base):
        __tablename__ = "near"
        __schema__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        thing: Mapped[int] = mapped_column(ForeignKey("things.id"))

    assert [(table.schema, table.name) for table in order(tables(Near, There, Here))] == [
        ("a", "things"),
        ("a", "near"),
        ("b", "things"),
    ]
    assert "REFERENCES a.things (id)" in create_table(table_of(Near), POSTGRESQL)[0]


def test_a_dialect_without_answers_is_named() -> None:
    class Other:
        name = "oracle"

    with pytest.raises(NotSupportedError, match=r"not supported for 'oracle'; supported: postgresql, sqlite"):
        create_all(tables(Author), Other())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
