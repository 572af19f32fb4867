"""Transactions of SQLAlchemy in two phases: `begin_twophase`, and sessions with `twophase=True`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from ferrow import driver
from tests.support.alchemy import Author

pytestmark = pytest.mark.postgresql

ADD = sa.insert(Author)
NAMES = sa.select(Author.name).order_by(Author.name)


@pytest.fixture
def prepared(postgresql_url: str) -> Iterator[Callable[[], list[str]]]:
    """The names of what is prepared. It outlives its connection and would hold its locks for ever."""
    with driver.connect(postgresql_url) as conn:
        if conn.query_one("SHOW max_prepared_transactions") == ("0",):
            pytest.skip("the server was started with max_prepared_transactions = 0")

        def names() -> list[str]:
            rows = conn.query("SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY gid")
            return [row[0] for row in rows]

        yield names
        for (statement,) in conn.query(
            "SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database = current_database()"
        ):
            conn.script(statement)


def test_what_is_prepared_is_committed_or_rolled_back(engine: sa.Engine, prepared: Callable[[], list[str]]) -> None:
    with engine.connect() as conn:
        for name, end in (("kept", "commit"), ("it's undone", "rollback")):
            tx = conn.begin_twophase(name)
            conn.execute(ADD, {"name": name})
            assert prepared() == []
            tx.prepare()
            assert prepared() == [name]
            with engine.connect() as other:
                assert name not in other.scalars(NAMES).all()
            getattr(tx, end)()
            assert prepared() == []
        assert conn.scalars(NAMES).all() == ["kept"]


def test_without_preparing_it_is_a_transaction(engine: sa.Engine, prepared: Callable[[], list[str]]) -> None:
    with engine.connect() as conn:
        with conn.begin_twophase():
            conn.execute(ADD, {"name": "kept"})
        with pytest.raises(ZeroDivisionError), conn.begin_twophase():
            conn.execute(ADD, {"name": "undone"})
            raise ZeroDivisionError
        assert conn.scalars(NAMES).all() == ["kept"]
    assert prepared() == []


def test_what_a_lost_connection_has_prepared_is_ended_by_another(
    engine: sa.Engine, prepared: Callable[[], list[str]]
) -> None:
    for name in ("kept", "undone"):
        with engine.connect() as conn:
            tx = conn.begin_twophase(name)
            conn.execute(ADD, {"name": name})
            tx.prepare()
            conn.invalidate()
    with engine.connect() as conn:
        assert sorted(conn.recover_twophase()) == ["kept", "undone"]
        conn.commit_prepared("kept", recover=True)
        conn.rollback_prepared("undone", recover=True)
        assert conn.recover_twophase() == []
        assert conn.scalars(NAMES).all() == ["kept"]


def test_what_has_failed_cannot_be_prepared(engine: sa.Engine, prepared: Callable[[], list[str]]) -> None:
    """The server rolls it back then, and says no more than that. Whoever took it for prepared would have the others commit."""
    with engine.connect() as conn:
        tx = conn.begin_twophase()
        with pytest.raises(sa.exc.ProgrammingError, match="nowhere"):
            conn.execute(sa.text("INSERT INTO nowhere VALUES (1)"))
        with pytest.raises(sa.exc.OperationalError, match="was not committed"):
            tx.prepare()
        tx.rollback()
        assert prepared() == []
        assert conn.scalar(sa.text("SELECT 1")) == 1


def test_sessions(engine: sa.Engine, prepared: Callable[[], list[str]]) -> None:
    with orm.Session(engine, twophase=True) as session:
        session.add(Author(name="kept"))
        session.prepare()
        assert len(prepared()) == 1
        session.commit()
        session.add(Author(name="undone"))
        session.prepare()
        session.rollback()
        assert session.scalars(NAMES).all() == ["kept"]
    assert prepared() == []
