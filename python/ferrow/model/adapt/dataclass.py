"""Dataclasses, also frozen ones and ones with slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields
from typing import Any

from ferrow._core import set_each
from ferrow.errors import ModelError
from ferrow.model.adapt.metadata import codec, doubt, foreign_key
from ferrow.model.annotation import Annotation
from ferrow.model.assemble import column_of, from_metadata, table_for, with_conventional_key
from ferrow.model.naming import Convention, plural
from ferrow.model.options import JSON, RelationOptions
from ferrow.model.owner import owner_of
from ferrow.model.reading import Reading
from ferrow.model.relation import Relation
from ferrow.model.relation_attribute import generated, install, without
from ferrow.model.table import Table
from ferrow.types import BigInteger

# Keys of field(metadata={...}): ours, and the short ones of mini_orm. Others belong to somebody else.
_SAME = (
    "nullable",
    "unique",
    "index",
    "unique_index",
    "version",
    "index_name",
    "max_length",
    "precision",
    "scale",
    "timezone",
    "check",
    "server_default",
    "comment",
    "collation",
    "identity",
    "computed",
    "native_enum",
    "enum_name",
    "soft_delete",
    "on_update",
)
_OTHER = {"primary_key": "primary_key", "pk": "primary_key", "autoincrement": "autoincrement", "auto": "autoincrement"}


def describe(cls: type, convention: Convention = plural) -> Table:
    """Make the table: every field is a column, unless it is a relation."""
    found: list[tuple[str, dict[str, Any]]] = []
    annotations: dict[str, Annotation] = {}
    nullable: dict[str, bool | None] = {}
    relations: list[Relation] = []
    for field in fields(cls):
        annotation = Annotation(owner_of(cls, field.name), field.name, field.type, cls)
        given, relation = from_metadata(annotation.resolve().metadata)
        if isinstance(field.default, RelationOptions) or relation is not None:
            options = field.default if isinstance(field.default, RelationOptions) else relation
            assert options is not None
            relations.append(Relation(cls, field.name, annotation, options))
            continue
        given.update(_given(field, annotation))
        if field.metadata.get("auto") and "type" not in given and annotation.resolve().python is int:
            given["type"] = BigInteger()  # what is numbered by itself does not stop at 2147483647
        found.append((field.name, given))
        annotations[field.name] = annotation
        # `age: int = None` means what it does, whatever its annotation says.
        nullable[field.name] = True if field.default is None else None
    with_conventional_key(cls, found)
    columns = [column_of(annotations[key], given, nullable=nullable[key]) for key, given in found]
    table = table_for(cls, columns, relations, convention)
    if relations:
        install(cls, relations)
        without(cls, relations)
    return table


def _given(field: Field[Any], annotation: Annotation) -> dict[str, Any]:
    metadata = field.metadata
    given: dict[str, Any] = {key: metadata[key] for key in _SAME if metadata.get(key) is not None}
    for key, option in _OTHER.items():
        if metadata.get(key) is not None:
            given[option] = bool(metadata[key])
    if metadata:
        doubt(metadata, (*_SAME, *_OTHER, "fk", "type_"), annotation.where)
    name = metadata.get("column", metadata.get("name"))
    if isinstance(name, str):
        given["name"] = name
    target = metadata.get("foreign_key", metadata.get("fk"))
    if target is not None:
        given["foreign_key"] = foreign_key(target, metadata, annotation.where)
    declared = metadata.get("type_", metadata.get("type"))
    if declared is not None:
        given["type"] = declared
    if metadata.get("codec") is not None and codec(metadata["codec"], annotation) == "json":
        given["type"] = JSON
    if field.default is not MISSING and field.default is not None:
        given["default"] = field.default
    elif field.default_factory is not MISSING:
        given["default"] = field.default_factory
    return given


def reading(cls: type, table: Table) -> Reading:
    """Fill the instance directly if nothing but the generated constructor would run; otherwise call the class."""
    for name, pseudo in _init_vars(cls).items():
        if pseudo.default is MISSING and pseudo.default_factory is MISSING:
            raise ModelError(
                f"{cls.__qualname__}.{name} is an InitVar without a default, and rows have no value for it. Give it a default."
            )
    keys = tuple(table.by_key)
    if _plain(cls, keys):
        if _has_dict(cls):
            return Reading("dict", keys)
        if all(_slot(cls, key) for key in keys):
            return Reading("slots", keys)
    late = tuple(field.name for field in fields(cls) if not field.init and field.name in table.by_key)
    factory = _late_factory(cls, late) if late else None
    return Reading("call", keys, factory=_unloading(cls, factory or cls, table) if table.relations else factory)


def _init_vars(cls: type) -> dict[str, Field[Any]]:
    from dataclasses import _FIELD_INITVAR  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

    declared: dict[str, Field[Any]] = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return {name: field for name, field in declared.items() if field._field_type is _FIELD_INITVAR}  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def _plain(cls: Any, keys: Iterable[str]) -> bool:
    return (
        not hasattr(cls, "__post_init__")
        and cls.__new__ is object.__new__
        and generated(cls.__init__)
        and (cls.__setattr__ is object.__setattr__ or generated(cls.__setattr__))
        and not any(_intercepts(cls, name) for name in keys)
    )


def _intercepts(cls: type, key: str) -> bool:
    """Whether something of the user's stands in the way of the attribute, such as a property."""
    for base in cls.__mro__:
        if key in base.__dict__:
            found = base.__dict__[key]
            return hasattr(type(found), "__set__") and not _is_slot(found)
    return False


