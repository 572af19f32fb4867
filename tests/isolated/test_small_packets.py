"""Many rows on a MariaDB that says it takes a kilobyte at once, the least that it can be set to (16 are what it refuses)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import Base, Mapped, Session, create_engine, mapped_column
from ferrow.errors import OperationalError
from tests.support.mariadb import started

pytestmark = pytest.mark.mariadb
ROWS = 7000


class Small(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    n: Mapped[int]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with started("--max-allowed-packet=1024") as url:
        yield url


@pytest.fixture
def engine(server: str) -> Iterator[Any]:
    with create_engine(server) as engine:
        engine.drop_all(Small)
        engine.create_all(Small)
        yield engine


@pytest.mark.parametrize("value", ["?", "? + 0"], ids=["in one", "apart"])
@pytest.mark.parametrize("text", ["x", "it's \N{EURO SIGN} \\ " * 9], ids=["short", "long"])
def test_rows_of_a_statement(engine: Any, value: str, text: str) -> None:
    with engine.connection() as conn:
        rows = [(f"{text}{number}", number) for number in range(ROWS)]
        assert conn.run_many(f"INSERT INTO smalls (name, n) VALUES (?, {value})", rows).rowcount == ROWS
        assert conn.query("SELECT name, n FROM smalls ORDER BY id") == rows


def test_objects(engine: Any) -> None:
    with Session(engine) as session:
        made = [Small(name="a", n=number) for number in range(ROWS)]
        session.add_all(made)
        session.commit()
        assert len({one.id for one in made}) == ROWS
        for one in made:
            one.n += 1
        session.commit()
        assert session.query(Small).filter(n=ROWS).count() == 1
    rows = Session(engine).insert_all([Small(name="b", n=number) for number in range(ROWS)])
    assert [row.n for row in rows] == [*range(ROWS)]


def test_a_row_that_is_too_long_undoes_the_others(engine: Any) -> None:
    rows = [("a", number) for number in range(ROWS)]
    with engine.connection() as conn, pytest.raises(OperationalError, match="max_allowed_packet") as caught:
        conn.run_many("INSERT INTO smalls (name, n) VALUES (?, ?)", [*rows, ("x" * 20_000, 0), *rows])
    assert caught.value.row == ROWS + 1
    assert engine.query_one("SELECT count(*) FROM smalls")[0] == 0
