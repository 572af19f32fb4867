"""An error that the server finds in the data of a COPY says where, like one that is found before they are sent."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ferrow.errors import CheckViolation, DatabaseError, DataError, NotNullViolation, QueryCancelled, UniqueViolation
from tests.support import maybe

pytestmark = pytest.mark.postgresql

BEFORE = 70_000
TABLE = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE "a, line 7" (id integer PRIMARY KEY, mood mood NOT NULL, size int CHECK (size > 0), note text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.note = 'refused' THEN RAISE 'not this one'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refusing BEFORE INSERT ON "a, line 7" FOR EACH ROW EXECUTE FUNCTION refuse();
"""
NAME = "a, line 7"
WRONG: dict[str, tuple[tuple[Any, ...], type[Exception], str | None]] = {
    "enum": ((BEFORE, "angry", 1, "x"), DataError, "mood"),
    "null": ((BEFORE, None, 1, "x"), NotNullViolation, "mood"),
    "check": ((BEFORE, "sad", -1, "x"), CheckViolation, None),
    "unique": ((7, "sad", 1, "x"), UniqueViolation, None),
    "trigger": ((BEFORE, "sad", 1, "refused"), DatabaseError, None),
}


def rows(wrong: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [*((number, "happy", 1, "COPY x, line 5") for number in range(BEFORE)), wrong, (BEFORE + 1, "sad", 1, None)]


def lines(wrong: tuple[Any, ...]) -> str:
    return "".join(
        ",".join("" if value is None else str(value) for value in row[:3]) + f",{row[3]}\n" for row in rows(wrong)
    )


@pytest.mark.parametrize("how", ["list", "iterator", "text", "csv", "statement"])
@pytest.mark.parametrize("case", WRONG)
async def test_of_the_server(pg: Any, case: str, how: str) -> None:
    await maybe(pg.script(TABLE))
    wrong, error, column = WRONG[case]
    if how in ("list", "iterator"):
        given = rows(wrong)
        call = lambda: pg.copy_in(NAME, given if how == "list" else iter(given))  # noqa: E731
    elif how == "text":
        text = lines(wrong).replace("COPY x, line 5", "COPY x").replace(",,", ",\\N,").replace(",", "\t")
        call = lambda: pg.copy_in(NAME, text, format="text")  # noqa: E731
    elif how == "csv":
        text = lines(wrong).replace("COPY x, line 5", '"COPY x, line 5"')
        call = lambda: pg.copy_in(NAME, io.StringIO(text), format="csv")  # noqa: E731
    else:
        text = lines(wrong).replace("COPY x, line 5", "COPY x")
        call = lambda: pg.copy_in(sql=f'COPY "{NAME}" FROM STDIN (FORMAT csv)', source=text)  # noqa: E731
    with pytest.raises(error) as caught:
        await maybe(call())
    assert (caught.value.row, caught.value.column) == (BEFORE + 1, column)
    assert (await maybe(pg.query_one(f'SELECT count(*) FROM "{NAME}"')))[0] == 0


async def test_the_first_line_is_a_line(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id int)"))
    with pytest.raises(DataError) as caught:
        await maybe(pg.copy_in("t", "id\n1\nx\n", format="csv", header=True))
    assert (caught.value.row, caught.value.column) == (3, "id")


@pytest.mark.parametrize(
    "statement",
    ["COPY t", "copy  public . t ", 'COPY "public"."t"(id)', "/* of\n */ COPY T", '-- of\nCOPY public."t" (id)'],
)
async def test_of_a_statement(pg: Any, statement: str) -> None:
    await maybe(pg.script("CREATE TABLE t (id int)"))
    with pytest.raises(DataError) as caught:
        await maybe(pg.copy_in(sql=f"{statement} FROM STDIN", source="1\nx\n"))
    assert (caught.value.row, caught.value.column) == (2, "id")


async def test_what_is_not_about_a_row_has_none(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE TABLE t (id int); CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NEW; END';"
            "CREATE TRIGGER cancelling BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION cancel()"
        )
    )
    with pytest.raises(QueryCancelled) as caught:
        await maybe(pg.copy_in("t", [(1,)]))
    assert "line 1" in (caught.value.where or "")
    assert (caught.value.row, caught.value.column) == (None, None)
