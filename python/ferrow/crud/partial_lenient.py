"""What a Pydantic model's own methods make of a partial instance, in which most values are missing."""

from __future__ import annotations

from collections.abc import Collection, Set
from contextlib import suppress
from inspect import Parameter, signature
from typing import Any

from pydantic import ValidationInfo, computed_field, field_validator


def lenient_validators(model: Any, single: Set[str]) -> dict[str, Any]:
    """Validators of fields, which see values only: None passes, and of several values, in fields for one, each is validated."""
    return {name: _validator(found, single) for name, found in model.__pydantic_decorators__.field_validators.items()}


def _parameters(call: Any) -> Collection[Parameter]:
    try:
        return signature(call).parameters.values()
    except NameError:  # Python 3.14 looks up the names in annotations; some may be there for type checkers only
        from annotationlib import Format  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

        options: dict[str, Any] = {"annotation_format": Format.FORWARDREF}
        return signature(call, **options).parameters.values()


def _validator(found: Any, single: Set[str]) -> Any:
    mode = found.info.mode
    call = found.func
    takes = sum(
        one.default is Parameter.empty and one.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        for one in _parameters(call)
    )

    def applied(value: Any, info: ValidationInfo, *handler: Any) -> Any:
        if value is None:
            return None
        arguments = (*handler, info)[: takes - 1]
        if info.field_name in single and isinstance(value, (list, tuple, set, frozenset)):
            return [None if one is None else call(one, *arguments) for one in value]
        return call(value, *arguments)

    def around(cls: Any, value: Any, handler: Any, info: ValidationInfo) -> Any:
        return applied(value, info, handler)

    def plain(cls: Any, value: Any, info: ValidationInfo) -> Any:
        return applied(value, info)

    made: Any = around if mode == "wrap" else plain
    applies: Any = field_validator(*found.info.fields, mode=mode, check_fields=False)
    return applies(classmethod(made))


def lenient_computed(model: Any) -> dict[str, Any]:
    """Computed fields, which are None where what they are computed from is missing."""
    return {name: _computed(model, name) for name in model.__pydantic_decorators__.computed_fields}


def _computed(model: Any, name: str) -> Any:
    whole = getattr(model, name)  # a property, or a cached one

    def computed(self: Any) -> Any:
        with suppress(Exception):  # whatever comes of a value that is not there
            return whole.__get__(self, type(self))
        return None

    return computed_field(return_type=Any, repr=False)(property(computed))
