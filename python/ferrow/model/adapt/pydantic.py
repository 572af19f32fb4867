"""Pydantic models. Only loaded for a class that derives from `pydantic.BaseModel`, so Pydantic is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.assemble import column_of, from_metadata, table_for, with_conventional_key
from ferrow.model.naming import Convention, plural
from ferrow.model.owner import owner_of
from ferrow.model.reading import Reading
from ferrow.model.relation import Relation
from ferrow.model.relation_attribute import install
from ferrow.model.table import Table
from ferrow.model.travel import Travel, travel, understood
from ferrow.model.undecodable import Undecodable
from ferrow.types import SQLType


def describe(cls: Any, convention: Convention = plural) -> Table:
    """Make the table: every field is a column, unless its annotation says `relationship()`. Computed fields are not columns."""
    _complete(cls)
    found: list[tuple[str, dict[str, Any]]] = []
    annotations: dict[str, Annotation] = {}
    relations: list[Relation] = []
    for key, field in cls.model_fields.items():
        # Pydantic has evaluated the annotation and taken `Annotated` apart already.
        annotation = Annotation(owner_of(cls, key), key, field.annotation, cls)
        given, relation = from_metadata((*field.metadata, *annotation.resolve().metadata))
        if relation is not None:
            relations.append(Relation(cls, key, annotation, relation))
            continue
        for option, value in _limits(field).items():
            given.setdefault(option, value)
        if field.default_factory is not None:
            if not getattr(
                field, "default_factory_takes_validated_data", False
            ):  # only Pydantic has what that is called with
                given.setdefault("default", field.default_factory)
        elif not field.is_required() and field.default is not None:
            given.setdefault("default", field.default)
        found.append((key, given))
        annotations[key] = annotation
    with_conventional_key(cls, found)
    columns = [column_of(annotations[key], given, find=_travel(annotations[key], given)) for key, given in found]
    table = table_for(cls, columns, relations, convention)
    install(cls, relations)
    return table


def _travel(annotation: Annotation, given: Mapping[str, Any]) -> Callable[[], Travel]:
    def find() -> Travel:
        declared = given.get("type")
        usual, unread = None, None
        try:
            usual = travel(annotation, given, whole=True)
        except Undecodable as error:
            unread, declared = error, error.type
        except ModelError:
            if declared is not None and not isinstance(declared, SQLType):
                raise
        if usual is not None and understood(usual):
            return usual
        from ferrow.model.adapt.pydantic_types import by_schema

        try:
            return by_schema(annotation, usual.type if usual is not None else declared)
        except ModelError:
            if unread is None and usual is None:
                raise
        # Pydantic knows less of it: a class of the program that it only takes as it is (`arbitrary_types_allowed`).
        return travel(annotation, given)

    return find


def _complete(cls: Any) -> None:
    if cls.__pydantic_complete__:
        return
    try:
        cls.model_rebuild()
    except Exception as error:
        raise ModelError(
            f"{cls.__qualname__} is not complete: {error}. Define what it refers to, then call {cls.__name__}.model_rebuild()."
        ) from error


def _limits(field: Any) -> dict[str, Any]:
    """`Field(max_length=100)` is VARCHAR(100), `Field(max_digits=10, decimal_places=2)` NUMERIC(10, 2)."""
    from decimal import Decimal

    limits: dict[str, Any] = {}
    for item in field.metadata:
        for limit, option, python in (
            ("max_length", "max_length", str),
            ("max_digits", "precision", Decimal),
            ("decimal_places", "scale", Decimal),
        ):
            value = getattr(item, limit, None)
            if isinstance(value, int) and _without_none(field.annotation) is python:
                limits[option] = value
    if "precision" not in limits:
        limits.pop("scale", None)
    return limits


def _without_none(annotation: Any) -> Any:
    from typing import get_args

    members = [member for member in get_args(annotation) if member is not type(None)]
    return members[0] if len(members) == 1 and type(None) in get_args(annotation) else annotation


def reading(cls: Any, table: Table) -> Reading:
    """Construct without validation if the fields are what the decoder yields and nothing of the user's would run."""
    if _plain(cls) and all(understood(column.travel) for column in table.columns):
        return Reading("pydantic", tuple(table.by_key))
    for key in table.relations:
        if cls.model_fields[key].is_required():
            raise ModelError(
                f"{cls.__qualname__}.{key} is a relation that the validators of the class want, and a row does not have: give it a "
                "default, None or an empty list."
            )
    return Reading("call", tuple(table.by_key), factory=_unloading(_validate(cls), tuple(table.relations)))


