from typing import Any

import pytest

from ferrow.errors import ModelError
from ferrow.model import JSON, Base, ForeignKey, Mapped, mapped_column, table_of
from ferrow.types import Integer, Numeric, String, Text


def column(annotation: Any, options: Any) -> Any:
    cls = type("Model", (Base,), {"__annotations__": {"x": Mapped[annotation]}, "x": options})
    return table_of(cls).column("x")


def test_every_option_reaches_the_column() -> None:
    found = column(
        int,
        mapped_column(
            ForeignKey("users.id"),
            name="x_id",
            unique=True,
            index=True,
            default=3,
            server_default="4",
            check="x_id > 0",
        ),
    )

    assert (found.key, found.name, found.unique, found.index) == ("x", "x_id", True, True)
    assert (found.default, found.server_default, found.check) == (3, "4", "x_id > 0")
    assert found.foreign_key == ForeignKey("users.id")
    assert not found.nullable


@pytest.mark.parametrize(
    ("annotation", "options", "name"),
    [
        (str, mapped_column(max_length=100), "varchar(100)"),
        (str, mapped_column(String(7)), "varchar(7)"),
        (str, mapped_column(type_=Text), "text"),
        (int, mapped_column(type_=Integer()), "integer"),
        (float, mapped_column(Numeric(10, 2)), "numeric(10, 2)"),
        (Any, mapped_column(JSON), "jsonb"),
        (Any, mapped_column(JSON()), "jsonb"),
        (Any, mapped_column(type_=bytes), "bytea"),
    ],
)
def test_the_type_can_be_given(annotation: Any, options: Any, name: str) -> None:
    assert column(annotation, options).type.name("postgresql") == name


def test_precision_scale_and_timezone_refine_the_inferred_type() -> None:
    from datetime import datetime
    from decimal import Decimal

    assert column(Decimal, mapped_column(precision=10, scale=2)).type is Numeric(10, 2)
    assert column(datetime, mapped_column(timezone=True)).type.kind == "timestamptz"
    assert column(datetime, mapped_column(timezone=False)).type.kind == "timestamp"


@pytest.mark.parametrize(
    ("annotation", "options", "message"),
    [
        (int, mapped_column(max_length=3), r"Model\.x: max_length has no meaning for the type Integer\(\)"),
        (str, mapped_column(timezone=True), r"Model\.x: timezone has no meaning"),
        (float, mapped_column(precision=3), r"Model\.x: precision and scale .*write mapped_column\(Numeric\(10, 2\)\)"),
        (str, mapped_column(max_length=0), r"Model\.x: String\(length=0\)"),
        (str, mapped_column(String), r"Model\.x: String needs arguments"),
        (
            int,
            mapped_column(Text()),
            r"Model\.x is annotated as int, but its type Text\(\) holds str.*Integer\(\) would fit",
        ),
        (complex, mapped_column(), r"Model\.x: no SQL type is known for complex\. .*type_=Text\(\)"),
        (str, mapped_column(autoincrement=True), r"autoincrement is for integer columns, not for Text\(\)"),
    ],
)
def test_options_that_do_not_fit_the_type_are_refused(annotation: Any, options: Any, message: str) -> None:
    found = column(annotation, options)
    with pytest.raises(ModelError, match=message):
        assert found.type
        assert not found.autoincrement


def test_a_nullable_primary_key_is_refused() -> None:
    with pytest.raises(ModelError, match=r"Model\.x: a primary key cannot be nullable"):
        column(int, mapped_column(primary_key=True, nullable=True))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("users.id",), {}, r"text is not understood here.*name='users\.id'.*ForeignKey\('users\.id'\)"),
        ((JSON, Text()), {}, "two types"),
        ((ForeignKey("a.b"),), {"foreign_key": "c.d"}, "two foreign keys"),
        ((), {"server_default": 0}, r"server_default=0 is not SQL text\. Write server_default='0'"),
    ],
)
def test_arguments_that_cannot_be_understood_are_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        mapped_column(*arguments, **options)


def test_an_integer_key_counts_by_itself_only_if_nothing_else_gives_it_a_value() -> None:
    class Plain(Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    class Off(Base):
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    class Shared(Base):
        id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)

    class Pair(Base):
        a: Mapped[int] = mapped_column(primary_key=True)
        b: Mapped[int] = mapped_column(primary_key=True)

    class Text_(Base):
        id: Mapped[str] = mapped_column(primary_key=True)

    found = {cls.__name__: table_of(cls).columns[0].autoincrement for cls in (Plain, Off, Shared, Pair, Text_)}
    assert found == {"Plain": True, "Off": False, "Shared": False, "Pair": False, "Text_": False}
