import copy
import datetime
import pickle
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ferrow import types
from ferrow._core import Kinds
from ferrow.errors import NotSupportedError
from ferrow.sql.dialect import ALL
from ferrow.types import Duration, ListOf, SQLType, String, infer, infer_value

EXAMPLES = [
    types.Boolean(),
    types.SmallInteger(),
    types.Integer(),
    types.BigInteger(),
    types.Real(),
    types.Double(),
    types.Text(),
    types.String(20),
    types.Bytes(),
    types.Date(),
    types.Time(),
    types.Timestamp(),
    types.TimestampTz(),
    types.Uuid(),
    types.Numeric(),
    types.Numeric(10, 2),
    types.Json(),
    types.PlainJson(),
    types.Enum("mood", ["sad", "glad"]),
    types.TextEnum(["sad", "glad"]),
]


def every_type() -> set[type[SQLType]]:
    found, todo = set(), [SQLType]
    while todo:
        below = [cls for cls in todo.pop().__subclasses__() if cls.__module__.startswith("ferrow.types.")]
        found.update(below)
        todo += below
    return found


def test_every_type_is_among_the_examples() -> None:
    no_columns = {Duration}  # what expressions give: only PostgreSQL has a name for it
    assert every_type() - {type(example) for example in EXAMPLES} == {ListOf, *no_columns}


def test_every_type_is_public() -> None:
    assert {cls.__name__ for cls in every_type()} <= set(types.__all__)


@pytest.mark.parametrize("example", EXAMPLES, ids=repr)
def test_every_type_has_a_name_in_every_dialect_and_a_kind_the_core_knows(example: SQLType) -> None:
    for dialect in ALL:
        assert example.name(dialect)
        assert "{" not in example.name(dialect)
    assert Kinds([example.kind]).names == (example.kind,)
    assert Kinds([ListOf(example).kind]).names == (f"list:{example.kind}",)


@pytest.mark.parametrize("example", EXAMPLES, ids=repr)
def test_a_type_survives_copying_and_pickling_as_itself(example: SQLType) -> None:
    assert copy.copy(example) is example
    assert copy.deepcopy(example) is example
    assert pickle.loads(pickle.dumps(example)) is example


@pytest.mark.parametrize("example", EXAMPLES, ids=repr)
def test_a_type_cannot_be_changed(example: SQLType) -> None:
    with pytest.raises(AttributeError, match="immutable"):
        example.kind = "text"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="immutable"):
        del example.arguments


@pytest.mark.parametrize(
    ("example", "postgresql", "sqlite"),
    [
        (types.String(20), "varchar(20)", "VARCHAR(20)"),
        (types.Numeric(), "numeric", "DECIMAL_TEXT COLLATE decimal"),
        (types.Numeric(10, 2), "numeric(10, 2)", "DECIMAL_TEXT COLLATE decimal"),
        (types.Numeric(10), "numeric(10, 0)", "DECIMAL_TEXT COLLATE decimal"),
        (types.Double(), "double precision", "DOUBLE PRECISION"),
        (types.Timestamp(timezone=True), "timestamptz", "TIMESTAMPTZ"),
        (types.Json(binary=False), "json", "JSON_TEXT"),
    ],
    ids=repr,
)
def test_names(example: SQLType, postgresql: str, sqlite: str) -> None:
    assert (example.name("postgresql"), example.name("sqlite")) == (postgresql, sqlite)


def test_equal_types_are_one_object_and_different_ones_are_not() -> None:
    assert types.Numeric(10, 2) is types.Numeric(10, 2)
    assert types.Numeric(10, 2) is not types.Numeric(10, 3)
    assert types.Timestamp(timezone=True) is types.TimestampTz()
    assert types.Timestamp(timezone=False) is types.Timestamp()
    assert types.Json(binary=False) is types.PlainJson()
    assert types.Integer() is not types.BigInteger()


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(NotSupportedError, match=r"Integer\(\) has no type name for 'oracle'"):
        types.Integer().name("oracle")
    assert ListOf(types.Integer()).name("postgresql") == "integer[]"
    assert ListOf(types.Integer()).name("sqlite") == "JSON_TEXT"
    for item in (ListOf(types.Integer()), int):
        with pytest.raises(TypeError, match="one SQL type that is no list"):
            ListOf(item)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (bool, types.Boolean()),
        (int, types.Integer()),
        (float, types.Double()),
        (str, types.Text()),
        (bytes, types.Bytes()),
        (datetime.date, types.Date()),
        (datetime.time, types.Time()),
        (datetime.datetime, types.Timestamp()),
        (UUID, types.Uuid()),
        (Decimal, types.Numeric()),
        (dict, types.Json()),
        (dict[str, Any], types.Json()),
        (list[int], types.Json()),
    ],
    ids=repr,
)
def test_infer(python: Any, expected: SQLType) -> None:
    assert infer(python) is expected
    if isinstance(python, type):
        assert python is dict or python is list or issubclass(python, expected.python)


@pytest.mark.parametrize("python", [complex, object, type("MyStr", (str,), {}), None, [], int | None])
def test_infer_refuses_what_would_not_come_back_as_it_was(python: Any) -> None:
    with pytest.raises(TypeError, match=r"no SQL type is known for the Python type .*; use one of Decimal, UUID, bool"):
        infer(python)


def test_infer_calls_a_union_by_its_types() -> None:
    with pytest.raises(TypeError, match=r"for the Python type int \| str; use"):
        infer(int | str)


def test_infer_value_is_wide_enough() -> None:
    assert infer_value(1) is types.BigInteger()
    assert infer_value(True) is types.Boolean()
    assert infer_value(datetime.datetime(2024, 1, 1)) is types.Timestamp()
    assert infer_value(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)) is types.TimestampTz()
    assert infer_value(datetime.date(2024, 1, 1)) is types.Date()
    with pytest.raises(TypeError, match="NoneType"):
        infer_value(None)


@pytest.mark.parametrize("length", [0, -1, True, 1.5, "3", 10_485_761])
def test_a_string_has_a_length(length: Any) -> None:
    with pytest.raises(ValueError, match="from 1 to 10485760"):
        String(length)


@pytest.mark.parametrize("limits", [(None, 2), (0,), (1001,), (5, 6), (5, -1), (True,), (5, 1.0)])
def test_numeric_limits(limits: Any) -> None:
    with pytest.raises(ValueError, match="Numeric"):
        types.Numeric(*limits)
