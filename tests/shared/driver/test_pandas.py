"""pandas.read_sql on a plain connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
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


def test_types_of_columns(conn: Any) -> None:
    conn.script("CREATE TABLE at (id integer, day date, moment timestamp, price numeric(6, 2), said text)")
    conn.execute(
        "INSERT INTO at VALUES (1, '2026-01-02', '2026-01-02 03:04:05.000006', 2.5, '07/03/2026'), (2, NULL, NULL, NULL, NULL)"
    )
    sql = "SELECT * FROM at WHERE id < %(below)s ORDER BY id"
    options = {
        "params": {"below": 3},
        "dtype": {"id": "int8", "price": "float64"},
        "parse_dates": {"day": None, "moment": None, "said": "%d/%m/%Y"},
    }
    whole = read(conn, sql, **options)
    (first, second) = read(conn, sql, chunksize=1, **options)
    for frame in (whole, first):
        assert [kind.kind for kind in frame.dtypes] == ["i", "M", "M", "f", "M"]
        assert frame["id"].dtype.itemsize == 1
        assert frame.iloc[0].tolist() == [
            1,
            pandas.Timestamp(2026, 1, 2),
            pandas.Timestamp(2026, 1, 2, 3, 4, 5, 6),
            2.5,
            pandas.Timestamp(2026, 3, 7),
        ]
    for frame in (whole[1:], second):
        assert frame.iloc[0].isna().tolist() == [False, True, True, True, True]
    exact = read(conn, sql, params={"below": 3}, coerce_float=False, index_col="id")
    assert exact.index.tolist() == [1, 2]
    assert exact["price"].tolist() == [Decimal("2.5"), None]


def test_no_rows(conn: Any) -> None:
    assert read(conn, "SELECT id, name FROM t WHERE id > :1", params=[9]).columns.tolist() == ["id", "name"]
    (chunk,) = read(conn, "SELECT id, name FROM t WHERE id > :1", params=[9], chunksize=2)
    assert chunk.shape == (0, 2)


@pytest.mark.only(backend="sqlite")
@pytest.mark.filterwarnings("ignore:pandas only supports SQLAlchemy")
def test_to_sql(conn: Any, url: str) -> None:
    moments = pandas.to_datetime(["2026-01-02 03:04:05", None])
    frame = pandas.DataFrame({"id": [1, 2], "name": ["a", None], "size": [0.5, None], "at": moments})
    assert frame.to_sql("copies", conn, index=False) == 2
    assert frame.to_sql("copies", conn, index=False, if_exists="append", method="multi") == 2
    with driver.connect(url) as other:  # it commits
        first, second = other.query("SELECT * FROM copies ORDER BY id LIMIT 2 OFFSET 1")
    assert first == (1, "a", 0.5, datetime(2026, 1, 2, 3, 4, 5))
    assert second == (2, None, None, None)
    with pytest.raises(ValueError, match="already exists"):
        frame.to_sql("copies", conn)
    assert frame.to_sql("copies", conn, if_exists="replace") == 2
    assert read(conn, "SELECT * FROM copies")["index"].tolist() == [0, 1]


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