def _plain(cls: Any) -> bool:
    from pydantic import BaseModel

    decorators = cls.__pydantic_decorators__
    return (
        not (
            decorators.validators
            or decorators.field_validators
            or decorators.root_validators
            or decorators.model_validators
        )
        and not cls.__private_attributes__
        and cls.model_post_init is BaseModel.model_post_init
        and cls.__init__ is BaseModel.__init__
        and cls.__new__ is object.__new__
        and cls.__setattr__ is BaseModel.__setattr__
        and cls.model_config.get("extra") != "allow"
        and not any(
            "__get_pydantic_core_schema__" in base.__dict__ for base in cls.__mro__ if base not in BaseModel.__mro__
        )
        and all(_plain_field(field) for field in cls.model_fields.values())
    )


def _plain_field(field: Any) -> bool:
    """Constraints were checked when the value was written; functions of the user's may change it and must run."""
    return all(
        type(item).__module__.partition(".")[0] in ("annotated_types", "ferrow")
        or type(item).__name__ == "_PydanticGeneralMetadata"  # pattern, max_digits, ...
        or (isinstance(item, type) and item.__module__.startswith("ferrow."))
        for item in field.metadata
    )


def _validate(cls: Any) -> Callable[..., Any]:
    """Validation of a row by field name, whatever the aliases: they belong to the outside world, not to the table."""
    keys = {name: _input_key(cls, name, field) for name, field in cls.model_fields.items()}
    if all(name == key for name, key in keys.items()):
        return lambda **values: cls.model_validate(values)
    return lambda **values: cls.model_validate({keys[name]: value for name, value in values.items()})


def _unloading(factory: Callable[..., Any], keys: tuple[str, ...]) -> Callable[..., Any]:
    """Validation after which relations are not loaded, whatever their defaults are."""
    if not keys:
        return factory

    def build(**values: Any) -> Any:
        instance = factory(**values)
        for key in keys:
            instance.__dict__.pop(key, None)
            instance.__pydantic_fields_set__.discard(key)
        return instance

    return build


def _input_key(cls: Any, name: str, field: Any) -> str:
    alias = field.validation_alias
    if alias is None or cls.model_config.get("populate_by_name") or cls.model_config.get("validate_by_name"):
        return name
    choices = getattr(alias, "choices", [alias])
    for choice in choices:
        if isinstance(choice, str):
            return choice
    raise ModelError(
        f"{cls.__qualname__}.{name} can only be validated through the path {alias!r}. Set model_config = ConfigDict(populate_by_name=True)."
    )


def make(cls: Any, values: dict[str, Any]) -> Any:
    """Validate, by field name whatever the aliases."""
    fields = cls.model_fields
    return cls.model_validate({_input_key(cls, name, fields[name]): value for name, value in values.items()})


def attach(instances: Iterable[Any], key: str, values: Iterable[Any]) -> None:
    """Set one attribute of many instances, also frozen ones; it counts as set."""
    for instance, value in zip(instances, values, strict=True):
        instance.__dict__[key] = value
        instance.__pydantic_fields_set__.add(key)


def fill(instance: Any, keys: Iterable[str], values: Iterable[Any]) -> None:
    """Set generated values, on frozen models too; they count as set, since the row has them."""
    keys = list(keys)
    instance.__dict__.update(zip(keys, values, strict=True))
    instance.__pydantic_fields_set__.update(keys)
