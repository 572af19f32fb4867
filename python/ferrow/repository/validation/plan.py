"""What is checked on the instances of one class: found out once, when the first is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from operator import attrgetter
from types import NoneType
from typing import Any

from ferrow.model.annotation import Annotation
from ferrow.model.options import RelationOptions
from ferrow.model.owner import own_annotations, owner_of
from ferrow.repository.validation.error import FieldError
from ferrow.repository.validation.rules import Rule, from_annotated, rules
from ferrow.repository.validation.types import Check, Types, exactly, known_variables

_LONGEST = 80  # characters of a value in a message


class FieldPlan:
    """What is checked on one field. Values whose class is in `exact` need no look at all; `shown` says what the annotation asks for."""

    __slots__ = ("check", "exact", "name", "python", "required", "rules", "secret", "shown")

    def __init__(
        self,
        name: str,
        python: Any,
        shown: str,
        check: Check | None,
        exact: frozenset[type],
        required: bool,
        rules: list[tuple[str, Rule]],
        secret: bool,
    ) -> None:
        self.name: str = name
        self.python: Any = python
        self.shown: str = shown
        self.check: Check | None = check
        self.exact: frozenset[type] = exact if not rules else frozenset()
        self.required: bool = required
        self.rules: list[tuple[str, Rule]] = rules
        self.secret: bool = secret

    def errors(self, value: Any) -> list[FieldError]:
        """What is wrong with a value, `[]` if nothing is."""
        if value is None and self.required:
            return [FieldError(self.name, f"Field {self.name!r} is required.", "required")]
        if self.check is not None and not self.check(value):
            return [self._error("type", f"must be {self.shown}", value)]
        if value is None:
            return []
        return [self._error(key, said, value) for key, rule in self.rules if (said := rule(value)) is not None]

    def _error(self, key: str, said: str, value: Any) -> FieldError:
        if self.secret:
            return FieldError(self.name, f"Field {self.name!r} {said}.", key)
        shown = repr(value)
        shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
        return FieldError(self.name, f"Field {self.name!r} {said}. It is {shown}.", key)


class Plan:
    """What is checked on the instances of `cls`."""

    __slots__ = ("by_name", "get", "label", "late", "pairs")

    def __init__(self, cls: type, found: list[FieldPlan], late: frozenset[str]) -> None:
        self.label: str = cls.__qualname__.rpartition(".<locals>.")[2]
        self.by_name: dict[str, FieldPlan] = {one.name: one for one in found}
        asked = [one for one in found if one.check is not None or one.rules or one.required]
        self.pairs: list[tuple[frozenset[type], Callable[[Any], list[FieldError]]]] = [
            (one.exact, one.errors) for one in asked
        ]
        names = [one.name for one in asked]
        self.late: frozenset[str] = late
        self.get: Callable[[Any], tuple[Any, ...]] = (
            attrgetter(*names) if len(names) > 1 else lambda instance: tuple(getattr(instance, name) for name in names)
        )

    def errors(self, instance: Any) -> list[FieldError]:
        """All that is wrong with an instance."""
        try:
            values = self.get(instance)
        except AttributeError:
            return self._slowly(instance)
        for (exact, errors), value in zip(self.pairs, values, strict=True):
            if type(value) not in exact and errors(value):
                return self._slowly(instance)
        return []

    def _slowly(self, instance: Any) -> list[FieldError]:
        found: list[FieldError] = []
        for name, one in self.by_name.items():
            # A field that is no argument may get its value later.
            if name not in self.late or hasattr(instance, name):
                found += one.errors(getattr(instance, name))
        return found


def plan_of(cls: type) -> Plan:
    """The plan of a class. Raises TypeError if it is no dataclass, ModelError for an annotation that cannot be understood."""
    found: Plan | None = cls.__dict__.get("__ferrow_validation__")
    if found is None:
        found = _made(cls)
        cls.__ferrow_validation__ = found  # type: ignore[attr-defined]
    return found


def _made(cls: type) -> Plan:
    if not hasattr(cls, "__dataclass_fields__"):
        raise TypeError(f"{cls.__qualname__} must be a dataclass to be validated: decorate it with @dataclass.")
    known = known_variables(cls)
    declared: tuple[Field[Any], ...] = fields(cls)  # pyright: ignore[reportArgumentType]
    found = [made for field in declared if (made := _field(cls, field, known)) is not None]
    late = frozenset(
        field.name
        for field in declared
        if not field.init and field.default is MISSING and field.default_factory is MISSING
    )
    return Plan(cls, found, late)


def _field(cls: type, field: Field[Any], known: Mapping[Any, Any]) -> FieldPlan | None:
    owner = owner_of(cls, field.name)
    # Not field.type: Python 3.14 may know by now what it did not when the dataclass was made.
    annotation = Annotation(owner, field.name, own_annotations(owner).get(field.name, field.type))
    resolved = annotation.complete()
    if isinstance(field.default, RelationOptions) or any(isinstance(one, RelationOptions) for one in resolved.metadata):
        return None
    annotated = resolved.python
    types = Types(annotation.evaluated, known, annotation.where)
    check, exact = types.check(annotated), exactly(annotated, annotation.evaluated)
    metadata = {**from_annotated(resolved.metadata), **field.metadata}
    # A key that the database will give is not there yet.
    empty = resolved.nullable or (metadata.get("pk") and metadata.get("auto"))
    if check is not None and empty:
        inner = check
        check, exact = lambda value: value is None or inner(value), exact | {NoneType}
    required = bool(metadata.get("required"))
    if required:
        exact -= {NoneType}
    shown = f"{_named(annotated)} or None" if resolved.nullable else _named(annotated)
    asked = rules(f"{cls.__qualname__}.{field.name}", metadata)
    return FieldPlan(field.name, annotated, shown, check, exact, required, asked, not field.repr)


def _named(annotated: Any) -> str:
    if isinstance(annotated, type) and not getattr(annotated, "__args__", None):
        return annotated.__name__
    text = str(annotated).replace("typing.", "").replace("collections.abc.", "").replace("datetime.", "")
    return text.removeprefix("Optional[").removesuffix("]") if text.startswith("Optional[") else text
