"""One annotation, read by itself and on first use: another one's forward reference cannot break it (and does not need to)."""

from __future__ import annotations

import types
import typing
from typing import Any, ForwardRef, get_args, get_origin

from ferrow.errors import ModelError
from ferrow.model.alias import meant
from ferrow.model.mapped import Mapped
from ferrow.model.registry import anywhere
from ferrow.model.scope import Missing, Scope, kept, missing

_NOTHING: dict[str, Any] = {}


class Resolved:
    """What an annotation says.

    `python` is the type without `Mapped`, `Annotated` and `None` (None: there was no annotation), `nullable` whether None was among it,
    `metadata` what `Annotated` added, `unknown` the names that could not be found.
    """

    __slots__ = ("metadata", "nullable", "python", "unknown")

    def __init__(self, python: Any, nullable: bool, metadata: tuple[Any, ...], unknown: tuple[str, ...]) -> None:
        self.python: Any = python
        self.nullable: bool = nullable
        self.metadata: tuple[Any, ...] = metadata
        self.unknown: tuple[str, ...] = unknown


class Annotation:
    """The annotation of attribute `key` of `cls`, written in the body of class `owner` (which may be a base of the model)."""

    __slots__ = ("_resolved", "cls", "key", "owner", "raw")

    def __init__(self, owner: type, key: str, raw: Any, cls: type | None = None) -> None:
        self.owner: type = owner
        self.cls: type = owner if cls is None else cls
        self.key: str = key
        self.raw: Any = raw
        self._resolved: Resolved | None = None

    def resolve(self) -> Resolved:
        """Read the annotation. Names that do not exist yet are tried again the next time."""
        if self._resolved is not None:
            return self._resolved
        scope = Scope(self.owner)
        python, nullable, metadata = self._strip(self.raw, scope)
        resolved = Resolved(python, nullable, tuple(metadata), tuple(scope.unknown))
        if not scope.unknown:
            self._resolved = resolved
        return resolved

    def complete(self) -> Resolved:
        """Like `resolve`, but raise ModelError if a name cannot be found: now the type itself is needed."""
        resolved = self.resolve()
        if resolved.unknown:
            raise self._unknown(resolved.unknown[0])
        return resolved

    def evaluated(self, part: Any) -> Any:
        """Turn `part` of the resolved type into a type if it is still text (`list["Post"]`); ModelError if it cannot be found."""
        scope = Scope(self.owner)
        found = self._evaluate(part.__name__ if isinstance(part, Missing) else part, scope)
        if scope.unknown:
            models = anywhere(scope.unknown[0])
            if len(models) == 1 and isinstance(found, Missing):
                return models[0]
            raise self._unknown(scope.unknown[0], models)
        return found

    def _evaluate(self, part: Any, scope: Scope) -> Any:
        if isinstance(part, ForwardRef):
            scope.update(kept(part))
            part = part.__forward_arg__
        if not isinstance(part, str):
            return part
        try:
            return eval(part, _NOTHING, scope)
        except Exception:  # whatever it says, only who needs this type is to hear of it
            scope.unknown.append(part)
            return missing(part)

    def _strip(self, part: Any, scope: Scope) -> tuple[Any, bool, list[Any]]:
        nullable = False
        metadata: list[Any] = []
        while True:
            part = self._evaluate(part, scope)
            if isinstance(part, str):  # quoted twice: by the user, and by `from __future__ import annotations`
                continue
            origin = get_origin(part)
            if origin is Mapped or origin is typing.Final:
                part = get_args(part)[0]
            elif origin is typing.Annotated:
                metadata.extend(part.__metadata__)
                part = part.__origin__
            elif origin in (typing.Union, types.UnionType):
                members = [member for member in get_args(part) if member is not types.NoneType]
                nullable = nullable or len(members) < len(get_args(part))
                if len(members) != 1:
                    return part, nullable, metadata
                part = members[0]
            elif origin is typing.Literal and None in get_args(part):
                nullable = True
                part = typing.Literal[tuple([value for value in get_args(part) if value is not None])]
            elif isinstance(part, typing.NewType):
                part = part.__supertype__
            elif (aliased := meant(part)) is not part:
                part = aliased
            else:
                return part, nullable, metadata

    @property
    def where(self) -> str:
        """Class and attribute, for messages."""
        return f"{self.owner.__qualname__}.{self.key}"

    def _unknown(self, name: str, models: list[type] | None = None) -> ModelError:
        if models:
            places = ", ".join(sorted(model.__module__ for model in models))
            return ModelError(
                f"{self.where}: {name!r} is not known in module {self.owner.__module__}, and several models have that name "
                f"(in {places}). Import the one that is meant."
            )
        return ModelError(
            f"{self.where}: {name!r} in its annotation is not known in module {self.owner.__module__}. Import it there "
            "(not only under TYPE_CHECKING), or give the column its type: mapped_column(type_=...)."
        )
