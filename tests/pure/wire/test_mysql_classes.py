"""Of which class values and rows are, for MariaDB and MySQL: the usual ones are found at once, others by what they are."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.wire.mysql.literals import literal
from ferrow.wire.mysql.texts import Binding


class Markup(str):
    """As the one of templates: it has ways of its own to be shown and to replace, which are not about databases."""

    __slots__ = ()

    def __str__(self) -> str:
        return "shown"

    def __format__(self, spec: str) -> str:
        return "shown"

    def replace(self, *given: Any) -> str:
        return "replaced"


class Shown:
    """Shows itself as what would end a literal."""

    __slots__ = ()

    def isoformat(self, *_: Any) -> str:
        return "it's"

    __str__ = __repr__ = isoformat

    def __format__(self, spec: str) -> str:
        return "it's"


class Said(float):
    """As NumPy's."""

    def __repr__(self) -> str:
        return f"Said({float(self)})"


class Order(int):
    def __str__(self) -> str:
        return "shown"

    __repr__ = __format__ = __str__  # type: ignore[assignment]


class Colour(str, enum.Enum):  # noqa: UP042  # what it looks like is not what it is
    RED = "re'd"


def _of_subclasses() -> list[tuple[Any, Any]]:
    """Values of subclasses, and the plain ones that they are."""
    moment = datetime.datetime(2024, 5, 6, 7, 8, 9, 10)
    aware = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=5)))
    plain = [
        decimal.Decimal("1.50"),
        b"a'b",
        moment,
        aware,
        moment.date(),
        moment.time(),
        datetime.timedelta(days=2),
        uuid.UUID(int=7),
        {"a": "'"},
        ["'"],
        (1,),
    ]
    made: list[tuple[Any, Any]] = [
        (Markup("it's"), "it's"), (Markup("plain"), "plain"), (Markup("h\u00e4?"), "h\u00e4?"), (Colour.RED, "re'd"),
        (Order(7), 7), (Said(0.5), 0.5),
    ]  # fmt: skip
    for value in plain:
        kind: Any = type("Sub", (Shown, type(value)), {})
        if isinstance(value, datetime.datetime):
            made.append((kind.fromisoformat(value.isoformat()), value))
        elif isinstance(value, datetime.date):
            made.append((kind(value.year, value.month, value.day), value))
        elif isinstance(value, datetime.time):
            made.append((kind.fromisoformat(value.isoformat()), value))
        elif isinstance(value, datetime.timedelta):
            made.append((kind(seconds=value.total_seconds()), value))
        elif isinstance(value, uuid.UUID):
            made.append((kind(int=value.int), value))
        else:
            made.append((kind(value), value))
    return made


@pytest.mark.parametrize(("value", "same"), _of_subclasses())
def test_values_of_subclasses_are_written_as_those_of_the_class(value: Any, same: Any) -> None:
    """What is exactly of a class is found by it, and not asked for what else it could be."""
    assert literal(value) == literal(same)


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (Markup("it's"), "text", "'it\\'s'"),
        (Colour.RED, "text", "'re\\'d'"),
        (Order(7), "int", "7"),
        (Order(7), "text", "'7'"),
        (Said(0.5), "decimal", "0.5"),
        (Said(0.5), "float", "0.5e0"),
        (True, "any", "TRUE"),
        (None, "any", "NULL"),
    ],
)
def test_and_of_a_column_s_kind(value: Any, kind: str, written: str) -> None:
    assert literal(value, kind) == written


def test_each_row_is_looked_at_for_what_it_is() -> None:
    """Rows of the class of the one before are not asked again whether they are a sequence."""
    binding = Binding("SELECT ?", None)
    assert [binding.text(row) for row in ([1], [2], (3,), bytearray(b"4"), range(5, 6))] == [
        f"SELECT {number}" for number in (1, 2, 3, 52, 5)
    ]
    for wrong in ({0: 1}, "x", b"x", {1}, iter([1]), 1):
        for _ in range(2):
            with pytest.raises(ProgrammingError, match=f"not {type(wrong).__name__}"):
                binding.text(wrong)
        assert binding.text([1]) == "SELECT 1"
