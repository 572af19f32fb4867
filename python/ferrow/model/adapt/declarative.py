"""Typed classes (`Base`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.assemble import column_of, from_metadata, table_for
from ferrow.model.column import Column
from ferrow.model.declare import Field
from ferrow.model.naming import Convention, plural
from ferrow.model.options import RelationOptions
from ferrow.model.reading import Reading
from ferrow.model.relation import Relation
from ferrow.model.table import Table


def describe(cls: type, convention: Convention = plural) -> Table:
    """Make the table, which has its name from the class always. Raises ModelError for an abstract class."""
    if cls.__dict__.get("__abstract__", False):
        raise ModelError(
            f"{cls.__qualname__} is abstract (__abstract__ = True) and has no table: use a class derived from it."
        )
    fields: dict[str, Field] = cls.__dict__["__ferrow_fields__"]
    columns: list[Column] = []
    relations: list[Relation] = []
    for field in fields.values():
        annotation = Annotation(field.owner, field.key, field.raw)
        given, relation = from_metadata(annotation.resolve().metadata)
        if isinstance(field.options, RelationOptions):
            relation = field.options
        elif field.options is not None:
            given.update(field.options.given)
        if relation is not None:
            relations.append(Relation(cls, field.key, annotation, relation))
        else:
            columns.append(column_of(annotation, given))
    return table_for(cls, columns, relations)


def reading(cls: type, table: Table) -> Reading:
    """Rows go straight into the instances' dictionaries: no constructor, no defaults."""
    return Reading("dict", tuple(table.by_key))


def make(cls: type, values: dict[str, Any]) -> Any:
    """Call the class."""
    return cls(**values)


def attach(instances: Iterable[Any], key: str, values: Iterable[Any]) -> None:
    """Set one attribute of many instances."""
    for instance, value in zip(instances, values, strict=True):
        instance.__dict__[key] = value


def fill(instance: Any, keys: Iterable[str], values: Iterable[Any]) -> None:
    """Set generated values."""
    instance.__dict__.update(zip(keys, values, strict=True))
