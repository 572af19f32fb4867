"""SQLSTATEs and SQLite codes become the classes that people catch."""

from __future__ import annotations

import pytest

from ferrow import driver, errors


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("23505", errors.UniqueViolation),
        ("23503", errors.ForeignKeyViolation),
        ("23502", errors.NotNullViolation),
        ("23514", errors.CheckViolation),
        ("23P01", errors.IntegrityError),
        ("40001", errors.SerializationFailure),
        ("40P01", errors.DeadlockDetected),
        ("57014", errors.QueryCancelled),
        ("57P01", errors.ConnectionLost),
        ("08006", errors.OperationalError),
        ("28P01", errors.OperationalError),
        ("3D000", errors.OperationalError),
        ("53300", errors.OperationalError),
        ("42601", errors.ProgrammingError),
        ("42P01", errors.ProgrammingError),
        ("22001", errors.DataError),
        ("2BP01", errors.ProgrammingError),
        ("54001", errors.OperationalError),
        ("58030", errors.OperationalError),
        ("HV00N", errors.OperationalError),
        ("0A000", errors.NotSupportedError),
        ("XX000", errors.InternalError),
        ("ZZ123", errors.DatabaseError),
    ],
)
def test_sqlstates(code: str, kind: type[errors.DatabaseError]) -> None:
    error = errors.from_server({"code": code, "message": "m", "detail": "d", "position": "7", "table": "t"}, "SELECT 1")
    assert type(error) is kind
    assert (error.sqlstate, error.detail, error.position, error.table, error.query) == (code, "d", 7, "t", "SELECT 1")
    assert str(error) == "m\nDETAIL: d"


@pytest.mark.parametrize(("said", "position"), [("7", 7), ("", None), ("x", None), ("-1", None), ("²", None)])
def test_positions_that_are_no_numbers_are_left_out(said: str, position: int | None) -> None:
    error = errors.from_server({"code": "42601", "position": said, "internal_position": said})
    assert (error.position, error.internal_position) == (position, position)


CLASSES = [
    "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23", "24", "25", "26", "27", "28", "2B", "2D",
    "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX",
]  # fmt: skip
"""PostgreSQL's appendix "Error Codes", without 00 to 03: success and warnings."""


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_of_errors_in_the_manual_has_a_name_of_pep_249(kind: str) -> None:
    found = type(errors.from_server({"code": f"{kind}000", "message": "m"}))
    assert issubclass(found, errors.DatabaseError)
    assert found is not errors.DatabaseError


def test_an_aborted_transaction_comes_with_a_way_out() -> None:
    error = errors.from_server({"code": "25P02", "message": "current transaction is aborted"})
    assert "nested transaction()" in str(error)
    assert errors.from_server({"code": "25P02", "message": "m", "hint": "the server's own"}).hint == "the server's own"


def test_an_error_without_fields_is_still_an_error() -> None:
    error = errors.from_server({})
    assert type(error) is errors.DatabaseError
    assert error.sqlstate is None


@pytest.mark.parametrize(
    ("code", "message", "kind", "fields"),
    [
        (2067, "UNIQUE constraint failed: users.email", errors.UniqueViolation, ("users", "email", None)),
        (1299, "NOT NULL constraint failed: users.name", errors.NotNullViolation, ("users", "name", None)),
        (275, "CHECK constraint failed: positive", errors.CheckViolation, (None, None, "positive")),
        (787, "FOREIGN KEY constraint failed", errors.ForeignKeyViolation, (None, None, None)),
        (5, "database is locked", errors.OperationalError, (None, None, None)),
        (517, "database is locked", errors.SerializationFailure, (None, None, None)),
        (9, "interrupted", errors.QueryCancelled, (None, None, None)),
        (1, 'near "SELEC": syntax error', errors.ProgrammingError, (None, None, None)),
    ],
)
def test_sqlite_codes(
    code: int, message: str, kind: type[errors.DatabaseError], fields: tuple[str | None, str | None, str | None]
) -> None:
    error = errors.from_sqlite(code, message, "q")
    assert type(error) is kind
    assert (error.table, error.column, error.constraint) == fields
    assert error.query == "q"


@pytest.mark.parametrize(
    ("sql", "sqlstate"),
    [("SELECT abs(-9223372036854775807 - 1)", "22003"), ("SELECT json('{')", "22P02")],
)
def test_a_value_that_is_wrong_is_a_data_error_on_sqlite_too(sql: str, sqlstate: str) -> None:
    with driver.connect("sqlite::memory:") as conn:
        with pytest.raises(errors.DataError) as caught:
            conn.query(sql)
        assert (caught.value.sqlstate, caught.value.query) == (sqlstate, sql)


def test_a_transaction_that_read_too_early_may_be_tried_again_on_both_databases() -> None:
    # SQLITE_BUSY_SNAPSHOT: it read, another wrote, and now it wants to write.
    assert errors.from_sqlite(517, "database is locked").sqlstate == "40001"


def test_the_tree_is_that_of_pep_249() -> None:
    for name in (
        "InterfaceError",
        "DataError",
        "OperationalError",
        "IntegrityError",
        "InternalError",
        "ProgrammingError",
        "NotSupportedError",
    ):
        assert issubclass(getattr(errors, name), errors.DatabaseError)
    assert issubclass(errors.DatabaseError, errors.Error)
    assert issubclass(errors.NoResultFound, LookupError)


def test_the_nearest_name_is_suggested() -> None:
    assert errors.nearest("emial", ["name", "email"]) == "Did you mean 'email'? Known: name, email."
    assert errors.nearest("zzz", ["name"]) == "Known: name."
    assert errors.nearest("x", []) == "Known: none."
