"""How instances become rows, and how they get what the server generated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ferrow._core import InstanceReader
from ferrow.errors import DataError
from ferrow.model import unlike

if TYPE_CHECKING:
    from ferrow._core import FlatRows
    from ferrow.model.column import Column
    from ferrow.model.table import Table

Row = tuple[Any, ...]


class Insertion:
    """One way to insert instances of a model.

    `columns` are sent, `returning` are filled in by the server, `row(instance)` gives the values of `columns` in order, `rows` those
    of a list of instances, and `flat` the same without a tuple each.
    """

    __slots__ = ("columns", "flat", "returning", "row", "rows")

    def __init__(self, model: type, columns: tuple[Column, ...], returning: tuple[Column, ...]) -> None:
        self.columns: tuple[Column, ...] = columns
        self.returning: tuple[Column, ...] = returning
        reader = _reader(model, columns, encoded=True)
        self.row: Callable[[object], tuple[Any, ...]] = reader.row
        self.rows: Callable[[list[Any]], list[tuple[Any, ...]]] = reader.rows
        self.flat: Callable[[list[Any]], FlatRows] = reader.flat


class Writer:
    """Values of a model's instances for INSERT and UPDATE. Get it from `ferrow.model.writer(cls)`; it is made once per class."""

    __slots__ = (
        "_attach",
        "_computed",
        "_fill",
        "_getters",
        "_insertions",
        "_generated_keys",
        "_left",
        "generated",
        "model",
        "table",
    )

    def __init__(
        self,
        model: type,
        table: Table,
        fill: Callable[[Any, Iterable[str], Iterable[Any]], None],
        attach: Callable[[Iterable[Any], str, Iterable[Any]], None],
    ) -> None:
        self.model: type = model
        self.table: Table = table
        self._attach = attach
        self._computed = frozenset(table.computed)
        self.generated: tuple[Column, ...] = tuple(
            column for column in table.columns if column.generated and column not in self._computed
        )
        self._fill = fill
        self._generated_keys = [column.key for column in self.generated]
        self._left = _reader(model, self.generated, encoded=False)
        self._insertions: dict[tuple[bool, ...], Insertion] = {}
        self._getters: dict[tuple[Column, ...], Callable[[Any], Row]] = {}

    def values(self, instance: Any, columns: Sequence[Column] | None = None) -> Row:
        """Return the values of `columns` (default: all), as the database takes them.

        Raises AttributeError naming class and attribute if one was never set.
        """
        return self.row(self.table.columns if columns is None else tuple(columns))(instance)

    def row(self, columns: tuple[Column, ...]) -> Callable[[Any], Row]:
        """The function behind `values`, for many instances: one call of an `attrgetter` each."""
        getter = self._getters.get(columns)
        if getter is None:
            getter = self._getters[columns] = row_getter(columns)
        return getter

    def insertion(self, instance: Any) -> Insertion:
        """Which columns to send for this instance, and which the server fills in.

        An autoincremented key and a column with a server default are left to the server while they are None or not set, a computed
        column always. Raises DataError if a number is set that the server always gives itself.
        """
        absent = tuple([getattr(instance, key, None) is None for key in self._generated_keys])
        found = self._insertions.get(absent)
        if found is None:
            left = {column for column, missing in zip(self.generated, absent, strict=True) if missing} | self._computed
            for column in self.table.columns:
                if column.read_only and column not in left:
                    raise refused(column)
            found = self._insertions[absent] = Insertion(
                self.model,
                tuple(column for column in self.table.columns if column not in left),
                tuple(column for column in self.table.columns if column in left),
            )
        return found

    def insertions(self, instances: Iterable[Any]) -> list[tuple[Insertion, list[Any]]]:
        """Group instances that are inserted alike; nearly always there is one group. The order within a group is kept."""
        members = instances if isinstance(instances, list) else [*instances]
        if not members or self._left.alike(members):
            return [(self.insertion(members[0]), members)] if members else []
        absent = [[getattr(instance, key, None) is None for instance in members] for key in self._generated_keys]
        groups: dict[tuple[bool, ...], list[Any]] = {}
        for flags, instance in zip(zip(*absent, strict=True), members, strict=True):
            groups.setdefault(flags, []).append(instance)
        return [(self.insertion(group[0]), group) for group in groups.values()]

    def fill(self, instance: Any, columns: Sequence[Column], values: Sequence[Any]) -> None:
        """Set attributes from a row the database returned, also on frozen dataclasses and Pydantic models."""
        self._fill(instance, [column.key for column in columns], decoded(columns, values))

    def put(self, instance: Any, keys: Sequence[str], values: Sequence[Any]) -> None:
        """Set attributes to values as they have them, also on frozen dataclasses and Pydantic models."""
        self._fill(instance, keys, values)

    def attach(self, instance: Any, key: str, value: Any) -> None:
        """Set a loaded relation, also on frozen dataclasses and Pydantic models; for Pydantic it counts as set."""
        self._fill(instance, (key,), (value,))

    def attach_all(self, instances: Iterable[Any], key: str, values: Iterable[Any]) -> None:
        """`attach` for many instances."""
        self._attach(instances, key, values)

    def assign(self, instance: Any, keys: Iterable[str], values: Iterable[Any]) -> None:
        """Set attributes to values as attributes have them, also on frozen instances."""
        self._fill(instance, keys, values)

    def unequal(self, rows: int, instances: int, why: str = "") -> ValueError:
        """The error for another number of rows than of instances."""
        than = "shorter" if rows < instances else "longer"
        msg = f"the list of rows is {than} than that of instances of {self.table.label}: {rows}, {instances}"
        return ValueError(f"{msg}. {why}" if why else msg)

    def fill_all(self, instances: list[Any], columns: Sequence[Column], rows: list[Any]) -> None:
        """`fill` for a batch; rows of one column are its values. Raises ValueError if there are not as many rows as instances."""
        if len(rows) != len(instances):
            raise self.unequal(len(rows), len(instances))
        for place, column in enumerate(columns):
            values = rows if len(columns) == 1 else [row[place] for row in rows]
            if (decode := column.decode) is not None:
                try:
                    values = [None if value is None else decode(value) for value in values]
                except DataError as error:
                    raise unlike.of_column(column, error) from error.__cause__
            self._attach(instances, column.key, values)