def _is_slot(found: object) -> bool:
    from types import MemberDescriptorType

    return isinstance(found, MemberDescriptorType)


def _slot(cls: type, key: str) -> bool:
    return any(_is_slot(base.__dict__.get(key)) for base in cls.__mro__)


def _has_dict(cls: type) -> bool:
    # A slot hides the dictionary entry of the same name, so a mixture of both is neither.
    return cls.__dictoffset__ != 0 and not any(_slot(cls, field.name) for field in fields(cls))


def _late_factory(cls: type, late: tuple[str, ...]) -> Callable[..., Any]:
    """A constructor that also takes the fields with `init=False`: the row has values for them."""

    def build(**values: Any) -> Any:
        kept = {key: values.pop(key) for key in late}
        instance = cls(**values)
        fill(instance, kept, kept.values())
        return instance

    return build


def _unloading(cls: type, factory: Callable[..., Any], table: Table) -> Callable[..., Any]:
    """A constructor whose relations are not loaded afterwards, whatever it made of them."""
    required = {
        field.name: None
        for field in fields(cls)
        if field.name in table.relations
        and field.init
        and field.default is MISSING
        and field.default_factory is MISSING
    }

    def build(**values: Any) -> Any:
        instance = factory(**values, **required)
        for key in table.relations:
            if hasattr(instance, key):
                object.__delattr__(instance, key)
        return instance

    return build


def make(cls: type, values: dict[str, Any]) -> Any:
    """Call the class; fields that are no arguments are set afterwards."""
    late = tuple(field.name for field in fields(cls) if not field.init and field.name in values)
    return _late_factory(cls, late)(**values)


def attach(instances: Iterable[Any], key: str, values: Iterable[Any]) -> None:
    """Set one attribute of many instances, also frozen ones."""
    set_each(
        instances if isinstance(instances, list) else [*instances],
        key,
        values if isinstance(values, list) else [*values],
    )


def fill(instance: Any, keys: Iterable[str], values: Iterable[Any]) -> None:
    """Set generated values, on frozen instances too: what the server generated is not a change by the user."""
    put = object.__setattr__
    for key, value in zip(keys, values, strict=True):
        put(instance, key, value)
