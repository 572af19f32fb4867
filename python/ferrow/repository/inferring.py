"""Relations told from foreign keys, one by one as they are asked for.

Who has many is found by asking all classes there are which of them refer to it, so it does not matter in which module they are. A
class that cannot be understood, or two that would give a relation the same name, are nobody's trouble but theirs who use it. Of two in
different modules the one beside the model is meant: what else a program imports, or has declared and dropped, must not change that.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.foreign_key import ForeignKey
from ferrow.model.link import Link
from ferrow.model.options import RelationOptions
from ferrow.model.relation import Relation
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.repository.names import belonging, plural, table_of
from ferrow.repository.relations import RelationSpec, RelationType, explicit
from ferrow.repository.relations import declared as attributes


class Relations:
    """The relations of one model."""

    __slots__ = ("_links", "_own", "model")

    def __init__(self, model: type) -> None:
        self.model: type = model
        self._links: dict[str, Link] = {}
        self._own: dict[str, list[RelationSpec]] | None = None

    def link(self, name: str, related: type | None = None) -> Link:
        """The columns of a relation. `related`: the class of objects that are there already, which tells two of one name apart.

        Raises:
            ValueError: no such relation, or several of that name.
            TypeError: the name is no text.
        """
        found = self._links.get(name)
        if found is None or (related is not None and found.model is not related):
            if not isinstance(name, str) or not name:
                raise InvalidType("include relation names must be non-empty strings.")
            found = self._found(name, related)
            if related is None:
                self._links[name] = found
        return found

    def _found(self, name: str, related: type | None) -> Link:
        table = table_of(self.model)
        own = self._named()
        if name not in own and name in table.relations:
            return table.relations[name].link
        specs = own.get(name) or self._of_others(name)
        if len(specs) > 1:
            specs = [spec for spec in specs if spec.model is related] or self._near(specs)
        if not specs:
            known = ", ".join(dict.fromkeys([*own, *table.relations, *self._others()])) or "none"
            raise InvalidArgument(f"Unknown relation {name!r} on {self.model.__name__}. Available: {known}.")
        if len(specs) > 1:
            raise _twice(self.model, specs)
        if table.relations.get(name) is not None:  # an attribute, told by its own declaration
            return table.relations[name].link
        return _link(self.model, specs[0])

    def _of_others(self, name: str) -> list[RelationSpec]:
        """Those of this name that other classes tell. Asking all of them takes milliseconds, so what was found is kept on the class."""
        known: dict[str, RelationSpec] = self.model.__dict__.get("__ferrow_inferred__", {})
        spec = known.get(name)
        if spec is not None and _is_current(spec.model) and not self._says(spec):
            return [spec]
        specs = self._others().get(name, [])
        if len(specs) == 1:
            self.model.__ferrow_inferred__ = {**known, name: specs[0]}  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
        return specs

    def _says(self, spec: RelationSpec) -> bool:
        """Whether the class itself tells the same under another name."""
        return any(own.meaning == spec.meaning for specs in self._named().values() for own in specs)

    def all(self) -> dict[str, RelationSpec]:
        """Every one. Raises ValueError for two of one name; those of other modules are left out then."""
        found: dict[str, RelationSpec] = {}
        for name, specs in [*self._named().items(), *self._others().items()]:
            near = self._near(specs)
            if len(near) > 1 and self._is_near(near[0]):
                raise _twice(self.model, near)
            if len(near) == 1:
                found.setdefault(name, near[0])
        return found

    def _near(self, specs: list[RelationSpec]) -> list[RelationSpec]:
        """Of those of one name, those whose class is in the module of the model, or else all."""
        return [spec for spec in specs if self._is_near(spec)] or specs

    def _is_near(self, spec: RelationSpec) -> bool:
        return not spec.many or spec.model.__module__ == self.model.__module__

    def _named(self) -> dict[str, list[RelationSpec]]:
        """Those the class itself tells."""
        if self._own is None:
            found = {name: [spec] for name, spec in {**attributes(self.model), **explicit(self.model)}.items()}
            meant = {spec.meaning for (spec,) in found.values()}
            taken = set(found)
            for key, target, column, name, _ in references(self.model):
                spec = RelationSpec(name or belonging(key, target), target, key, column, RelationType.BELONGS_TO)
                if spec.name not in taken and spec.meaning not in meant:
                    found.setdefault(spec.name, []).append(spec)
            self._own = found
        return self._own

    def _others(self) -> dict[str, list[RelationSpec]]:
        """Those that other classes tell by referring to this one."""
        own = self._named()
        found: dict[str, list[RelationSpec]] = {}
        for child in referring(self.model):
            try:
                keys = list(references(child))
            except (ModelError, InvalidType):  # who uses it is told
                continue
            for key, target, column, _, name in keys:
                if target is not self.model or (child is self.model and name is None):
                    continue
                spec = RelationSpec(name or plural(child), child, column, key, RelationType.HAS_MANY)
                if spec.name not in own and not self._says(spec):
                    found.setdefault(spec.name, []).append(spec)
        return found


def references(model: type) -> Iterator[tuple[str, type, str, str | None, str | None]]:
    """The foreign keys of a model that name a class: attribute, class, attribute there, and how the relation is called on both sides.

    Raises:
        TypeError: `relation` or `related_name` is no text.
    """
    if hasattr(model, "__dataclass_fields__"):
        for field in fields(model):
            target = _target(field.metadata)
            if target is not None:
                names = [
                    _name(model, field.name, word, field.metadata.get(word)) for word in ("relation", "related_name")
                ]
                yield field.name, target[0], target[1], names[0], names[1]
        return
    for key in table_of(model).foreign_keys:
        assert key.foreign_key is not None
        if key.foreign_key.model is not None:
            yield key.key, key.foreign_key.model, key.foreign_key._column, None, None


def _target(metadata: Mapping[Any, Any]) -> tuple[type, str] | None:
    """The class and column a field refers to; None if it refers to none, or in a way that names no class."""
    said = metadata.get("fk", metadata.get("foreign_key"))
    if isinstance(said, ForeignKey):
        said = (said._target, said._column)
    elif isinstance(said, Mapping):
        said = (said.get("model"), said.get("column", "id"))
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        return None
    model, column = said
    return (model, column) if isinstance(model, type) and isinstance(column, str) else None


def _name(model: type, field: str, word: str, said: Any) -> str | None:
    if said is not None and (not isinstance(said, str) or not said):
        raise InvalidType(f"{model.__name__}.{field}: metadata {word!r} must be a non-empty string, not {said!r}.")
    return said


def _is_current(model: type) -> bool:
    """Whether a class was not defined anew since, as in a notebook whose cell is run again."""
    name = model.__qualname__
    return "." in name or getattr(sys.modules.get(model.__module__), name, None) is model


def referring(model: type) -> list[type]:
    """All models there are with a foreign key to this one, each name in each module once: the last one counts."""
    found: dict[tuple[str, str], type] = {}
    for cls in _classes():
        declared = cls.__dict__.get("__dataclass_fields__")
        if isinstance(declared, dict):
            if any(_refers(getattr(field, "metadata", {}), model) for field in declared.values()):
                found[cls.__module__, cls.__qualname__] = cls
        elif _refers_otherwise(cls, model):
            found[cls.__module__, cls.__qualname__] = cls
    return list(found.values())


def _refers_otherwise(cls: type, model: type) -> bool:
    """Whether a class of another style refers to a model: a Pydantic model says so in its fields, others once they are described."""
    if "__pydantic_fields__" in cls.__dict__:
        found = [item for field in cls.__dict__["__pydantic_fields__"].values() for item in field.metadata]
    elif "__ferrow_binding__" in cls.__dict__:
        found = [key.foreign_key for key in cls.__dict__["__ferrow_binding__"].table.foreign_keys]
    else:
        return False
    return any(isinstance(item, ForeignKey) and item.model is model for item in found)


def _refers(metadata: Mapping[Any, Any], model: type) -> bool:
    target = _target(metadata)
    return target is not None and target[0] is model


def _classes() -> Iterator[type]:
    seen: dict[int, type] = {}  # without comparing them: a class of typing's warns of that on Python 3.14
    waiting = [object]
    while waiting:
        for cls in type.__subclasses__(waiting.pop()):
            if id(cls) not in seen:
                seen[id(cls)] = cls
                waiting.append(cls)
                yield cls


def _twice(model: type, specs: list[RelationSpec]) -> InvalidArgument:
    names = [
        f"{spec.model.__name__}.{spec.remote_key}" if spec.many else f"{model.__name__}.{spec.local_key}"
        for spec in specs
    ]
    if len({*names}) < len(names):  # classes of one name
        names = [f"{spec.model.__module__}.{spec.model.__qualname__}.{spec.remote_key}" for spec in specs]
    sources = " and ".join(names)
    word = "related_name" if specs[0].many else "relation"
    return InvalidArgument(
        f"{model.__name__}: {sources} both tell a relation {specs[0].name!r}. Set metadata {word!r} to give one another name."
    )


class InferredRelation(Relation):
    """A relation without an attribute."""

    __slots__ = ()

    def __init__(self, owner: type, spec: RelationSpec) -> None:
        super().__init__(owner, spec.name, None, RelationOptions(None, None, "select", spec.many, None))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    @property
    def collection(self) -> Any:
        """`list`."""
        return list


def _link(owner: type, spec: RelationSpec) -> Link:
    table, target = table_of(owner), table_of(spec.model)
    pair = (table.column(spec.local_key), target.column(spec.remote_key))
    made = InferredRelation(owner, spec)
    made._link = Link(made, table, spec.model, target, (pair,), belongs=not spec.many)
    return made._link
