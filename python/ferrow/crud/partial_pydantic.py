"""`Partial` of Pydantic models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic.fields import FieldInfo

from ferrow.crud.filters import holds_several
from ferrow.crud.partial_lenient import lenient_computed, lenient_validators
from ferrow.model import table_of


def subclass(model: Any) -> Any:
    """The partial class of a model."""
    table = table_of(model)
    single = {key for key, column in table.by_key.items() if not holds_several(column.type.kind)}
    annotations: dict[str, Any] = {}
    defaults: dict[str, FieldInfo] = {}
    for name, field in model.model_fields.items():
        if name in table.relations and not field.is_required():
            continue  # the model's own, which says what is not loaded
        annotations[name] = _loose(field, several=name in single)
        defaults[name] = _loosened(field)
    config = ConfigDict(populate_by_name=True, extra="forbid", validate_default=False)
    namespace: dict[str, Any] = {
        "__module__": model.__module__,
        "__qualname__": f"Partial{model.__name__}",
        "__doc__": f"Some of the fields of a {model.__name__}.",
        "__annotations__": annotations,
        "__abstract__": True,  # no table of its own
        "model_config": config,
        **defaults,
        **_silenced(model),
        **lenient_validators(model, single),
        **lenient_computed(model),
    }
    if model.model_post_init is not BaseModel.model_post_init and not model.__private_attributes__:
        namespace["model_post_init"] = _nothing
    return type(model)(f"Partial{model.__name__}", (model,), namespace)


def _nothing(self: Any, context: Any) -> None:
    """What a model does after its validation expects all of its fields."""


def _loose(field: FieldInfo, *, several: bool) -> Any:
    """None, or several values, or what the field takes: constraints are left out, what converts values is not."""
    one: Any = field.annotation
    if isinstance(one, str):
        return Any  # what is still text cannot be in a union
    for more in field.metadata:
        if hasattr(more, "__get_pydantic_core_schema__"):
            one = Annotated[one, more]
    if not several:
        return Union[None, one]  # noqa: UP007  # some annotations know no |
    # None first: what converts values stumbles over it.
    return Annotated[Union[None, list[one], one], Field(union_mode="left_to_right")]  # noqa: RUF036, UP007


def _loosened(field: FieldInfo) -> FieldInfo:
    """The field under its names, with neither constraints nor a default of its own."""
    return FieldInfo(
        default=None,
        alias=field.alias,
        validation_alias=field.validation_alias,
        serialization_alias=field.serialization_alias,
        title=field.title,
        description=field.description,
    )


def _silenced(model: Any) -> dict[str, Any]:
    """In place of validators that look at the whole model, ones that let it pass."""

    def passed(self: Any) -> Any:
        return self

    return {name: model_validator(mode="after")(passed) for name in model.__pydantic_decorators__.model_validators}


def checked(model: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, held against the constraints of the model's fields. Raises Pydantic's ValidationError."""
    judge = model.__dict__.get("__ferrow_judge__")
    if judge is None:
        definitions: dict[str, Any] = {
            name: (Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation, None)
            for name, field in model.model_fields.items()
        }
        config: Any = {**model.model_config, "extra": "forbid", "validate_default": False, "frozen": False}
        # Of the same name, which is what its errors begin with.
        judge = model.__ferrow_judge__ = create_model(model.__name__, __config__=config, **definitions)
    found = judge.model_validate(dict(given)).__dict__
    return {name: found[name] for name in given}
