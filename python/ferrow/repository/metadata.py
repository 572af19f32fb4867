"""What a model is made of, as repositories see it: names, fields, keys, rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from ferrow.errors import DataError
from ferrow.model.binding import binding
from ferrow.model.writing import Writer
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.repository.names import keyed, table_of

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.repository.relations import RelationSpec

M = TypeVar("M")


class DataclassModel(Protocol):
    """An instance of a dataclass, for type checkers."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@dataclass(frozen=True)
class ModelMetadata:
    """What is known about a model.

    Attributes:
        model: the class.
        table: the table's name.
        pk: the first column of the primary key; `auto_pk` is the same if the database numbers the rows, else None.
        columns: the names of all columns, in order; `writable_columns` those that are not part of the key.
        description: all there is to know, the `Table`.
    """

    model: type
    table: str
    pk: Column
    auto_pk: Column | None
    columns: tuple[str, ...]
    writable_columns: tuple[str, ...]
    description: Table

    @property
    def relations(self) -> dict[str, RelationSpec]:
        """The relations by name, as `model_relations` finds them now."""
        from ferrow.repository.relations import model_relations

        return model_relations(self.model)


def build_model_metadata(cls: type) -> ModelMetadata:
    """What is known about a model. Raises ValueError for one without a primary key, ModelError for what is no model."""
    table = keyed(cls)
    pk = table.primary_key[0]
    return ModelMetadata(
        cls,
        table.name,
        pk,
        pk if pk.autoincrement else None,
        tuple([column.name for column in table.columns]),
        tuple([column.name for column in table.columns if not column.primary_key]),
        table,
    )


def require_dataclass_model(cls: Any) -> None:
    """Raises TypeError for what is not a dataclass."""
    if not (isinstance(cls, type) and is_dataclass(cls)):
        raise InvalidType(f"{getattr(cls, '__name__', repr(cls))} must be a dataclass.")


def table_name(model_or_instance: Any) -> str:
    """The name of the table of a model, or of that of an instance."""
    return table_of(model_or_instance if isinstance(model_or_instance, type) else type(model_or_instance)).name


def model_fields(cls: type) -> list[Field[Any]]:
    """The fields of a dataclass that are columns. Raises TypeError for what is not a dataclass."""
    require_dataclass_model(cls)
    by_key = table_of(cls).by_key
    return [field for field in fields(cls) if field.name in by_key]


def pk_fields(cls: type) -> list[Field[Any]]:
    """The fields of the primary key. Raises ValueError if there are none."""
    known = {column.key for column in keyed(cls).primary_key}
    return [field for field in model_fields(cls) if field.name in known]


def auto_pk_field(cls: type) -> Field[Any] | None:
    """The field whose values the database counts up, or None. Raises as `pk_fields`."""
    found = pk_fields(cls)
    return found[0] if len(found) == 1 and keyed(cls).by_key[found[0].name].autoincrement else None


def to_dict(obj: Any) -> dict[str, Any]:
    """The values of an instance by column, as the database gets them: `{"status": "draft"}` for `Status.DRAFT`.

    Raises:
        ModelError: it is not an instance of a model.
        ValueError: a value that its column cannot hold.
    """
    table = table_of(type(obj))
    writer: Writer = binding(type(obj)).writer
    return dict(zip([column.name for column in table.columns], writer.values(obj), strict=True))


def row_to_model(cls: type[M], row_mapping: Mapping[str, Any]) -> M:
    """Make an instance of a row, as `Database.fetchone` gives it, or of one that has `keys()`, as sqlite3's; columns that the model does not
    have are passed over.

    The class's constructor runs, with its checks and defaults.

    Raises:
        ModelError: it is not a model.
        ValueError: a value that is not what its attribute says (a DataError).
        TypeError: a column is missing that the class needs; or what is given does not say the names of its columns.
    """
    table = table_of(cls)
    if not isinstance(row_mapping, Mapping):
        if not hasattr(row_mapping, "keys"):
            raise InvalidType(f"row_to_model() takes values by column, as {{'id': 1}}, not {row_mapping!r}.")
        row_mapping = dict(row_mapping)
    values: dict[str, Any] = {}
    for column in table.columns:
        name = column.name if column.name in row_mapping else column.key
        if name in row_mapping:
            values[column.key] = _attribute(column, row_mapping[name])
    made: M = binding(cls).make(values)
    return made


_FROM_TEXT: dict[type, Any] = {
    datetime.datetime: datetime.datetime.fromisoformat,
    datetime.date: datetime.date.fromisoformat,
    datetime.time: datetime.time.fromisoformat,
    Decimal: Decimal,
    UUID: UUID,
}
"""What SQLite keeps as text, and gives as such to who asks without a model."""


def _attribute(column: Column, value: Any) -> Any:
    if value is None:
        return None
    try:
        if column.type.kind == "json" and isinstance(value, (str, bytes)):
            value = json.loads(value)
        elif column.type.kind == "bool" and value.__class__ is int:
            value = bool(value)
        elif isinstance(value, str) and column.type.python in _FROM_TEXT:
            value = _FROM_TEXT[column.type.python](value)
        return value if column.decode is None else column.decode(value)
    except (ValueError, ArithmeticError) as error:
        raise Undecodable(f"{column.table.label}.{column.key} cannot be made of {value!r}: {error}") from error


class Undecodable(DataError, InvalidArgument):
    """A value of a row that its attribute cannot be made of."""
