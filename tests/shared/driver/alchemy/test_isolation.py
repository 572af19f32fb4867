"""What transactions of SQLAlchemy are on `postgresql+ferrow`: their isolation, read-only and deferrable ones."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.alchemy import Author

pytestmark = pytest.mark.postgresql


def test_isolation_level(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as conn:
        assert conn.scalar(sa.text("SHOW transaction_isolation")) == "serializable"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("VACUUM"))
        conn.execute(sa.insert(Author).values(name="at once"))
        with engine.connect() as other:
            assert other.scalar(sa.select(Author.name)) == "at once"
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SHOW transaction_isolation")) == "read committed"
        conn.execute(sa.insert(Author).values(name="undone"))
        conn.rollback()
        assert conn.scalars(sa.select(Author.name)).all() == ["at once"]


def test_asking_for_the_isolation_level_begins_nothing(engine: sa.Engine) -> None:
    with engine.connect() as conn:
        assert conn.get_isolation_level() == "READ COMMITTED"
        conn.execution_options(isolation_level="SERIALIZABLE")
        assert conn.get_isolation_level() == "SERIALIZABLE"
        assert not engine.dialect.get_readonly(conn.connection.dbapi_connection)
        conn.execution_options(isolation_level="AUTOCOMMIT")
        engine.dialect.reset_isolation_level(conn.connection.dbapi_connection)
        assert conn.get_isolation_level() == "READ COMMITTED"
        conn.execute(sa.insert(Author).values(name="kept"))
        assert conn.get_isolation_level() == "READ COMMITTED"
        conn.commit()
        assert conn.scalars(sa.select(Author.name)).all() == ["kept"]


def test_read_only_and_deferrable(engine: sa.Engine) -> None:
    said = "SELECT current_setting('transaction_read_only') || ' ' || current_setting('transaction_deferrable')"
    options = {"isolation_level": "SERIALIZABLE", "postgresql_readonly": True, "postgresql_deferrable": True}
    for level in ("SERIALIZABLE", "AUTOCOMMIT"):
        with engine.connect().execution_options(**{**options, "isolation_level": level}) as conn:
            assert conn.scalar(sa.text(said)) == "on on"
            assert engine.dialect.get_readonly(conn.connection.dbapi_connection)
            assert engine.dialect.get_deferrable(conn.connection.dbapi_connection)
            conn.rollback()
            with pytest.raises(sa.exc.DBAPIError, match="read-only transaction"):
                conn.execute(sa.insert(Author).values(name="never"))
            pid = conn.scalar(sa.text("SELECT pg_backend_pid()")) if level == "AUTOCOMMIT" else None
    with engine.connect() as conn:  # the same connection, back from the pool
        assert conn.scalar(sa.text("SELECT pg_backend_pid()")) == pid
        assert conn.scalar(sa.text(said)) == "off off"
        assert not engine.dialect.get_readonly(conn.connection.dbapi_connection)
        conn.execute(sa.insert(Author).values(name="written"))


def test_codecs_do_not_hide_what_is_read_only(engine: sa.Engine) -> None:
    with engine.connect().execution_options(postgresql_readonly=True) as conn:
        own = conn.connection.dbapi_connection
        assert own is not None
        getattr(own, "driver_connection", own).set_codec("text", decode=str.upper)
        try:
            assert engine.dialect.get_readonly(own)
            assert not engine.dialect.get_deferrable(own)
        finally:
            getattr(own, "driver_connection", own).set_codec("text")
