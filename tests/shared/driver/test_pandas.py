"""pandas.read_sql on a plain connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas
import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, ProgrammingError


@pytest.fixture
def conn(url: str) -> Iterator[Any]:
    with driver.connect(url) as conn:
        conn.script("CREATE TABLE t (id integer, name text, size double precision)")
        cur = conn.cursor()
        cur.executemany("INSERT INTO t VALUES (:1, :2, :3)", [(1, "a", 0.5), (2, "b", None), (3, None, 1.5)])
        conn.commit()
        yield conn


def read(conn: Any, sql: str, **options: Any) -> Any:
    with pytest.warns(
        UserWarning, match="pandas only supports SQLAlchemy"
    ):  # what it says of every connection but sqlite3's
        return pandas.read_sql(sql, conn, **options)


def test_read_sql(conn: Any) -> None:
    frame = read(conn, "SELECT * FROM t ORDER BY id")
    assert frame.columns.tolist() == ["id", "name", "size"]
    assert frame["id"].tolist() == [1, 2, 3]
    assert frame["size"].sum() == 2.0
    assert frame["name"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("condition", "params"),
    [("id > %s", [1]), ("id > :1", [1]), ("id > %(low)s", {"low": 1}), ("id > :low", {"low": 1})],
)
def test_parameters(conn: Any, condition: str, params: Any) -> None:
    assert read(conn, f"SELECT id FROM t WHERE {condition} ORDER BY id", params=params)["id"].tolist() == [2, 3]


def test_chunks(conn: Any) -> None:
    chunks = read(conn, "SELECT id FROM t ORDER BY id", chunksize=2)
    assert [chunk["id"].tolist() for chunk in chunks] == [[1, 2], [3]]


def test_errors(conn: Any) -> None:
    """Before version 3 pandas wraps them."""
    with pytest.raises((ProgrammingError, pandas.errors.DatabaseError), match="nonsense"):
        read(conn, "SELECT nonsense FROM t")
    conn.rollback()
    assert len(read(conn, "SELECT id FROM t")) == 3


@pytest.mark.only(backend="postgresql")
def test_a_frame_in_the_place_of_rows(conn: Any) -> None:
    frame = pandas.DataFrame({"id": [4], "name": ["d"], "size": [2.5]})
    with pytest.raises(InterfaceError) as caught:
        conn.copy_in("t", frame)
    assert str(caught.value) == (
        "a DataFrame gives its columns one by one, not its rows: pass its itertuples(index=False), and None for what is missing"
    )
    assert conn.copy_in("t", frame.itertuples(index=False)) == 1
    assert conn.query_one("SELECT count(*) FROM t") == (4,)


@pytest.mark.only(backend="postgresql")
def test_a_frame_of_polars_in_the_place_of_rows(conn: Any) -> None:
    class Frame:
        def __iter__(self) -> Iterator[Any]:
            return iter([[4], ["d"], [2.5]])

        def iter_rows(self) -> Iterator[Any]:
            return iter([(4, "d", 2.5)])

    with pytest.raises(InterfaceError, match=r"^a Frame gives its columns .* pass its iter_rows\(\), and None"):
        conn.copy_in("t", Frame())
    assert conn.copy_in("t", Frame().iter_rows()) == 1


@pytest.mark.only(backend="postgresql")
@pytest.mark.filterwarnings("ignore:pandas only supports SQLAlchemy")
def test_to_sql_asks_for_sqlalchemy(conn: Any) -> None:
    with pytest.raises((ProgrammingError, pandas.errors.DatabaseError)) as caught:
        pandas.DataFrame({"id": [4]}).to_sql("copies", conn)
    conn.rollback()
    assert "HINT: DataFrame.to_sql wants an engine of SQLAlchemy: create_engine('postgresql+ferrow://...')" in str(
        caught.value
    )
