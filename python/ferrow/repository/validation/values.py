"""Checks for values that do not come through a constructor: `update_where({"age": -1})`, an instance that was changed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from ferrow.repository.validation.error import FieldError, together
from ferrow.repository.validation.model import ValidatedModel, validate
from ferrow.repository.validation.plan import plan_of
from ferrow.sql.node import Node


def validate_values(cls: type, values: Mapping[str, Any]) -> None:
    """Check values of some fields of a class; nothing where it is no ValidatedModel. Raises ValidationError with all that is wrong.

    SQL expressions (`User.age + 1`) pass: their values are not known here. For an enumeration the value of a member will do.
    """
    if not issubclass(cls, ValidatedModel):
        return
    plan = plan_of(cls)
    found: list[FieldError] = []
    for name, value in values.items():
        field = plan.by_name.get(name)
        if field is None or isinstance(value, Node):
            continue
        found += field.errors(_member(field.python, value))
    if found:
        raise together(plan.label, found)


def validate_instance(instance: Any) -> None:
    """Check an instance that may have been changed since it was made, `model_validate` included; as `validate_values`."""
    if isinstance(instance, ValidatedModel):
        validate(instance)


def _member(python: Any, value: Any) -> Any:
    if isinstance(python, type) and issubclass(python, Enum) and not isinstance(value, python):
        try:
            return python(value)
        except ValueError:
            return value
    return value