def refused(column: Column) -> DataError:
    """The error for a value of a column that takes none."""
    name = f"{column.table.label}.{column.key}"
    if column.computed is not None:
        return DataError(f"{name} is computed by the database ({column.computed!r}) and takes no value. Leave it out.")
    return DataError(
        f"{name} is always numbered by the database and takes no value. Leave it unset, or declare it Identity(always=False)."
    )


def decoded(columns: Sequence[Column], values: Sequence[Any]) -> Sequence[Any]:
    """Values from the database as the attributes have them."""
    if not any(column.decode for column in columns):
        return values
    return [
        value if column.decode is None or value is None else unlike.decoded(column, value)
        for column, value in zip(columns, values, strict=True)
    ]


def row_getter(columns: tuple[Column, ...]) -> Callable[[Any], Row]:
    """What reads `columns` off an instance into a tuple, encoded."""
    keys = [column.key for column in columns]
    encoders = [(position, column.encode) for position, column in enumerate(columns) if column.encode is not None]
    if not keys:
        return lambda instance: ()
    read: Callable[[Any], Row] = attrgetter(*keys)
    if len(keys) == 1:
        single = read
        read = lambda instance: (single(instance),)  # noqa: E731  # an attrgetter of one name gives the bare value
    if not encoders:
        return read

    def encoded(instance: Any) -> Row:
        values = list(read(instance))
        for position, encode in encoders:
            if values[position] is not None:
                values[position] = encode(values[position])
        return tuple(values)

    return encoded


def _reader(model: type, columns: Sequence[Column], *, encoded: bool) -> InstanceReader:
    """What reads columns off many instances, as the database takes them or as they are."""
    return InstanceReader(
        model, [column.key for column in columns], [column.encode if encoded else None for column in columns]
    )
